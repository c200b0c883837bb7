"""Logging in, staying logged in, being locked out."""

from __future__ import annotations

import datetime
import uuid

import pytest
import requests
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.accounts import people, sessions
from bot.accounts.people import AccountRow, LoginRow
from bot.accounts.sessions import SessionRow
from tests.assist.conftest import PASSWORD, Person, log_in
from tests.serving import Server


@pytest.fixture
def name(state: Engine) -> str:
    """An agent's account."""
    name = f"agent-{uuid.uuid4().hex[:8]}"
    people.add(state, name, "agent", PASSWORD)
    return name


def logged_in(server: Server, name: str) -> Person:
    response = log_in(server, name)
    assert response.status_code == 200, response.text
    return Person(server, cookies=response.cookies, csrf=response.json()["csrf"])


def test_a_session_is_a_cookie_that_no_script_and_no_other_site_gets(server: Server, name: str) -> None:
    response = log_in(server, name)
    cookie = response.headers["Set-Cookie"]
    assert response.json()["user"] == {"name": name, "role": "agent"}
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/assist" in cookie


def test_a_write_must_repeat_the_csrf_token(server: Server, name: str) -> None:
    person = logged_in(server, name)
    assert person.ask("POST", "/calls", {}).status_code == 201
    person.csrf = "0" * 64
    assert person.ask("POST", "/calls", {}).status_code == 403
    person.csrf = ""
    assert person.ask("POST", "/calls", {}).status_code == 403
    assert person.ask("GET", "/calls").status_code == 200


def test_another_sites_page_cannot_log_anyone_in(server: Server, name: str) -> None:
    address = f"{server.address}/assist/api/session"
    form = requests.post(address, data={"name": name, "password": PASSWORD}, timeout=60)
    assert form.status_code == 400
    body, elsewhere = {"name": name, "password": PASSWORD}, {"Sec-Fetch-Site": "cross-site"}
    assert requests.post(address, json=body, headers=elsewhere, timeout=60).status_code == 403


def test_who_logs_out_is_out(server: Server, name: str) -> None:
    person = logged_in(server, name)
    assert person.ask("DELETE", "/session").status_code == 204
    assert person.ask("GET", "/session").status_code == 401


@pytest.mark.parametrize(
    ("column", "ago"), [("seen", sessions.IDLE), ("begun", sessions.LONGEST)], ids=["unused for long", "too old"]
)
def test_a_session_expires(server: Server, state: Engine, name: str, column: str, ago: datetime.timedelta) -> None:
    person = logged_in(server, name)
    assert person.ask("GET", "/session").status_code == 200
    then = datetime.datetime.utcnow() - ago - datetime.timedelta(minutes=1)
    with state.begin() as connection:
        connection.execute(sa.update(SessionRow).where(SessionRow.name == name).values({column: then}))
    assert person.ask("GET", "/session").status_code == 401


def test_five_wrong_passwords_lock_even_the_right_one_out_and_time_opens_it(server: Server, state: Engine, name: str) -> None:
    for _ in range(people.MOST_FAILURES):
        assert log_in(server, name, "wrong").status_code == 401
    locked = log_in(server, name)
    assert locked.status_code == 423
    assert "以后再试" in locked.json()["error"]
    with state.begin() as connection:
        over = datetime.datetime.utcnow() - datetime.timedelta(seconds=1)
        connection.execute(sa.update(LoginRow).where(LoginRow.name == name).values(locked_until=over))
    assert log_in(server, name, "wrong").status_code == 401
    assert log_in(server, name).status_code == 200


def test_a_lock_does_not_tell_whether_the_name_exists(server: Server, name: str) -> None:
    nobody = f"nobody-{uuid.uuid4().hex[:8]}"
    answers = [
        [(r.status_code, r.json()["error"][:8]) for r in (log_in(server, who, "wrong") for _ in range(6))]
        for who in (name, nobody)
    ]
    assert answers[0] == answers[1]
    assert answers[0][-1][0] == 423


def test_a_disabled_account_is_out_at_once(server: Server, state: Engine, name: str) -> None:
    person = logged_in(server, name)
    people.disable(state, name)
    assert person.ask("GET", "/session").status_code == 401
    assert log_in(server, name).status_code == 401


def test_no_password_and_no_session_can_be_read_from_the_database(server: Server, state: Engine, name: str) -> None:
    person = logged_in(server, name)
    with state.connect() as connection:
        password = connection.execute(sa.select(AccountRow.password).where(AccountRow.name == name)).scalar_one()
        hashes = connection.execute(sa.select(SessionRow.hash).where(SessionRow.name == name)).scalars().all()
    assert password.startswith("$argon2id$")
    assert person.cookies["assist_session"] not in hashes


@pytest.mark.parametrize("password", ["", "short", "123456789"])
def test_a_short_password_is_refused(state: Engine, password: str) -> None:
    with pytest.raises(ValueError, match="too short"):
        people.add(state, f"agent-{uuid.uuid4().hex[:8]}", "agent", password)
