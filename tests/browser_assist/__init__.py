"""The agents' console in a real browser, against the running server, with simulated callers."""
