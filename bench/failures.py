"""Break one part after the other under load, and measure: ``python -m bench.failures`` (some minutes; PostgreSQL and Redis).

Two real servers over one PostgreSQL and one Redis, started here; citizens ask without a pause and repeat what got no answer.
A row each: how long the part was away, how many messages were answered, lost, answered twice; the longest wait for an answer;
and the seconds until every citizen had an answer again, from the moment the part was back (of a server: was killed).
"""

from __future__ import annotations

import argparse
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.many.citizens import asking, until_answered
from tests.many.machines import Machines, fill, machines

Break = Callable[[Machines, float], None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--citizens", type=int, default=12)
    parser.add_argument("--away", type=float, default=20, help="seconds a part is away (%(default)s)")
    options = parser.parse_args()
    print("| what | away, s | answered | lost | twice | longest wait, s | recovery, s | not an honest sentence |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, machines(Path(folder)) as many:
        for what, fail in _FAILURES.items():
            print(_row(many, what, fail, options), flush=True)


def _row(many: Machines, what: str, fail: Break, options: argparse.Namespace) -> str:
    with asking(many.addresses, options.citizens) as crowd:
        until_answered(crowd, 5)
        broken = time.monotonic()
        fail(many, options.away)
        mended = time.monotonic()
        since = broken if fail is _server_killed else mended
        until_answered(crowd, 5, seconds=180)
    cells = (
        what,
        f"{mended - broken:.1f}",
        crowd.answered,
        crowd.lost,
        crowd.twice,
        f"{crowd.longest:.1f}",
        f"{crowd.recovered(since):.1f}",
        len(crowd.crude),
    )
    return "| " + " | ".join(map(str, cells)) + " |"


def _server_killed(many: Machines, seconds: float) -> None:
    many.kill(0)
    time.sleep(seconds)
    many.servers[0].start()


def _postgres(how: signal.Signals, seconds: float | None = None) -> Break:
    def fail(many: Machines, away: float) -> None:
        many.postgres.stop(how)
        time.sleep(away if seconds is None else seconds)
        many.postgres.start()

    return fail


def _redis(many: Machines, seconds: float) -> None:
    many.redis.stop(signal.SIGKILL)
    time.sleep(seconds)
    many.redis.start()


def _postgres_hangs(many: Machines, seconds: float) -> None:
    with many.postgres.hanging():
        time.sleep(seconds)


def _redis_full(many: Machines, seconds: float) -> None:
    with many.redis.full():
        time.sleep(seconds)


def _disk_full(many: Machines, seconds: float) -> None:
    assert many.disk, "mounting a small disk is not allowed here"
    fill(many.disk / "ballast")
    time.sleep(seconds)
    (many.disk / "ballast").unlink()
    if many.postgres.process.poll() is not None:  # what watches over it starts it again
        many.postgres.start()


_FAILURES: dict[str, Break] = {
    "a server killed (-9)": _server_killed,
    "PostgreSQL restarted": _postgres(signal.SIGINT, 0),
    "PostgreSQL crashed, away": _postgres(signal.SIGQUIT),
    "PostgreSQL hangs": _postgres_hangs,
    "Redis killed, back empty": _redis,
    "Redis full": _redis_full,
    "PostgreSQL's disk full": _disk_full,
}


if __name__ == "__main__":
    main()
