"""Turns as the understanding would hand them over, made by hand."""

from __future__ import annotations

from bot.answering.context import Turn
from bot.understanding.circumstances import Found
from bot.understanding.places import Mention

SURE = 0.97


def asking(
    text: str,
    intent: str,
    *aspects: str,
    places: tuple[tuple[str, str], ...] = (),
    stated: tuple[str, ...] = (),
    denied: tuple[str, ...] = (),
    named: str | None = None,
    channel: str | None = None,
    probability: float = SURE,
    also: tuple[tuple[str, float], ...] = (),
) -> Turn:
    """A message of one intent, with what was found in it. ``places`` are pairs of path and role."""
    mentions = tuple(Mention(0, 0, path.split("/")[-1], (path,), role) for path, role in places)
    return Turn(
        text, ((intent, probability), *also), mentions, aspects, Found(stated, denied), named_item=named, channel_region=channel
    )
