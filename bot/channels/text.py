"""What every front door does with the words of the public before they reach Rasa."""

from __future__ import annotations

LONGEST_MESSAGE = 10_000


def public_text(text: str) -> str:
    """The text, at most :data:`LONGEST_MESSAGE` characters, without leading slashes.

    A slash is Rasa's way to name an intent: not for the public.
    """
    return text.lstrip("/ ")[:LONGEST_MESSAGE]
