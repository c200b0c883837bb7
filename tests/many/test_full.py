"""No room is left: on the disk of SQLite's state database, in the memory of Redis."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.many.citizens import HOTLINE, asking, until_answered, until_refused
from tests.many.machines import Machines, fill, small_disk
from tests.many.test_failures import going_on
from tests.serving import serving


def test_a_full_disk_of_sqlite_is_told_of_and_got_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with small_disk(tmp_path) as disk:
        if disk is None:
            pytest.skip("mounting a small disk is not allowed here")
        ballast = disk / "ballast"
        with serving(disk) as server, asking([server.address]) as crowd:
            until_answered(crowd)
            fill(ballast)
            until_refused(crowd)
            assert not server.becomes(503)["state"]
            texts, payloads = server.say("住院费用怎么报销", "a citizen meanwhile")
            assert payloads[0]["type"] == "answer" or HOTLINE in "".join(texts)
            ballast.unlink()
            mended = time.monotonic()
            until_answered(crowd)
            server.becomes(200)
        with capsys.disabled():
            print(f"\nSQLite's disk full: all answered again after {crowd.recovered(mended):.1f} s; {crowd}")
        assert (crowd.lost, crowd.twice, crowd.crude) == (0, 0, [])


def test_a_full_redis_is_told_of_on_wechat_and_the_web_site_is_answered_as_ever(
    many: Machines, capsys: pytest.CaptureFixture[str]
) -> None:
    with going_on(many, "Redis full", capsys) as crowd, many.redis.full():
        until_answered(crowd)
        apology = many.wechat_answer("产检费怎么报销")
        time.sleep(1.5)  # what was seen before counts for a second
        status, parts = many.servers[0].get("/ready")
        assert (status, parts["ready"], parts["redis"]) == (200, True, False)
    assert not crowd.refusals
    assert HOTLINE in apology
    assert "产检费" not in apology
    assert "【产前检查费支付" in many.wechat_answer("产检费怎么报销")
