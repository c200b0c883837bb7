"""This server beside a stock Rasa set-up trained on the same examples: ``make bench``; see docs/measurements.md."""
