"""Fifty people at once: every message is answered exactly once, in order, whatever happens to the connections."""

from __future__ import annotations

import pytest

from bot.wechat_sim.load import Plan
from tests.wechat_sim.peer import Peer

FIFTY = Plan(people=50, messages=2, cut=0.2, think=1.0)
HASTY = Plan(people=50, messages=2, cut=0.2, hasty=0.5, think=1.0)
SLOW = Plan(people=50, messages=2, cut=0.2, slow=0.4, think=1.5)


@pytest.mark.parametrize(
    ("name", "plan", "servers"),
    [
        ("plain", FIFTY, 2),
        ("compatible", FIFTY, 2),
        ("secure", FIFTY, 2),
        ("secure", HASTY, 1),
        ("secure", SLOW, 2),
        ("quiet", SLOW, 2),
    ],
    ids=["plain", "compatible", "secure", "in haste", "slow, with the client API", "slow, without the client API"],
)
def test_every_message_is_answered_once_and_in_order(
    wechat: Peer, name: str, plan: Plan, servers: int, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    tally = wechat.load(name, plan, servers)
    with capsys.disabled():
        print(f"\n{request.node.callspec.id}: 50 people, {servers} server(s)\n{tally}")
    assert tally.attempts["cut"] > 0
    assert not plan.slow or tally.attempts["late"] > 0
    assert tally.is_clean, wechat.complaints()
