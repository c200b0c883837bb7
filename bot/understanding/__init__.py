"""Understanding one message: pure functions and models. ``bot/nlu`` makes them Rasa graph components."""
