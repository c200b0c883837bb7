"""What was said in a conversation before people took over, from Rasa's tracker: it has the talk of every front door."""

from __future__ import annotations

import datetime

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import BotUttered, UserUttered

from bot.desk.conversations import BOT, CITIZEN, Said

_LAST = 40
_stores: list[TrackerStore] = []


def read_talk_from(store: TrackerStore) -> None:
    """Name the tracker store of the loaded agent."""
    _stores[:] = [store]


async def talk_so_far(conversation: str) -> list[Said]:
    """The last things said, oldest first; empty when the tracker store does not know the conversation."""
    tracker = await _stores[0].retrieve(conversation) if _stores else None
    events = [
        event for event in (tracker.events if tracker else ()) if isinstance(event, (UserUttered, BotUttered)) and event.text
    ]
    return [
        Said(
            CITIZEN if isinstance(event, UserUttered) else BOT,
            event.text,
            datetime.datetime.utcfromtimestamp(event.timestamp),
        )
        for event in events[-_LAST:]
    ]
