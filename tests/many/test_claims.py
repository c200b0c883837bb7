"""Of two servers that answer one message, or speak with one person, one counts at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from bot.channels import web_store
from bot.channels.web_store import WebStore
from bot.runtime import locks
from bot.runtime.locks import SharedLocks
from bot.state.database import open_state
from bot.state.patience import PATIENCE_SECONDS, patiently
from bot.state.schema import upgrade
from tests.conftest import MakeUrl
from tests.serving import free_port

SECRET = b"for tests only"
CONVERSATION = "web:somebody"


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, make_url: MakeUrl) -> Iterator[WebStore]:
    """With one conversation, on each kind of database."""
    engine = open_state(make_url(request.param))
    upgrade(engine)
    made = WebStore(engine)
    made.open(CONVERSATION, None)
    yield made
    engine.dispose()


def test_a_server_whose_claim_lapsed_neither_answers_nor_gives_up_for_the_other(
    store: WebStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = store.claim(CONVERSATION, "a message", "您好")
    assert not store.claim(CONVERSATION, "a message", "您好").mine
    monkeypatch.setattr(web_store, "CLAIM_SECONDS", -1)
    other = store.claim(CONVERSATION, "a message", "您好")
    monkeypatch.undo()
    assert (slow.mine, other.mine, slow.seq) == (True, True, other.seq)
    store.give_up(CONVERSATION, slow)
    assert not store.claim(CONVERSATION, "a message", "您好").mine
    assert not store.answer(CONVERSATION, slow, [("late", None)], with_person=False)
    assert store.answer(CONVERSATION, other, [("in time", None)], with_person=False)
    assert not store.answer(CONVERSATION, other, [("once more", None)], with_person=False)
    assert [reply["text"] for reply in store.replies(CONVERSATION, other.seq)] == ["in time"]
    assert store.claim(CONVERSATION, "a message", "您好").answered


def test_one_persons_turns_never_overlap_over_two_servers(redis_url: str) -> None:
    inside, most = 0, 0

    async def turn(server: SharedLocks) -> None:
        nonlocal inside, most
        async with server.lock("rest:somebody"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= 1

    async def all_turns() -> None:
        servers = (SharedLocks(redis_url, SECRET), SharedLocks(redis_url, SECRET))
        await asyncio.gather(*(turn(servers[n % 2]) for n in range(20)))

    asyncio.run(all_turns())
    assert most == 1


def test_the_lock_of_a_server_that_died_runs_out(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "LEASE_SECONDS", 0.5)

    async def die_and_go_on() -> float:
        started = time.monotonic()
        dead = SharedLocks(redis_url, SECRET).lock("web:somebody else")
        await dead.__aenter__()  # held by its name: what nobody holds would be let go
        async with SharedLocks(redis_url, SECRET).lock("web:somebody else"):
            return time.monotonic() - started

    assert asyncio.run(die_and_go_on()) >= locks.LEASE_SECONDS  # of a lease without end it would wait, and raise


def test_without_redis_a_turn_is_not_held_up_and_still_takes_its_turn_here(caplog: pytest.LogCaptureFixture) -> None:
    inside, most, done = 0, 0, 0

    async def turn(locks_here: SharedLocks) -> None:
        nonlocal inside, most, done
        async with locks_here.lock("web:somebody"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= 1
            done += 1

    async def turns() -> float:
        started, locks_here = time.monotonic(), SharedLocks(f"redis://127.0.0.1:{free_port()}/0", SECRET)
        await asyncio.gather(*(turn(locks_here) for _ in range(5)))
        return time.monotonic() - started

    assert asyncio.run(turns()) < locks.LEASE_SECONDS  # nobody waits for what cannot be had
    assert (done, most) == (5, 1)
    assert caplog.text.count("a conversation is locked in this process only") == 5


def test_a_database_that_is_away_is_waited_for_and_a_mistake_is_not() -> None:
    away = open_state(f"postgresql+psycopg2://test@127.0.0.1:{free_port()}/state")
    wrong = open_state("sqlite://")

    def ask(engine: sa.engine.Engine) -> float:
        started = time.monotonic()
        with pytest.raises(sa.exc.OperationalError):
            asyncio.run(patiently(_select, engine))
        return time.monotonic() - started

    assert ask(wrong) < PATIENCE_SECONDS / 2 < ask(away)


def _select(engine: sa.engine.Engine) -> None:
    with engine.connect() as connection:
        connection.execute(sa.text("select * from nothing"))
