"""A part fails while citizens ask: no answered message is lost, none answered twice, and it mends without hands."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.wechat_sim.load import Plan
from tests.many.citizens import HOTLINE, Crowd, asking, until_answered, until_refused
from tests.many.machines import Machines, fill
from tests.many.proxy import proxy


@contextmanager
def going_on(many: Machines, what: str, capsys: pytest.CaptureFixture[str]) -> Iterator[Crowd]:
    """Citizens ask before, while and after the block breaks and mends something; then it is counted."""
    with asking(many.addresses) as crowd:
        until_answered(crowd)
        yield crowd
        mended = time.monotonic()
        until_answered(crowd)
    with capsys.disabled():
        print(f"\n{what}: all answered again after {crowd.recovered(mended):.1f} s; {crowd}")
    assert (crowd.lost, crowd.twice, crowd.crude) == (0, 0, [])


def test_a_server_killed_under_load_loses_nothing_and_the_other_goes_on(
    many: Machines, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        with going_on(many, "a server killed", capsys) as crowd:
            many.kill(0)
    finally:
        many.servers[0].start()
    assert set(crowd.refusals) <= {"ConnectionError", "503"}


def test_wechat_people_are_answered_once_behind_the_proxy_while_a_server_is_killed(many: Machines, tmp_path: Path) -> None:
    with proxy(tmp_path, many.addresses) as front, ThreadPoolExecutor(1) as pool:
        load = pool.submit(many.wechat_load, Plan(people=8, messages=3, cut=0, think=0.5, settle=1), front)
        time.sleep(1.5)
        many.kill(1)
        tally = load.result()
    many.servers[1].start()
    assert (tally.once, tally.never, tally.repeated, tally.strange) == (tally.sent, 0, 0, 0), str(tally)


@pytest.mark.parametrize(
    ("what", "how", "seconds"),
    [("PostgreSQL restarted", signal.SIGINT, 0.5), ("PostgreSQL crashed, back after 8 s", signal.SIGQUIT, 8)],
    ids=["restarted", "away for long"],
)
def test_postgres_restarted_under_load(
    many: Machines, capsys: pytest.CaptureFixture[str], what: str, how: signal.Signals, seconds: float
) -> None:
    with going_on(many, what, capsys):
        many.postgres.stop(how)
        try:
            time.sleep(seconds)
            if seconds > 5:
                assert_honest(many)
        finally:
            many.postgres.start()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_without_redis_and_with_an_empty_one_the_web_site_is_answered_as_ever(
    many: Machines, capsys: pytest.CaptureFixture[str], how: signal.Signals
) -> None:
    with going_on(many, "Redis away for 2 s, then empty", capsys) as crowd:
        many.redis.stop(how)
        try:
            time.sleep(1)
            apology = many.wechat_answer("产检费怎么报销")
            time.sleep(1)
        finally:
            many.redis.start()
    assert not crowd.refusals
    assert HOTLINE in apology
    assert "产检费" not in apology
    assert "【产前检查费支付" in many.wechat_answer("产检费怎么报销")


def test_a_full_disk_of_postgres_is_got_over_when_there_is_room_again(
    many: Machines, capsys: pytest.CaptureFixture[str]
) -> None:
    if many.disk is None:
        pytest.skip("mounting a small disk is not allowed here")
    ballast = many.disk / "ballast"
    with going_on(many, "PostgreSQL's disk full", capsys) as crowd:
        fill(ballast)
        try:
            until_refused(crowd)
            assert_honest(many)
        finally:
            ballast.unlink()
        if many.postgres.process.poll() is not None:  # what watches over it starts it again
            many.postgres.start()


def assert_honest(many: Machines) -> None:
    """Over REST one is told whom to call, or answered; never an error page."""
    for server in many.servers:
        texts, payloads = server.say("住院费用怎么报销", "a citizen meanwhile")
        assert len(payloads) == 1
        assert payloads[0]["type"] == "answer" or HOTLINE in "".join(texts)
