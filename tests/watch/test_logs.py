"""What the log tells: a line a request, its id on every line, and nothing of anybody."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
import uuid
from typing import Any
from urllib.parse import quote

import pytest
import requests

from bot.accounts import people, sessions
from bot.state.database import open_state
from tests.assist.conftest import PASSWORD, Person, log_in
from tests.serving import Server
from tests.watch.faulty_server import TRIGGER
from tests.web.visitor import DOOR, Visitor
from tests.wechat import peer

NAME, NUMBER, PHONE, CARD = "李秀英家", "511102199001011237", "13800138000", "6222021234567890128"
MARKS = (NAME, NUMBER, PHONE, CARD)
SAID = f"我叫{NAME}，身份证{NUMBER}，电话{PHONE}，卡号{CARD}，住院费用怎么报销"


def lines(server: Server) -> list[dict[str, Any]]:
    """Every line of the log, which must be a JSON object."""
    return [json.loads(line) for line in server.log.read_text().splitlines()]


def lines_of(server: Server, request_id: str) -> list[dict[str, Any]]:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if found := [line for line in lines(server) if line.get("request_id") == request_id]:
            return found
        time.sleep(0.05)
    raise AssertionError("nothing was logged")


def ask(server: Server, path: str, method: str = "GET", **named: Any) -> requests.Response:
    return requests.request(method, server.address + path, timeout=60, **named)


def test_a_request_is_one_line_with_its_id_route_channel_status_and_time(watched: Server) -> None:
    mine = uuid.uuid4().hex
    response = ask(
        watched,
        "/webhooks/rest/webhook?private=yes",
        "POST",
        json={"sender": "x", "message": "你好"},
        headers={"X-Request-ID": mine},
    )
    assert response.headers["X-Request-ID"] == mine
    (line,) = lines_of(watched, mine)
    expected = {"level": "info", "event": "request", "channel": "rest", "method": "POST", "status": 200}
    assert line.items() >= expected.items()
    assert line["route"] == "/webhooks/rest/webhook"
    assert line["time"].endswith("Z")
    assert line["ms"] > 0


@pytest.mark.parametrize("given", [None, "short", "x" * 65, "two words here", f"call-{PHONE}", f"{NUMBER}"])
def test_an_id_that_is_none_is_not_taken(watched: Server, given: str | None) -> None:
    response = ask(watched, "/health", headers={"X-Request-ID": given} if given else {})
    assert len(response.headers["X-Request-ID"]) == 32
    assert response.headers["X-Request-ID"] != given


def test_two_requests_over_one_connection_have_an_id_each(watched: Server) -> None:
    with requests.Session() as session:
        ids = [session.get(f"{watched.address}/health", timeout=60).headers["X-Request-ID"] for _ in range(2)]
    assert ids[0] != ids[1]


@pytest.mark.parametrize("path", ["/no/such/address", "/webhooks/wechat/nobody", "/assist/api/calls"])
def test_a_refused_request_has_its_line_too(watched: Server, path: str) -> None:
    response = ask(watched, path)
    assert lines_of(watched, response.headers["X-Request-ID"])[0]["status"] == response.status_code


def test_an_error_in_an_action_bears_the_id_of_the_request(watched: Server) -> None:
    mine = uuid.uuid4().hex
    body = {"sender": uuid.uuid4().hex, "message": f"住院费用怎么报销 {TRIGGER}"}
    ask(watched, "/webhooks/rest/webhook", "POST", json=body, headers={"X-Request-ID": mine})
    (error,) = [line for line in lines_of(watched, mine) if line["level"] == "error"]
    assert error["error"] == "ValueError"
    assert "_fail" in error["trace"][0]


LIBRARIES = f"""
import asyncio, logging, os, threading
import sqlalchemy as sa
import structlog
from bot.settings import load_settings
from bot.watch.logs import configure_logging

configure_logging(load_settings())
library = logging.getLogger("some.library")
library.debug("told at length")
library.warning("kept: %s", "{NAME}")
library.warning('Request to "/x?q={NAME}" failed')
library.error(ValueError("{NAME}"))
logging.getLogger("sqlalchemy.engine").info("SELECT '{NAME}'")
structlog.get_logger("rasa.core").error("rasa.event", text="{NAME}", event_info="{NAME}")
try:
    sa.create_engine("sqlite://", hide_parameters=True).connect().execute(sa.text("select * from no_table"))
except sa.exc.OperationalError:
    logging.getLogger("bot.x").exception("a database fails")

async def fail():
    raise KeyError("{NAME}")

async def forget():
    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    del task
    import gc; gc.collect()
    thread = threading.Thread(target=lambda: int("{NAME}"))
    thread.start(); thread.join()

