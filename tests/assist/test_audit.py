"""The audit log of a screen that looks every few seconds."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.accounts import audit
from bot.state.times import now
from tests.assist.conftest import Person


def test_a_list_looked_at_again_and_again_is_noted_once_for_each_call_it_shows(
    by_token: Callable[[str], Person], supervisor: Person
) -> None:
    agent = by_token("agent")
    me = agent.get("/session")["user"]["name"]
    first = agent.open_call()
    for _ in range(3):
        agent.get("/calls")
    second = agent.open_call()
    for _ in range(3):
        agent.get("/calls")
    seen = [entry["subject"] for entry in supervisor.get(f"/audit?who={me}")["entries"] if entry["what"] == "calls_list"]
    assert seen.count(first) == 1
    assert seen.count(second) == 1


def test_everybody_who_saw_a_call_in_the_list_is_noted(by_token: Callable[[str], Person], supervisor: Person) -> None:
    people = [by_token("agent"), by_token("supervisor")]
    call = people[0].open_call()
    for person in people:
        person.get("/calls")
    entries = supervisor.get(f"/audit?subject={call}")["entries"]
    assert len({entry["who"] for entry in entries if entry["what"] == "calls_list"}) == 2


@pytest.mark.parametrize(("later", "times"), [(audit.SEEN_AGAIN - datetime.timedelta(minutes=1), 1), (audit.SEEN_AGAIN, 2)])
def test_who_still_sees_a_call_after_a_while_is_noted_anew(
    state: Engine, by_token: Callable[[str], Person], later: datetime.timedelta, times: int
) -> None:
    agent = by_token("agent")
    name, call = agent.get("/session")["user"]["name"], agent.open_call()
    audit.note_seen(state, name, "calls_list", [call])
    mine = (audit.AuditRow.who == name, audit.AuditRow.subject == call, audit.AuditRow.what == "calls_list")
    with state.begin() as connection:
        connection.execute(sa.update(audit.AuditRow).where(*mine).values(at=now() - later))
    audit.note_seen(state, name, "calls_list", [call])
    with state.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).where(*mine)).scalar() == times
