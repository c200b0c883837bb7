"""Measuring the whole assistant on question files: ``python -m bot evaluate`` (``make eval``)."""