asyncio.run(forget())
raise RuntimeError("{NAME}")
"""


@pytest.mark.parametrize("form", ["json", "plain"])
def test_of_what_libraries_and_uncaught_errors_say_only_the_fixed_part_is_kept(form: str) -> None:
    environment = os.environ | {"YIBAO_LOG_FORMAT": form, "YIBAO_LOG_LEVEL": "DEBUG", "YIBAO_SECRET": "x"}
    log = subprocess.run([sys.executable, "-c", LIBRARIES], env=environment, capture_output=True, text=True).stderr
    assert NAME not in log
    for told in (
        "kept",
        "Request to",
        "ValueError",
        "rasa.event",
        "no such table",
        "never retrieved",
        "that nobody caught",
    ):
        assert told in log
    assert "told at length" not in log
    if form == "json":
        assert all(json.loads(line)["time"] for line in log.splitlines())


def _public(server: Server) -> None:
    """The public's entrances, with what is right, what is wrong, and what fails."""
    rest = "/webhooks/rest/webhook"
    for text in (SAID, f"{SAID} {TRIGGER}", f"/inform{{{NAME}}}"):
        for query in ("", "?stream=true"):
            ask(server, rest + query, "POST", json={"sender": f"{NAME}-{PHONE}", "message": text, "metadata": {"region": NAME}})
    for body in (SAID.encode(), json.dumps([SAID]).encode(), b"\xff" + SAID.encode()):
        ask(server, rest, "POST", data=body)
    ask(server, f"/api/suggest?q={NAME}{PHONE}{TRIGGER}")
    ask(server, f"/api/suggest?q={SAID}&region={NAME}")
    ask(server, f"/{NAME}/{NUMBER}?phone={PHONE}", headers={"X-Request-ID": f"id-{PHONE}", "Accept": "text/html"})
    ask(server, f"/guide/{NAME}", headers={"Cookie": f"a={NUMBER}", "Referer": f"http://x/{PHONE}"}, allow_redirects=False)
    visitor = Visitor(server)
    for text in (SAID, f"{SAID} {TRIGGER}"):
        reply = visitor.send(text).json()
    visitor.post("ratings", {"seq": reply.get("seq", 1) - 1, "useful": False, "reason": SAID})
    visitor.post("messages", SAID.encode())
    ask(server, f"{DOOR}/messages?after={PHONE}{NAME}", headers={"Authorization": f"Bearer {NAME.encode().hex()}{PHONE}"})


def _wechat(server: Server) -> str:
    person = peer.Person("plain", [f"{server.address}"])
    for text in (SAID, f"{SAID} {TRIGGER}"):
        with contextlib.suppress(requests.Timeout):
            person.attempt(peer.message(person.open_id, Content=text))
    person.post({"signature": NUMBER, "timestamp": PHONE, "nonce": NAME}, SAID.encode(), 30)
    person.post(peer.signed(), SAID.encode(), 30)
    return person.open_id


def _assist(server: Server) -> str:
    state = open_state(server.environment["YIBAO_STATE"])
    people.add(state, "agent-of-the-log", "agent", PASSWORD)
    agent = Person(server, sessions.make_token(state, "agent-of-the-log", 1))
    call = agent.open_call(external_id=f"{PHONE}-{NAME}", line=NAME)
    agent.push(call, SAID, piece=NAME)
    agent.ask("POST", f"/calls/{call}/pieces", {"id": NAME, "speaker": NAME, "text": SAID, "final": True, "at": PHONE})
    agent.ask("GET", f"/search?q={SAID}&region={NAME}")
    agent.ask("GET", f"/{NAME}/{PHONE}")
    agent.ask("POST", f"/calls/{call}/close", {"outcome": "answered", "note": SAID})
    agent.ask("POST", f"/desk/web:{PHONE}/take")
    log_in(server, "agent-of-the-log", PASSWORD)
    log_in(server, NAME, f"{NAME}{PHONE}")
    return str(agent.token)


def test_nothing_of_anybody_is_in_the_log_whatever_comes_in_and_whatever_goes_wrong(watched: Server) -> None:
    _public(watched)
    secrets = [_wechat(watched), _assist(watched), PASSWORD, peer.TOKEN, peer.SECRET, watched.environment["YIBAO_SECRET"]]
    after = uuid.uuid4().hex
    ask(watched, "/health", headers={"X-Request-ID": after})
    lines_of(watched, after)
    log = watched.log.read_text()
    told = json.dumps([line for line in lines(watched)], ensure_ascii=False)
    for mark in (*MARKS, *secrets, "住院费用", quote(NAME), NAME.encode().hex()):
        assert mark not in log, mark
        assert mark not in told, mark
    assert {"bot.watch.requests", "bot.web.problems"} <= {line["logger"] for line in lines(watched)}
