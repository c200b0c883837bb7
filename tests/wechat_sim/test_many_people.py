"""Fifty people at once, two servers behind one store: every message is answered exactly once, in order."""

from __future__ import annotations

import pytest

from bot.wechat_sim.load import Plan, Tally
from tests.wechat_sim.peer import Peer

FIFTY = Plan(people=50, messages=2, cut=0.2, hasty=0.3, think=1.5)
SLOW = Plan(people=50, messages=2, cut=0.2, hasty=0.3, think=2.5, slow=0.4)


def told(name: str, tally: Tally, capsys: pytest.CaptureFixture[str]) -> Tally:
    with capsys.disabled():
        print(f"\n{name}: 50 people, 2 servers\n{tally}")
    return tally


@pytest.mark.parametrize("name", ["plain", "compatible", "secure"])
def test_every_message_is_answered_once_and_in_order(wechat: Peer, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    tally = told(name, wechat.load(name, FIFTY), capsys)
    assert tally.attempts["cut"] > 0
    assert tally.is_clean


@pytest.mark.parametrize("name", ["secure", "quiet"])
def test_slow_answers_arrive_once_and_in_order_with_the_client_api_or_without(
    wechat: Peer, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tally = told(f"{name}, slow", wechat.load(name, SLOW), capsys)
    assert tally.attempts["late"] > 0
    assert tally.is_clean
