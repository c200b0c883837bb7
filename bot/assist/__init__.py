"""Beside the hotline agent: what the caller says becomes the right answer on the screen while they still speak."""
