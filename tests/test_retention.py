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
from bot.channels.wechat.people import People, PersonRow
from bot.desk import conversations as desk
from bot.desk.talk_so_far import TurnRow, note_turn, talk_so_far
from bot.retention import forget_old
from bot.runtime.memory import MemoryRow
from bot.services import services
from bot.state.ratings import RatingRow, rate
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


def test_a_conversation_on_the_desk_goes_when_it_was_given_back_or_nobody_ever_did(state: Engine) -> None:
    old, new = now() - datetime.timedelta(days=31), now()
    with Session(state) as session, session.begin():
        for n, (since, until) in enumerate([(old, old), (old, None), (old, new), (new, None)], 1):
            session.add(desk.ConversationRow(id=n, conversation=f"web:{n}", state="waiting", since=since, until=until))
            session.add(desk.WordsRow(desk_id=n, speaker="citizen", text="怎么报销", at=since))
    forget_old(state, keep_days=30)
    with Session(state) as session:
        assert session.execute(sa.select(desk.ConversationRow.id).order_by(desk.ConversationRow.id)).scalars().all() == [3, 4]
        assert session.execute(sa.select(desk.WordsRow.desk_id).order_by(desk.WordsRow.id)).scalars().all() == [3, 4]


def test_an_old_rating_still_counts_but_is_nobodys(state: Engine) -> None:
    rating = rate(state, "web:1", {"item": {"id": "maternity_allowance"}}, False, "没答到我问的")
    with Session(state) as session, session.begin():
        session.get(RatingRow, rating).at = now() - datetime.timedelta(days=31)
    rate(state, "web:2", {}, False, "看不懂")
    forget_old(state, keep_days=30)
    with Session(state) as session:
        old, new = session.execute(sa.select(RatingRow).order_by(RatingRow.id)).scalars().all()
    assert (old.conversation, old.reason, old.item, old.useful) == ("", None, "maternity_allowance", False)
    assert (new.conversation, new.reason) == ("web:2", "看不懂")


def test_who_was_long_silent_on_wechat_is_forgotten(state: Engine) -> None:
    people = People(state, silence=1)
    for name, days in (("a:old", 32), ("a:new", 30)):
        people.visit(name)
        with Session(state) as session, session.begin():
            session.get(PersonRow, name).seen_at = now() - datetime.timedelta(days=days)
    forget_old(state, keep_days=30)
    with Session(state) as session:
        assert session.execute(sa.select(PersonRow.id)).scalars().all() == ["a:new"]


def test_what_cannot_be_deleted_today_does_not_keep_the_rest(state: Engine, caplog: pytest.LogCaptureFixture) -> None:
    WebStore(state).open("web:old", None)
    with Session(state) as session, session.begin():
        session.get(ConversationRow, "web:old").used_at = now() - datetime.timedelta(days=31)
        session.execute(sa.text("DROP TABLE web_messages"))
    forget_old(state, keep_days=30)
    assert "web_messages: what is old could not be deleted" in caplog.text
    assert _count(state, ConversationRow) == 0
