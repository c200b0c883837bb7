"""Rasa graph components: the thin edge between ``bot.understanding`` and Rasa. ``config.yml`` lists them in order."""
