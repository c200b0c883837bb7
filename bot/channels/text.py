"""What every front door does with the words of the public before they reach Rasa."""

from __future__ import annotations

LONGEST_MESSAGE = 10_000


def public_text(text: str) -> str:
    """The text, at most :data:`LONGEST_MESSAGE` characters, without leading slashes and what no database stores.

    A slash is Rasa's way to name an intent: not for the public. Half a surrogate pair and the NUL character are no text.
    """
    return text.encode("utf-8", "ignore").decode().replace("\0", "").lstrip("/ ")[:LONGEST_MESSAGE]
