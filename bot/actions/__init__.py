"""Rasa's custom actions: thin edges around ``bot.answering``. Both ``rasa run actions`` and the server find them here."""

from bot.actions.actions import ActionAnswer, ActionHandOff, ActionMore, ActionRepeat, ActionReport, ActionStartOver

__all__ = ["ActionAnswer", "ActionHandOff", "ActionMore", "ActionRepeat", "ActionReport", "ActionStartOver"]
