"""PostgreSQL hangs, and closes no connection; or somebody holds a lock in it: nobody waits for long, nothing piles up."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psutil
import psycopg2
import pytest
import requests
import sqlalchemy as sa

from bot.channels.web_store import MessageRow
from bot.state.patience import PATIENCE_SECONDS
from knowledge.models import FactRow
from knowledge.postgres import ANSWER_SECONDS, open_postgres, unhurried
from tests.many.citizens import HOTLINE
from tests.many.machines import Machines
from tests.many.test_failures import assert_honest, going_on
from tests.serving import Server
from tests.web.visitor import Visitor

SOON_SECONDS = PATIENCE_SECONDS + 4
"""For a slow machine: in itself a request takes half a second more than the patience."""
MORE_THREADS = 40


def test_a_postgres_that_hangs_is_told_of_in_time_and_got_over(many: Machines, capsys: pytest.CaptureFixture[str]) -> None:
    visitors = [Visitor(many.servers[n % 2], "乐山市") for n in range(30)]
    before = max(map(_threads, many.servers))
    with going_on(many, "PostgreSQL hung", capsys):
        with many.postgres.hanging(), ThreadPoolExecutor(50) as pool:
            told = [pool.submit(_ask, visitor) for visitor in visitors]
            told += [pool.submit(_open, server, "/guide") for server in many.servers for _ in range(4)]
            told += [pool.submit(_ask_on_wechat, many) for _ in range(8)]
            _goes_on(many)
            assert max(map(_threads, many.servers)) < before + MORE_THREADS
            for wait, status, sentence in (each.result() for each in told):
                assert (status, HOTLINE in sentence) == (503, True)
                assert wait < SOON_SECONDS, sentence
            for server in many.servers:
                assert not server.becomes(503)["state"]
            assert_honest(many)
        for server in many.servers:
            server.becomes(200)


def test_a_lock_that_somebody_holds_ends_no_turn_but_those_that_need_it(many: Machines) -> None:
    visitor, server = Visitor(many.servers[0], "乐山市"), many.servers[1]
    with _locked(server.environment["YIBAO_STATE"], MessageRow.__tablename__), ThreadPoolExecutor(20) as pool:
        told = [pool.submit(_ask, visitor) for _ in range(20)]
        assert server.say("产检费怎么报销", "elsewhere")[1][0]["type"] == "answer"
        for wait, status, sentence in (each.result() for each in told):
            assert (status, HOTLINE in sentence) == (503, True)
            assert wait < SOON_SECONDS
    assert visitor.send("产检费怎么报销").ok


def test_a_lock_in_the_knowledge_base_holds_up_nothing_else(many: Machines) -> None:
    server = many.servers[0]
    with _locked(server.environment["YIBAO_DATABASE"], FactRow.__tablename__), ThreadPoolExecutor(6) as pool:
        told = [pool.submit(server.say, "产检费怎么报销", f"citizen {n}") for n in range(6)]
        _goes_on(many)
        for texts, payloads in (each.result() for each in told):
            assert payloads[0]["type"] == "fallback"
            assert HOTLINE in texts[0]
    assert server.say("产检费怎么报销", "citizen 0")[1][0]["type"] == "answer"


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
        assert not connection.connection.dbapi_connection.hurried
    with engine.connect() as connection:
        assert connection.connection.dbapi_connection.hurried
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


@contextmanager
def _locked(url: str, table: str) -> Iterator[None]:
    """Somebody holds a table, and it is not we."""
    holder = psycopg2.connect(url.replace("+psycopg2", ""))
    try:
        holder.cursor().execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield
    finally:
        holder.close()


Told = tuple[float, int, str]
"""After how many seconds, the status, the words."""


def _ask(visitor: Visitor) -> Told:
    started = time.monotonic()
    response = visitor.send("产检费怎么报销")
    return time.monotonic() - started, response.status_code, response.json().get("error", "")


def _open(server: Server, path: str) -> Told:
    started = time.monotonic()
    response = requests.get(server.address + path, headers={"Accept": "text/html"}, timeout=60)
    return time.monotonic() - started, response.status_code, response.text


def _ask_on_wechat(many: Machines) -> Told:
    """WeChat shows words, whatever the status."""
    started = time.monotonic()
    words = many.wechat_answer("产检费怎么报销")
    return time.monotonic() - started, 503, words


def _goes_on(many: Machines) -> None:
    """For some seconds, work that needs no database is done as ever."""
    for _ in range(5):
        for server in many.servers:
            for path in ("/health", "/widget.js"):
                wait, status, _ = _open(server, path)
                assert status == 200
                assert wait < 2
        time.sleep(0.4)


def _threads(server: Server) -> int:
    return int(psutil.Process(server.process.pid).num_threads())
