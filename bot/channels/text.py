"""What every front door does with the words of the public before they reach Rasa."""

from __future__ import annotations

from bot.privacy import mask

LONGEST_MESSAGE = 10_000


def public_text(text: str) -> str:
    """The text, at most :data:`LONGEST_MESSAGE` characters, without personal numbers, without leading slashes.

    A slash is Rasa's way to name an intent: not for the public. Numbers are masked before anything can keep them.
    """
    return mask(text[:LONGEST_MESSAGE].lstrip("/ "))
