"""Who may do what, and tokens that are stolen, old or made up."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.accounts import people, sessions
from bot.accounts.sessions import TokenRow
from tests.assist.conftest import Person
from tests.serving import Server

REACH = {
    "/calls": {"agent", "supervisor", "system"},
    "/desk": {"agent", "supervisor"},
    "/duty": {"agent", "supervisor"},
    "/learning": {"clerk", "supervisor"},
    "/day": {"supervisor"},
    "/audit": {"supervisor"},
    "/guides": {"agent", "supervisor", "clerk", "system"},
    "/search?q=备案": {"agent", "supervisor", "clerk", "system"},
}


@pytest.mark.parametrize("role", people.ROLES)
def test_a_role_reaches_what_it_is_for_and_nothing_else(by_token: Callable[[str], Person], role: str) -> None:
    person = by_token(role)
    for path, roles in REACH.items():
        assert person.ask("GET", path).status_code == (200 if role in roles else 403), (role, path)


@pytest.mark.parametrize("path", [*REACH, "/session"])
def test_nobody_unknown_sees_anything(server: Server, path: str) -> None:
    assert Person(server).ask("GET", path).status_code == 401
    assert Person(server, token="made up").ask("GET", path).status_code == 401


def test_a_token_expires_and_a_stolen_one_is_ended(server: Server, state: Engine) -> None:
    name = f"telephone-{uuid.uuid4().hex[:8]}"
    people.add(state, name, people.SYSTEM, None)
    old, stolen = (Person(server, sessions.make_token(state, name, 1)) for _ in range(2))
    assert old.ask("GET", "/calls").status_code == 200
    with state.begin() as connection:
        over = datetime.datetime.utcnow() - datetime.timedelta(seconds=1)
        one = sa.update(TokenRow).where(TokenRow.hash == sessions._hash(str(old.token)))
        connection.execute(one.values(expires=over))
    assert old.ask("GET", "/calls").status_code == 401
    assert stolen.ask("GET", "/calls").status_code == 200
    sessions.end_all(state, name)
    assert stolen.ask("GET", "/calls").status_code == 401


def test_a_telephone_system_has_no_password(server: Server, state: Engine) -> None:
    with pytest.raises(ValueError, match="no password"):
        people.add(state, "exchange", people.SYSTEM, "a long enough password")


def test_every_look_at_a_call_is_in_the_audit_log_and_nothing_that_was_said(agent: Person, supervisor: Person) -> None:
    call = agent.open_call()
    agent.push(call, "我想问一下住院费用怎么报销")
    agent.get(f"/calls/{call}")
    agent.post(f"/calls/{call}/close", {"outcome": "answered", "note": "已说明"})
    me = agent.get("/session")["user"]["name"]
    entries = supervisor.get(f"/audit?subject={call}")["entries"]
    assert [(e["who"], e["what"]) for e in entries] == [(me, "call_close"), (me, "call_read"), (me, "call_open")]
    assert "住院" not in str(supervisor.get("/audit"))
