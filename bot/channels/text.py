"""What every front door does with the words of the public before they reach Rasa."""

from __future__ import annotations

from bot.privacy import mask

LONGEST_MESSAGE = 10_000


def public_text(text: str) -> str:
    """The text, at most :data:`LONGEST_MESSAGE` characters, without personal numbers, without leading slashes.

    A slash is Rasa's way to name an intent: not for the public. Numbers are masked before anything can keep them. Half a
    surrogate pair and the NUL character are no text, and no database stores them.
    """
    return mask(text.encode("utf-8", "ignore").decode().replace("\0", "")[:LONGEST_MESSAGE].lstrip("/ "))
