"""Hostile input at every entrance of a real server: ``python -m bench.hostile`` (``--inputs 10000``, ``--seed 1``).

Counts what comes back by entrance and status. It fails (exit 1) when a request gets an error 500 or none at all, a message
gets an empty answer or waits longer than a second by itself, or the server's log holds a trace.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bench.doors import Got, House, Visitor, open_house, visiting
from bench.knocks import KNOCKS
from bench.vitals import vitals

SLOW_SECONDS = 1.0
_TIMED_AGAIN = 20
_TEXTS = {"REST, messages": b'"text"', "web site, messages": b'"text"'}
"""What every answered message of these entrances holds."""


@dataclass
class Tally:
    """What came of it. ``slowest`` are seconds with the entrance and the seed of the input."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    families: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: list[tuple[float, str, str]] = field(default_factory=list)

    def count(self, entrance: str, seed: str, family: str, got: Got, seconds: float) -> None:
        self.statuses[entrance, got.status] += 1
        self.families[family] += 1
        if got.status >= 500 or (got.status == 0 and entrance != "wire"):
            self.failures.append(f"{entrance}, {family}, seed {seed}: status {got.status} {got.body[:200]!r}")
        elif got.status == 200 and _TEXTS.get(entrance, b"") not in got.body:
            self.failures.append(f"{entrance}, {family}, seed {seed}: an empty answer")
        if entrance != "wire":  # there, whoever says nothing is waited for
            self.slowest = sorted([*self.slowest, (seconds, entrance, seed)], reverse=True)[:_TIMED_AGAIN]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=4)
    parser.add_argument("--only", choices=KNOCKS, help="one entrance")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, open_house(Path(folder)) as house:
        before, started = vitals(house.server.process.pid).memory_mb, time.perf_counter()
        tally = asyncio.run(
            hammer(house, options.inputs, options.seed, options.at_once, [options.only] if options.only else None)
        )
        seconds, alive = time.perf_counter() - started, house.server.get("/ready")[0] == 200
        after = vitals(house.server.process.pid).memory_mb if house.server.process.poll() is None else 0.0
        tally.failures += [] if alive else ["the server does not answer any more"]
        tally.failures += faults_of(house.server.log.read_text(errors="replace"))
    print(table(tally))
    print(f"\n{options.inputs} inputs of {len(tally.families)} families in {seconds:.0f} s")
    print(f"{options.at_once} at once, seed {options.seed}")
    print(f"memory of the server: {before:.0f} MB before, {after:.0f} MB after")
    print("slowest by themselves: " + "; ".join(f"{t:.2f} s ({e}, seed {s})" for t, e, s in tally.slowest[:3]))
    print("\n".join(["", f"{len(tally.failures)} failures", *tally.failures[:50]]) if tally.failures else "no failure")
    return 1 if tally.failures else 0


async def hammer(
    house: House,
    inputs: int,
    seed: int,
    at_once: int = 4,
    entrances: list[str] | None = None,
    slow_seconds: float = SLOW_SECONDS,
) -> Tally:
    """Send the inputs, so many at once, the entrances in turn; then the slowest ones again, alone."""
    tally, names = Tally(), entrances or list(KNOCKS)
    numbers = iter(range(inputs))
    async with visiting() as http:
        visitor = Visitor(house, http)

        async def work() -> None:
            for number in numbers:
                entrance, input_seed = names[number % len(names)], f"{seed}-{number}"
                tally.count(entrance, input_seed, *await knock(visitor, house, entrance, input_seed))

        await asyncio.gather(*(work() for _ in range(at_once)))
        again = [(entrance, input_seed) for _, entrance, input_seed in tally.slowest]
        tally.slowest = sorted([(await _alone(visitor, house, *one), *one) for one in again], reverse=True)
    tally.failures += [f"{e}, seed {s}: {t:.2f} s by itself" for t, e, s in tally.slowest if t > slow_seconds]
    return tally


async def knock(visitor: Visitor, house: House, entrance: str, seed: str) -> tuple[str, Got, float]:
    """One input: its family, what came back, seconds."""
    started = time.perf_counter()
    family, got = await KNOCKS[entrance](visitor, house, Random(seed))
    return family, got, time.perf_counter() - started


async def _alone(visitor: Visitor, house: House, entrance: str, seed: str) -> float:
    """The best of three: what the input itself costs."""
    return min([(await knock(visitor, house, entrance, seed))[2] for _ in range(3)])


def faults_of(log: str) -> list[str]:
    """What a server's log tells of faults: each kind once, with its last lines."""
    traces = re.findall(r"Traceback \(most recent call last\):\n(?:(?: .*)?\n)*[\w.]+.*", log)
    errors = [line for line in log.splitlines() if re.search(r" (ERROR|CRITICAL) ", line)]
    kinds = {trace.splitlines()[-1][:80]: trace for trace in traces} | {line[24:100]: line for line in errors}
    return [f"in the log: {fault[-800:]}" for fault in kinds.values()]


def table(tally: Tally) -> str:
    """Statuses by entrance."""
    statuses = sorted({status for _, status in tally.statuses})
    rows = ["| entrance | " + " | ".join(map(str, statuses)) + " |", "|---" * (len(statuses) + 1) + "|"]
    for entrance in KNOCKS:
        rows.append(f"| {entrance} | " + " | ".join(str(tally.statuses[entrance, status] or "") for status in statuses) + " |")
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
