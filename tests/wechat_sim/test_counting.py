"""The load peer counts what a server does wrong."""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import replace

import pytest

from bot.wechat_sim.account import invent
from bot.wechat_sim.courier import Courier, Delivery
from bot.wechat_sim.load import Plan, Tally, run
from bot.wechat_sim.messages import text, unsubscribe
from bot.wechat_sim.phone import OUT_OF_SERVICE, Phone
from tests.wechat_sim.crooked import Answer, answer_to, crooked

ACCOUNT = invent("demo", "plain")
PLAN = Plan(people=4, messages=3, cut=0.0, hasty=0.0, think=0.05)


def counted(answer: Answer, plan: Plan = PLAN) -> Tally:
    async def count() -> Tally:
        async with crooked(ACCOUNT, answer) as address, Courier(ACCOUNT, [address], patience=1) as courier:
            return await run(replace(plan, nudges=1, settle=0.1), courier, {})

    return asyncio.run(count())


def delivered(answer: Answer, *, seconds: float = 0, cuts: tuple[float, ...] = ()) -> tuple[Delivery, Phone]:
    async def deliver() -> tuple[Delivery, Phone]:
        slow = itertools.chain([seconds], itertools.repeat(0))
        async with (
            crooked(ACCOUNT, answer, lambda _: next(slow)) as address,
            Courier(ACCOUNT, [address], patience=1) as courier,
        ):
            phone = Phone()
            return await courier.deliver(phone, text("您好"), cuts), phone

    return asyncio.run(deliver())


def test_a_faultless_server_is_clean() -> None:
    tally = counted(lambda _, words, __: answer_to(words))
    assert tally.is_clean
    assert (tally.sent, tally.once, tally.nudges) == (12, 12, 0)
    assert len(tally.passive) == 12


def test_a_lost_answer_is_noticed() -> None:
    questions = itertools.count()
    tally = counted(lambda _, words, __: answer_to(words) if next(questions) else b"success")
    assert (tally.never, tally.is_clean) == (1, False)


def test_an_answer_given_twice_is_noticed() -> None:
    tally = counted(lambda _, words, __: f"{answer_to(words)}\n{answer_to(words)}")
    assert (tally.repeated, tally.is_clean) == (12, False)


def test_the_answer_said_again_at_the_retry_is_one_answer() -> None:
    tally = counted(lambda _, words, __: answer_to(words), Plan(people=3, messages=2, cut=1.0, hasty=0, think=0.05))
    assert tally.is_clean
    assert tally.attempts["cut"] == 6


def test_another_persons_answer_is_noticed() -> None:
    tally = counted(lambda _, words, __: f"{answer_to(words)}\n【别人问的事·乐山市】")
    assert (tally.strange, tally.is_clean) == (12, False)


def test_answers_out_of_order_are_noticed() -> None:
    held: dict[str, str] = {}

    def late_by_one(person: str, words: str, _: str) -> str:
        """The first answer comes after the second."""
        if person not in held:
            held[person] = answer_to(words)
            return "请稍候"
        return f"{answer_to(words)}\n{held.pop(person)}" if words.startswith("换") else "您好"

    tally = counted(late_by_one, Plan(people=2, messages=2, cut=0, hasty=1, think=0.05))
    assert (tally.out_of_order, tally.is_clean) == (2, False)


def test_an_error_shown_to_a_person_is_noticed() -> None:
    tally = counted(lambda _, words, __: answer_to(words) + "保" * 700)
    assert sum(tally.bad_replies.values()) >= 12
    assert not tally.is_clean


def test_a_slow_answer_is_dropped_and_the_same_message_sent_again() -> None:
    seen: list[str] = []

    def note(_: str, words: str, number: str) -> str:
        seen.append(number)
        return words

    delivery, phone = delivered(note, seconds=1.5)
    assert [attempt.result for attempt in delivery.attempts] == ["late", "answered"]
    assert [bubble.text for bubble in phone.heard()] == ["您好"]
    assert len(set(seen)) == 1


def test_a_server_that_never_answers_is_tried_three_times_and_the_person_told() -> None:
    async def deliver() -> tuple[Delivery, Phone]:
        async with Courier(ACCOUNT, ["http://127.0.0.1:9"], patience=1) as courier:
            phone = Phone()
            return await courier.deliver(phone, text("您好")), phone

    delivery, phone = asyncio.run(deliver())
    assert len(delivery.attempts) == 3
    assert phone.bubbles[-1].text == OUT_OF_SERVICE


def test_who_has_left_is_shown_nothing() -> None:
    async def leave() -> Phone:
        async with crooked(ACCOUNT, lambda *_: "再见") as address, Courier(ACCOUNT, [address]) as courier:
            phone = Phone()
            await courier.deliver(phone, unsubscribe())
            return phone

    assert asyncio.run(leave()).heard() == []


@pytest.mark.parametrize("cuts", [(0.05,), (0.05, 0.05)])
def test_a_cut_connection_loses_the_answer_and_the_next_attempt_brings_it(cuts: tuple[float, ...]) -> None:
    started = time.monotonic()
    delivery, phone = delivered(lambda _, words, __: words, cuts=cuts)
    assert [attempt.result for attempt in delivery.attempts] == ["cut"] * len(cuts) + ["answered"]
    assert len(phone.heard()) == 1
    assert time.monotonic() - started < 30
