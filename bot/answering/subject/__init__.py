"""What tells which item a message means; ``bot/answering/steps/subject.py`` asks these in their order."""
