"""PostgreSQL hangs, and closes no connection; or somebody holds a lock in it: nobody waits for long, nothing piles up."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import psycopg2
import pytest
import requests
import sqlalchemy as sa

from bot.state.patience import PATIENCE_SECONDS
from knowledge.postgres import ANSWER_SECONDS, open_postgres, unhurried
from tests.many.citizens import HOTLINE
from tests.many.machines import Machines
from tests.many.test_failures import assert_honest, going_on
from tests.serving import Server
from tests.web.visitor import Visitor

SOON_SECONDS = PATIENCE_SECONDS + 3
"""For a slow machine: in itself a request takes half a second more than the patience."""
MOST_THREADS = 80


def test_a_postgres_that_hangs_is_told_of_in_time_and_got_over(many: Machines, capsys: pytest.CaptureFixture[str]) -> None:
    visitors = [Visitor(many.servers[n % 2], "乐山市") for n in range(30)]
    before = [_threads(server) for server in many.servers]
    with going_on(many, "PostgreSQL hung for 12 s", capsys):
        with many.postgres.hanging(), ThreadPoolExecutor(len(visitors)) as pool:
            end = time.monotonic() + 12
            for server in many.servers:
                assert not server.becomes(503)["state"]
            for wait, status, sentence in pool.map(_ask, visitors):
                assert (status, HOTLINE in sentence) == (503, True)
                assert wait < SOON_SECONDS
            for server in many.servers:
                assert _seconds(server, "/health") < 2
                assert _seconds(server, "/widget.js") < 2
            assert_honest(many)
            assert HOTLINE in many.wechat_answer("产检费怎么报销")
            assert max(map(_threads, many.servers)) < max(before) + MOST_THREADS
            time.sleep(max(0.0, end - time.monotonic()))
        for server in many.servers:
            server.becomes(200)


def test_a_lock_that_somebody_holds_ends_no_turn_but_those_that_need_it(many: Machines) -> None:
    visitor, server = Visitor(many.servers[0], "乐山市"), many.servers[1]
    holder = psycopg2.connect(server.environment["YIBAO_STATE"].replace("+psycopg2", ""))
    try:
        holder.cursor().execute("LOCK TABLE web_messages IN ACCESS EXCLUSIVE MODE")
        with ThreadPoolExecutor(20) as pool:
            asked = [pool.submit(_ask, visitor) for _ in range(20)]
            assert server.say("产检费怎么报销", "elsewhere")[1][0]["type"] == "answer"
            for wait, status, sentence in (each.result() for each in asked):
                assert (status, HOTLINE in sentence) == (503, True)
                assert wait < SOON_SECONDS
    finally:
        holder.close()
    assert visitor.send("产检费怎么报销").ok


def test_while_a_database_hangs_one_asks_and_the_others_are_told_at_once(many: Machines) -> None:
    engine = open_postgres(many.postgres.url, hurried=True)
    ask(engine)
    with many.postgres.hanging():
        assert ANSWER_SECONDS <= ask(engine) < 4 * ANSWER_SECONDS  # a connection from before, then a new one
        trial = threading.Thread(target=ask, args=(engine,))
        trial.start()
        time.sleep(0.3)
        assert ask(engine) < 1
        trial.join()
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT 1")).scalar() == 1
    engine.dispose()


def test_a_statement_ends_in_time_unless_the_work_may_take_long(many: Machines) -> None:
    engine = open_postgres(many.postgres.url, hurried=True)
    long = sa.text(f"SELECT pg_sleep({ANSWER_SECONDS + 0.5})")
    with engine.connect() as connection, pytest.raises(sa.exc.OperationalError, match="statement timeout"):
        connection.execute(long)
    with engine.begin() as connection, unhurried(connection):
        connection.execute(long)
    with engine.connect() as connection, pytest.raises(sa.exc.OperationalError, match="statement timeout"):
        connection.execute(long)
    engine.dispose()


def ask(engine: sa.engine.Engine) -> float:
    """How many seconds it takes to learn that a hung database does not answer, or that another does."""
    started = time.monotonic()
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except sa.exc.OperationalError:
        pass
    return time.monotonic() - started


def _ask(visitor: Visitor) -> tuple[float, int, str]:
    started = time.monotonic()
    response = visitor.send("产检费怎么报销")
    return time.monotonic() - started, response.status_code, response.json().get("error", "")


def _seconds(server: Server, path: str) -> float:
    started = time.monotonic()
    assert requests.get(server.address + path, timeout=30).ok
    return time.monotonic() - started


def _threads(server: Server) -> int:
    return psutil.Process(server.process.pid).num_threads()
