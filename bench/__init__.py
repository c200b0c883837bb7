"""Measurements anyone can repeat; see docs/measurements.md."""
