"""Words that no message asked for, an agent's: to the front door that keeps the conversation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

Deliver = Callable[[str, str], Awaitable[bool]]
"""Takes a conversation's id and the words; whether they will reach the person."""

_doors: dict[str, Deliver] = {}


def register(prefix: str, deliver: Deliver) -> None:
    """A front door tells how words reach its conversations, those whose ids begin with ``prefix`` and a colon."""
    _doors[prefix] = deliver


async def deliver(conversation: str, text: str) -> bool:
    """Hand the words to the conversation's front door. False when it has none, or when that cannot reach the person."""
    door = _doors.get(conversation.partition(":")[0])
    return await door(conversation, text) if door else False
