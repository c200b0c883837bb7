"""A server that is told to stop says so, ends its streams, answers what it has begun, and goes."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import requests

from bot.accounts import people, sessions
from bot.state.database import open_state
from tests.assist.conftest import Person
from tests.watch.conftest import talkative, value
from tests.web.visitor import DOOR, Visitor

DRAIN_SECONDS = 2


def test_a_stop_ends_open_streams_answers_what_is_asked_meanwhile_and_takes_seconds(tmp_path: Path) -> None:
    server = talkative(tmp_path, YIBAO_DRAIN_SECONDS=str(DRAIN_SECONDS))
    state = open_state(server.environment["YIBAO_STATE"])
    people.add(state, "one", "agent", "a long enough password")
    agent, visitor = Person(server, sessions.make_token(state, "one", 1)), Visitor(server)
    call, session = agent.open_call(), requests.Session()
    streams = [
        agent.ask("GET", f"/calls/{call}/events", stream=True),
        agent.ask("GET", "/desk/events", stream=True),
        requests.get(f"{server.address}{DOOR}/events", headers=visitor.headers, stream=True, timeout=60),
    ]
    session.get(f"{server.address}/health", timeout=60)  # leaves an idle connection
    assert value(server, "yibao_streams", channel="assist") == 2
    assert value(server, "yibao_streams", channel="web") == 1
    ended: list[int] = []
    readers = [threading.Thread(target=lambda s=each: ended.append(len(s.content))) for each in streams]
    for reader in readers:
        reader.start()

    began = time.monotonic()
    server.process.terminate()
    told = server.becomes(503)
    assert (told["stopping"], told["ready"], told["model"]) == (True, False, True)
    assert visitor.send("住院费用怎么报销").json()["replies"]
    assert server.process.wait(timeout=60) == 0
    assert time.monotonic() - began < DRAIN_SECONDS + 12  # some two seconds here; a slow machine is no fault
    for reader in readers:
        reader.join(timeout=10)
    assert len(ended) == len(streams)
