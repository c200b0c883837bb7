"""What is kept of a conversation between two messages: its slots and when it was last spoken in. Nothing of what was said.

In the state database a conversation is one row, under a hash of who speaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine

from bot.privacy import hashed
from bot.state.database import Base
from bot.state.patience import patiently

_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class MemoryRow(Base):
    """One conversation. ``spoken_at`` is in seconds since 1970."""

    __tablename__ = "conversation_memory"

    id = sa.Column(sa.String(64), primary_key=True)
    slots = sa.Column(sa.JSON, nullable=False)
    spoken_at = sa.Column(sa.Float, nullable=False, index=True)


_RECALLED = sa.select(MemoryRow.slots).where(MemoryRow.id == sa.bindparam("key"))


class ProcessMemory:
    """Conversations that end with the process: for the terminal and the evaluation."""

    def __init__(self) -> None:
        self._slots: dict[str, Mapping[str, Any]] = {}

    async def recall(self, conversation: str) -> Mapping[str, Any]:
        return self._slots.get(conversation, {})

    async def keep(self, conversation: str, slots: Mapping[str, Any], spoken_at: float) -> None:
        self._slots[conversation] = slots


class SharedMemory:
    """Conversations in the state database, shared by every server that uses it."""

    def __init__(self, state: Engine, secret: bytes) -> None:
        self._state = state
        self._secret = secret
        insert = _INSERT[state.dialect.name](MemoryRow.__table__)
        changed = {name: insert.excluded[name] for name in ("slots", "spoken_at")}
        self._kept = insert.on_conflict_do_update(index_elements=["id"], set_=changed)

    async def recall(self, conversation: str) -> Mapping[str, Any]:
        return await patiently(self._read, self._key(conversation))

    async def keep(self, conversation: str, slots: Mapping[str, Any], spoken_at: float) -> None:
        await patiently(self._write, {"id": self._key(conversation), "slots": dict(slots), "spoken_at": spoken_at})

    def _read(self, key: str) -> Mapping[str, Any]:
        with self._state.connect() as connection:
            return connection.execute(_RECALLED, {"key": key}).scalar() or {}

    def _write(self, row: Mapping[str, Any]) -> None:
        with self._state.begin() as connection:
            connection.execute(self._kept, row)

    def _key(self, conversation: str) -> str:
        return hashed(self._secret, conversation)
