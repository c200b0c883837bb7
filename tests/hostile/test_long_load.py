"""The long load judges by its rule, and runs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bench.doors import House
from bench.soak import Minute, draw, judged, soak, table


def minutes(memory: list[float], threads: int = 20, errors: int = 0) -> list[Minute]:
    return [Minute(n + 1, mb, threads, 60 + n, 5.0, 480, errors, 30.0) for n, mb in enumerate(memory)]


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (minutes([700.0] * 30), "flat"),
        (minutes([500 + 20.0 * n for n in range(10)] + [700.0] * 20), "flat"),  # what grows while it warms up does not count
        (minutes([700.0] * 25 + [760.0] + [700.0] * 4), "flat"),  # nor one peak
        (minutes([700 + 2.0 * n for n in range(30)]), "not flat: memory grows by 120 MB an hour"),
        (minutes([700.0] * 30, errors=1), "not flat: 30 errors"),
        (minutes([700.0] * 5), "too short to tell"),
    ],
)
def test_flat_is_what_the_rule_says(seen: list[Minute], verdict: str) -> None:
    assert judged(seen, flat=30)[-1].startswith(verdict)


def test_some_seconds_of_mixed_load_are_counted_and_drawn(house: House, tmp_path: Path) -> None:
    seen = asyncio.run(soak(house, tmp_path, minutes=0.15, rate=4, every=4))
    assert seen
    assert sum(minute.messages for minute in seen) > 5
    assert sum(minute.errors for minute in seen) == 0
    assert table(seen).count("\n") == len(seen) + 1
    draw(seen, tmp_path / "soak.png")
    assert (tmp_path / "soak.png").read_bytes().startswith(b"\x89PNG")
