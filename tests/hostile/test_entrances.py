"""Hostile input at every entrance: some of what ``python -m bench.hostile`` sends, and messages of WeChat's that are none."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.doors import MODES, Got, House, Visitor, visiting
from bench.hostile import faults_of, hammer
from bench.knocks import KNOCKS
from bot.wechat_sim.wire import signed_query

INPUTS = 12 * len(KNOCKS)
bounded = settings(max_examples=30, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])


def visit(house: House, knock: Callable[[Visitor], object]) -> Got:
    async def once() -> Got:
        async with visiting() as http:
            return await knock(Visitor(house, http))  # type: ignore[misc, no-any-return]

    return asyncio.run(once())


def test_no_entrance_fails_whatever_it_is_sent(house: House) -> None:
    tally = asyncio.run(hammer(house, INPUTS, seed=7, slow_seconds=10.0))
    assert tally.failures == []
    assert {entrance for entrance, _ in tally.statuses} == set(KNOCKS)
    assert faults_of(house.server.log.read_text()) == []


def test_the_log_of_a_fault_is_found() -> None:
    log = "2026-01-01 00:00:00,000 ERROR a b\nTraceback (most recent call last):\n  File x\nValueError: y\n"
    assert len(faults_of(log)) == 2


@bounded
@given(
    body=st.binary(max_size=300)
    | st.text(alphabet="<>/xml![CDATA]&;a\"'= ?", max_size=120).map(lambda t: f"<xml>{t}</xml>".encode())
)
@pytest.mark.parametrize("mode", MODES)
def test_a_signed_request_that_is_no_message_is_refused(house: House, mode: str, body: bytes) -> None:
    got = visit(house, lambda visitor: visitor.wechat_raw(mode, signed_query(house.accounts[mode]), body))
    assert got.status == 400


@bounded
@given(
    query=st.dictionaries(
        st.sampled_from(["signature", "timestamp", "nonce", "msg_signature", "encrypt_type", "echostr", "openid"]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=50),
    )
)
def test_what_wechat_did_not_sign_is_refused(house: House, query: dict[str, str]) -> None:
    assert visit(house, lambda visitor: visitor.wechat_raw("secure", query, b"<xml/>")).status == 403


def test_the_same_message_sent_many_times_at_once_is_answered_once(house: House) -> None:
    async def at_once() -> list[Got]:
        async with visiting() as http:
            visitor = Visitor(house, http)
            conversation = await visitor.conversation("乐山市")
            same = {"id": uuid.uuid4().hex, "text": "住院费用怎么报销"}
            sent = [visitor.send("POST", "/webhooks/web/messages", same, conversation) for _ in range(12)]
            return [*await asyncio.gather(*sent), await visitor.send("GET", "/webhooks/web/messages", headers=conversation)]

    *answers, talk = asyncio.run(at_once())
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    said = talk.json["messages"]
    assert [message["from"] for message in said].count("citizen") == 1
    assert len(said) == 1 + len(answers[0].json["replies"])


@pytest.mark.parametrize("depth", [60, 300, 500, 900, 990, 10_000])
@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_values_nested_without_end_are_refused_at_every_entrance(house: House, opening: bytes, depth: int) -> None:
    closing = b"]" if opening == b"[" else b"}"
    nested = opening * depth + b"1" + closing * depth
    body = b'{"message":"a","id":"a","text":' + nested + b',"metadata":{"a":' + nested + b"}}"

    async def everywhere() -> list[Got]:
        async with visiting() as http:
            visitor = Visitor(house, http)
            call = (await visitor.assist("POST", "/calls", {})).json["call"]
            return [
                await visitor.send("POST", "/webhooks/rest/webhook", body),
                await visitor.send("POST", "/webhooks/web/messages", body, await visitor.conversation()),
                await visitor.assist("POST", f"/calls/{call}/pieces", body),
            ]

    rest, web, assist = asyncio.run(everywhere())
    assert rest.status in {200, 400}  # what a front door adds to its message is its own affair
    assert (web.status, assist.status) == (400, 400)
