"""Alive and ready, and what that means."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from bot.watch.pulse import Pulse
from bot.watch.readiness import Readiness
from tests.serving import Server, free_port, serving
from tests.watch.conftest import value


def test_a_state_database_that_takes_no_writes_is_named_with_since_when_and_nothing_more(watched: Server) -> None:
    path = watched.environment["YIBAO_STATE"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        told = watched.becomes(503)
        assert told.pop("failing")["state"].endswith("Z")
        assert told == {"ready": False, "model": True, "knowledge": True, "state": False}
        assert value(watched, "yibao_ready", part="state") == 0
        assert watched.get("/health")[0] == 200  # to start anew would mend nothing
        other.execute("ROLLBACK")
    watched.becomes(200)


def test_a_redis_that_is_away_is_told_and_sends_nobody_away(tmp_path: Path) -> None:
    with serving(tmp_path, YIBAO_REDIS=f"redis://127.0.0.1:{free_port()}/0") as server:
        told = server.becomes(200)
        assert (told["ready"], told["redis"], told["failing"].keys()) == (True, False, {"redis"})
        assert value(server, "yibao_ready", part="redis") == 0
        assert server.say("住院费用怎么报销")[1][0]["type"] == "answer"


def _ready() -> bool:
    return True


def _look(readiness: Readiness) -> tuple[dict[str, bool], dict[str, str]]:
    return asyncio.run(readiness.look())


def test_a_part_that_does_not_answer_in_time_is_not_ready_and_is_not_asked_again_meanwhile() -> None:
    answers, asked = threading.Event(), []

    def hang() -> bool:
        asked.append(1)
        return answers.wait(60)

    async def look_twice() -> None:
        readiness = Readiness({"sound": _ready, "hanging": hang}, limit=0.1)
        for _ in range(2):
            parts, failing = await readiness.look()
            assert parts == {"sound": True, "hanging": False}
            assert failing.keys() == {"hanging"}
            await asyncio.sleep(1.1)
        assert len(asked) == 1
        answers.set()
        assert (await readiness.look()) == ({"sound": True, "hanging": True}, {})

    asyncio.run(look_twice())


def test_a_part_that_raises_is_not_ready() -> None:
    def fail() -> bool:
        raise ConnectionError("redis://user:secret@host")

    parts, failing = _look(Readiness({"redis": fail}))
    assert parts == {"redis": False}
    assert "secret" not in str(failing)


def test_many_who_ask_at_once_cost_one_look() -> None:
    asked = []

    def check() -> bool:
        time.sleep(0.05)
        asked.append(1)
        return True

    async def ask() -> None:
        readiness = Readiness({"part": check})
        await asyncio.gather(*(readiness.look() for _ in range(50)))
        await readiness.look()

    asyncio.run(ask())
    assert len(asked) == 1


@pytest.mark.parametrize(("times", "late"), [(1, False), (8, True)])
def test_an_event_loop_that_is_held_up_again_and_again_is_late_and_one_that_was_once_is_not(times: int, late: bool) -> None:
    async def run() -> float:
        pulse = Pulse()
        beating = asyncio.create_task(pulse.beat())
        for turn in range(8):
            await asyncio.sleep(0.1)
            if turn < times:
                time.sleep(1.0)
        await asyncio.sleep(0.5)
        beating.cancel()
        return pulse.lag

    assert (asyncio.run(run()) > 0.5) is late
