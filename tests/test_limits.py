"""Rate limits: so many in any minute, each for himself, shared through Redis where there is one."""

from __future__ import annotations

import asyncio

import pytest
import redis

from bot.limits import Limiter
from tests.serving import free_port


class Clock:
    """Time as the test sets it."""

    now = 1_200_000.0

    def __call__(self) -> float:
        return self.now


def asked(limiter: Limiter, who: str, times: int) -> list[int]:
    async def ask() -> list[int]:
        return [await limiter.retry_after(who) for _ in range(times)]

    return asyncio.run(ask())


@pytest.fixture
def shared(redis_url: str) -> redis.Redis:
    client = redis.Redis.from_url(redis_url)
    client.flushdb()
    return client


def test_the_limit_holds_for_each_who_asks() -> None:
    limiter = Limiter("test", 3, clock=Clock())
    assert asked(limiter, "a", 4)[:3] == [0, 0, 0]
    assert asked(limiter, "a", 1)[0] > 0
    assert asked(limiter, "b", 1) == [0]


def test_one_who_waits_as_long_as_told_may_go_on() -> None:
    clock = Clock()
    limiter = Limiter("test", 3, clock=clock)
    *_, wait = asked(limiter, "a", 4)
    clock.now += wait + 20
    assert asked(limiter, "a", 1) == [0]


def test_the_turn_of_a_minute_does_not_double_the_limit() -> None:
    clock = Clock()
    clock.now += 59
    limiter = Limiter("test", 10, clock=clock)
    asked(limiter, "a", 10)
    clock.now += 2
    assert asked(limiter, "a", 10).count(0) <= 1


def test_processes_share_the_limit_through_redis(shared: redis.Redis) -> None:
    clock = Clock()
    first, second = (Limiter("test", 3, shared=shared, clock=clock) for _ in range(2))
    assert asked(first, "a", 2) == [0, 0]
    assert asked(second, "a", 1) == [0]
    assert asked(first, "a", 1)[0] > 0
    assert all(key.split(b":")[3] != b"a" for key in shared.scan_iter())  # who asks is hashed


def test_without_an_answer_from_redis_the_process_counts_for_itself() -> None:
    limiter = Limiter("test", 1, shared=redis.Redis(port=free_port(), socket_connect_timeout=1), clock=Clock())
    assert asked(limiter, "a", 2)[0] == 0
    assert asked(limiter, "a", 1)[0] > 0
