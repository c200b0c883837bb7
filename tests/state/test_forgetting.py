"""What is kept of a person goes when they ask for it, out of every table, and nobody else's does."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.channels.web_store import conversation_of
from bot.channels.wechat.people import person_of
from bot.forgetting import BY_PERSON, find_person, forget
from bot.privacy import hashed
from bot.state.database import open_state
from bot.state.documents import open_documents
from bot.state.schema import upgrade
from bot.state.tables import KEEPING, METADATA, STAYING
from bot.state.times import now
from tests.conftest import MakeUrl
from tests.state import conftest
from tests.state.conftest import Run

SECRET = conftest.SECRET.encode()
TOKEN, OPEN_ID = "the-token-of-a-visitor", "oABCDEFGHIJKLMNOPQRSTUVWXYZ0"
WEB = conversation_of(SECRET, TOKEN)
WECHAT = f"wechat:{person_of(SECRET, 'a_b', OPEN_ID)}"
OTHERS = (conversation_of(SECRET, "another token"), f"wechat:{person_of(SECRET, 'a_b', 'another')}")
OF_A_CONVERSATION = {
    "web_messages",
    "web_conversations",
    "desk_words",
    "desk_conversations",
    "recent_turns",
    "conversation_memory",
    "learning",
    "ratings",
}


def test_every_table_says_how_its_rows_go_or_why_they_stay() -> None:
    """A new table fails here until ``bot/state/tables.py`` says which."""
    going, staying = [keeping.row.__tablename__ for keeping in KEEPING], [row.__tablename__ for row in STAYING]
    assert sorted(going + staying) == sorted(METADATA.tables)
    assert all(STAYING.values())


def _shared(state: Engine, redis: Any = None) -> Any:
    return SimpleNamespace(state=state, redis=redis, settings=SimpleNamespace(secret=SECRET))


def _keep(state: Engine, conversation: str, time: datetime.datetime) -> None:
    """A conversation that has left something in every table that conversations leave something in."""
    with state.begin() as connection:

        def add(table: str, **values: Any) -> Any:
            return connection.execute(sa.insert(METADATA.tables[table]).values(values)).inserted_primary_key

        add("web_conversations", id=conversation, used_at=time, seq=1, with_person=False)
        add("web_messages", conversation=conversation, seq=1, sender="citizen", at=time, text="怎么报销")
        desk = add("desk_conversations", conversation=conversation, state="taken", since=time, until=time).id
        add("desk_words", desk_id=desk, delivered=True, speaker="citizen", text="怎么报销", at=time)
        add("recent_turns", conversation=conversation, at=time, said="怎么报销", answers=[])
        seconds = time.replace(tzinfo=datetime.timezone.utc).timestamp()
        add("conversation_memory", id=hashed(SECRET, conversation), slots={}, spoken_at=seconds)
        question = {"origin": conversation, "kind": "unanswered", "suggested": [], "source": "web", "at": time}
        for state_of_it in ("open", "example"):
            add("learning", about=state_of_it, text="怎么报销", state=state_of_it, **question)
        add("ratings", at=time, conversation=conversation, aspects=[], useful=False, reason="没答到")


@pytest.fixture
def state(database: Engine) -> Engine:
    """Two people of the website and two of WeChat, one of these with two sessions; a call."""
    upgrade(database)
    for conversation in (WEB, f"{WECHAT}:1", f"{WECHAT}:2", OTHERS[0], f"{OTHERS[1]}:1"):
        _keep(database, conversation, now())
    for person in (WECHAT, OTHERS[1]):
        sessions = {"session": 2, "seen_at": now(), "place": "乐山市"}
        row = {"id": person.removeprefix("wechat:"), **sessions}
        with database.begin() as connection:
            connection.execute(sa.insert(METADATA.tables["wechat_people"]).values(row))
        open_documents(_shared(database)).change(person, lambda box: box.update(kept=["请带身份证"]), 60)
    with database.begin() as connection:
        call = {"id": "c" * 32, "revision": 1, "since": now(), "external_id": "pbx-1", "document": {}}
        connection.execute(sa.insert(METADATA.tables["calls"]).values(call))
        asked = {"origin": "c" * 32, "kind": "wrong", "about": "", "suggested": [], "source": "call", "at": now()}
        connection.execute(sa.insert(METADATA.tables["learning"]).values(text="怎么报销", state="open", **asked))
    return database


def _forget(state: Engine, who: str) -> dict[str, int]:
    """The tables that something was deleted from, and how much."""
    gone = forget(_shared(state), find_person(state, SECRET, who), BY_PERSON)
    return {table: rows for table, rows in gone.items() if rows}


def _kept(state: Engine) -> str:
    """Everything that is kept, but the audit log."""
    with state.connect() as connection:
        tables = (table for name, table in METADATA.tables.items() if name != "audit")
        return "\n".join(str(row) for table in tables for row in connection.execute(sa.select(table)))


@pytest.mark.parametrize("who", [f"web:{TOKEN}", WEB], ids=["by token", "by hash"])
def test_a_visitor_of_the_website_is_forgotten(state: Engine, who: str) -> None:
    assert _forget(state, who) == dict.fromkeys(OF_A_CONVERSATION, 1) | {"learning": 2}
    kept = _kept(state)
    assert WEB not in kept
    assert hashed(SECRET, WEB) not in kept
    assert all(other in kept for other in (WECHAT, *OTHERS))


@pytest.mark.parametrize("who", [f"wechat:a_b:{OPEN_ID}", WECHAT, f"{WECHAT}:2"], ids=["by open id", "by hash", "by session"])
def test_a_person_on_wechat_is_forgotten_with_all_their_sessions(state: Engine, who: str) -> None:
    gone = dict.fromkeys(OF_A_CONVERSATION, 2) | {"learning": 4, "wechat_people": 1, "documents": 1}
    assert _forget(state, who) == gone
    kept = _kept(state)
    assert WECHAT not in kept
    assert not any(hashed(SECRET, f"{WECHAT}:{n}") in kept for n in (1, 2))
    assert all(other in kept for other in (WEB, *OTHERS))


def test_a_mailbox_in_redis_goes_as_well(state: Engine, redis_url: str) -> None:
    import redis

    shared = _shared(state, redis.Redis.from_url(redis_url))
    open_documents(shared).change(WECHAT, lambda box: box.update(kept=["请带身份证"]), 60)
    assert forget(shared, find_person(state, SECRET, WECHAT), BY_PERSON)["documents"] == 1
    assert open_documents(shared).get(WECHAT) == {}


@pytest.mark.parametrize("who", ["call:pbx-1", f"call:{'c' * 32}"])
def test_a_call_is_forgotten_by_its_own_number_or_the_telephone_systems(state: Engine, who: str) -> None:
    assert _forget(state, who) == {"calls": 1, "learning": 1}


def test_a_sender_of_the_rest_door_is_forgotten(state: Engine) -> None:
    with state.begin() as connection:
        row = {"id": hashed(SECRET, "somebody"), "slots": {}, "spoken_at": 0.0}
        connection.execute(sa.insert(METADATA.tables["conversation_memory"]).values(row))
    assert _forget(state, "rest:somebody") == {"conversation_memory": 1}


@pytest.mark.parametrize("who", ["", "web", "web:", "wechat:a_b", "wechat::x", "wechat:a:b:c:d", "rest:", "call:", "somebody"])
def test_who_is_nobodys_name_is_refused(state: Engine, who: str) -> None:
    before = _kept(state)
    with pytest.raises(ValueError, match="nobody's name"):
        _forget(state, who)
    assert _kept(state) == before


def test_somebody_unknown_takes_nothing_with_them(state: Engine) -> None:
    before = _kept(state)
    assert _forget(state, "web:unknown") == _forget(state, "wechat:a_b:unknown") == _forget(state, "wechat:aXb:unknown") == {}
    assert _kept(state) == before


def test_the_audit_log_says_that_it_was_done_and_names_nobody(state: Engine) -> None:
    for who in (f"web:{TOKEN}", f"wechat:a_b:{OPEN_ID}", "call:pbx-1", "rest:13800000000"):
        _forget(state, who)
    with state.connect() as connection:
        entries = connection.execute(sa.text("SELECT who, what, subject FROM audit ORDER BY id")).all()
    assert [(who, what) for who, what, _ in entries] == [("the person", "person_forgotten")] * 4
    subjects = [subject for _, _, subject in entries]
    assert subjects[:2] == [WEB, WECHAT]
    assert all(len(subject) == 32 for subject in subjects[2:])


def test_the_command_forgets_and_says_how_much(run: Run, make_url: MakeUrl) -> None:
    url = make_url("sqlite")
    upgrade(open_state(url))
    _keep(open_state(url), WEB, now())
    said = run(url, "forget", f"web:{TOKEN}")
    assert "web_messages\t1\n" in said
    assert "calls\t0\n" in said
    assert "nothing was kept of this person" in run(url, "forget", f"web:{TOKEN}")
