"""What is kept of a conversation between two messages: its slots and when it was last spoken in. Nothing of what was said.

A tracker store of Rasa's. The stock ones keep every event with its text, read all of them for every message, and forget them
at a restart or never. Here a conversation is one row, under a hash of who speaks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine

from bot.privacy import hashed
from bot.state.database import Base

_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class MemoryRow(Base):
    """One conversation. ``spoken_at`` is in seconds since 1970."""

    __tablename__ = "conversation_memory"

    id = sa.Column(sa.String(64), primary_key=True)
    slots = sa.Column(sa.JSON, nullable=False)
    spoken_at = sa.Column(sa.Float, nullable=False, index=True)


class ConversationMemory(TrackerStore):
    """Keeps conversations in the state database, shared by every server that uses it."""

    def __init__(
        self, state: Engine, secret: bytes, domain: Domain | None = None, event_broker: EventBroker | None = None
    ) -> None:
        super().__init__(domain, event_broker)
        self._state = state
        self._secret = secret

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the slots that hold something; a conversation in which nothing was said yet is not kept."""
        await self.stream_events(tracker)
        spoken = tracker.get_last_event_for(UserUttered)
        if spoken is None:
            return
        kept = {name: slot.value for name, slot in tracker.slots.items() if slot.value != slot.initial_value}
        table = MemoryRow.__table__
        row = {"id": self._key(tracker.sender_id), "slots": kept, "spoken_at": spoken.timestamp}
        insert = _INSERT[self._state.dialect.name](table).values(row)
        with self._state.begin() as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=[table.c.id], set_=row))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as if it had just been listened to, or ``None`` if nothing is known of it."""
        with self._state.connect() as connection:
            row = connection.execute(sa.select(MemoryRow.__table__).filter_by(id=self._key(sender_id))).one_or_none()
        if row is None:
            return None
        tracker = self.init_tracker(sender_id)
        tracker.update_with_events(_events(row.slots, row.spoken_at), self.domain)
        return tracker

    async def keys(self) -> Iterable[str]:
        """The hashes under which conversations are kept: who spoke is not known."""
        with self._state.connect() as connection:
            return list(connection.execute(sa.select(MemoryRow.id)).scalars())

    def _key(self, sender_id: str) -> str:
        return hashed(self._secret, sender_id)


def _events(slots: dict[str, Any], spoken_at: float) -> list[Event]:
    """The shortest history that leaves a tracker in this state."""
    return [
        SessionStarted(timestamp=spoken_at),
        *(SlotSet(name, value, timestamp=spoken_at) for name, value in slots.items()),
        ActionExecuted(ACTION_LISTEN_NAME, timestamp=spoken_at),
        UserUttered("", {"name": None, "confidence": 0.0}, timestamp=spoken_at),
        ActionExecuted(ACTION_LISTEN_NAME, timestamp=spoken_at),
    ]
