"""Turns are published to RabbitMQ: what a bureau counts, nothing that was said, and never at the cost of an answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest

from bot.events import TurnEvents
from tests.many.rabbit import RabbitMQ
from tests.serving import Server, free_port, serving

_EVENTS = 6
"""Of one question answered: the question, the action, the answer, three slots."""


@pytest.fixture(scope="module")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMQ]:
    """Not yet started."""
    made = RabbitMQ(tmp_path_factory.mktemp("rabbit"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def publishing(rabbit: RabbitMQ, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that publishes its turns, started and asked before there is a RabbitMQ."""
    with serving(tmp_path_factory.mktemp("publishing"), YIBAO_EVENTS=rabbit.url) as running:
        assert running.say("生育津贴怎么申领", "the first")[1][0]["type"] == "answer"
        rabbit.start()
        rabbit.events(_EVENTS)
        yield running


def test_a_turn_is_published_with_what_was_understood_and_nothing_that_was_said(rabbit: RabbitMQ, publishing: Server) -> None:
    publishing.say("我叫张三，手机13800138000，医保在峨眉山，住院费用怎么报销", "open-id-of-someone")
    events = rabbit.events(_EVENTS)
    assert events[0]["event"] == "user"
    (user,) = (event for event in events if event["event"] == "user")
    (payload,) = (event["data"]["custom"] for event in events if event["event"] == "bot")
    assert user["input_channel"] == "rest"
    assert user["parse_data"]["intent"]["name"] == "inpatient_reimbursement"
    assert (payload["type"], payload["jurisdiction"]) == ("answer", "leshan")
    assert payload["region"]["path"] == "乐山市/峨眉山市"
    assert 0 < payload["confidence"] <= 1
    assert {event["name"] for event in events if event["event"] == "slot"} == {"item", "region", "aspects"}
    assert all(abs(event["timestamp"] - time.time()) < 300 for event in events)
    assert len({event["sender_id"] for event in events}) == 1
    for said in ("张三", "13800138000", "手机", "open-id", "怎么报销", "办理材料"):
        assert said not in str(events)


def test_one_persons_turns_carry_one_hash_and_another_persons_another(rabbit: RabbitMQ, publishing: Server) -> None:
    for who in ("one", "other", "one"):
        publishing.say("生育津贴怎么申领", who)
    users = [event["sender_id"] for event in rabbit.events(3 * _EVENTS) if event["event"] == "user"]
    assert users[0] == users[2] != users[1]


def test_while_rabbitmq_is_away_answers_do_not_wait_and_what_happened_follows(rabbit: RabbitMQ, publishing: Server) -> None:
    rabbit.stop()
    try:
        started = time.monotonic()
        for n in range(20):
            assert publishing.say("生育津贴怎么申领", f"meanwhile {n}")[1][0]["type"] == "answer"
        assert time.monotonic() - started < 20  # not a second each
    finally:
        rabbit.start()
    back = time.monotonic()
    events = rabbit.events(20 * _EVENTS)
    print(f"\nall events came {time.monotonic() - back:.1f} s after RabbitMQ was back")
    assert len({event["sender_id"] for event in events if event["event"] == "user"}) == 20


def test_more_events_than_may_wait_push_out_the_oldest_and_hold_up_nobody() -> None:
    async def publish() -> list[object]:
        events = TurnEvents(f"amqp://reader:hidden-word@127.0.0.1:{free_port()}/", b"secret", waiting=100)
        started = time.monotonic()
        for n in range(10_000):
            events.publish({"n": n})
        assert time.monotonic() - started < 5
        waiting = [events._waiting.get_nowait()["n"] for _ in range(events._waiting.qsize())]
        await events.close()
        return waiting

    assert asyncio.run(publish()) == list(range(9_900, 10_000))


def test_the_password_of_rabbitmq_is_not_in_the_log(publishing: Server, rabbit: RabbitMQ) -> None:
    log = publishing.log.read_text(encoding="utf-8")
    assert "RabbitMQ cannot be reached" in log  # before it was started
    assert rabbit.password not in log
