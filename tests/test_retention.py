"""What people said is deleted when its time is over, and not sooner."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.channels.web_store import ConversationRow, WebStore
from bot.desk.talk_so_far import TurnRow, note_turn, talk_so_far
from bot.retention import forget_old
from bot.runtime.memory import MemoryRow
from bot.services import services
from bot.state.schema import upgrade
from bot.state.times import now


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("YIBAO_STATE", f"sqlite:///{tmp_path / 'state.sqlite'}")
    monkeypatch.setenv("YIBAO_SECRET", "for tests only")
    services.cache_clear()
    upgrade(services().state)
    yield services().state
    services.cache_clear()


def _count(state: Engine, table: type) -> int:
    with Session(state) as session:
        return int(session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_the_last_turns_are_kept_for_a_day_only(state: Engine) -> None:
    for conversation, hours in (("web:old", 25), ("web:new", 23)):
        asyncio.run(note_turn(conversation, "住院怎么报销", ["带这些材料"]))
        with state.begin() as connection:
            turn = sa.update(TurnRow.__table__).where(TurnRow.conversation == conversation)
            connection.execute(turn.values(at=now() - datetime.timedelta(hours=hours)))
    forget_old(state, keep_days=30)
    assert talk_so_far(state, "web:old") == []
    assert [said.text for said in talk_so_far(state, "web:new")] == ["住院怎么报销", "带这些材料"]


def test_conversations_are_kept_as_long_as_is_set(state: Engine) -> None:
    for days in (31, 29):
        then = now() - datetime.timedelta(days=days)
        WebStore(state).open(f"web:{days}", None)
        with Session(state) as session, session.begin():
            session.get(ConversationRow, f"web:{days}").used_at = then
            spoken = then.replace(tzinfo=datetime.timezone.utc).timestamp()
            session.add(MemoryRow(id=str(days), slots={}, spoken_at=spoken))
    forget_old(state, keep_days=30)
    assert (_count(state, ConversationRow), _count(state, MemoryRow)) == (1, 1)
    forget_old(state, keep_days=28)
    assert (_count(state, ConversationRow), _count(state, MemoryRow)) == (0, 0)
