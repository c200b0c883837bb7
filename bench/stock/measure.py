"""One round of one system: start it, warm it, put questions to it at each load, watch what it uses."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import psutil

from bench.load import Load, put, questions
from bench.processes import PeakMemory, busy_seconds, cpu_seconds, memory_mb
from bench.stock.systems import System
from bot.evaluation.rows import Expected

AT_ONCE = (1, 16, 64)
_WARM = 60
_SEED = 7


@dataclass(frozen=True)
class LoadFigures:
    """A system under one load. Times in milliseconds; ``rate`` in messages a second."""

    p50: float
    p95: float
    rate: float
    cpu: float
    """Processor time of all its processes a message."""
    client_cpu: float
    others: float
    """How much of the machine's cores (0 to 1) other processes had meanwhile."""
    unanswered: int
    item_right: float
    """The share of questions that mean one item and got an answer about it."""


@dataclass(frozen=True)
class Round:
    """One start of one system and what was measured until its end. Memory in megabytes (PSS), ``start`` in seconds."""

    system: str
    start: float
    idle: float
    peak: float
    loads: dict[int, LoadFigures] = field(default_factory=dict)


def question_sets(messages: int) -> tuple[list[Expected], dict[int, list[Expected]]]:
    """Questions to warm with, and others for each load: none is asked twice of a system that runs. Always the same.

    Raises ``ValueError`` when there are not so many questions.
    """
    every = questions()
    random.Random(_SEED).shuffle(every)
    if _WARM + messages * len(AT_ONCE) > len(every):
        most = (len(every) - _WARM) // len(AT_ONCE)
        raise ValueError(f"there are questions for {most} messages at each load, not for {messages}")
    slices = [every[_WARM + n * messages : _WARM + (n + 1) * messages] for n in range(len(AT_ONCE))]
    return every[:_WARM], dict(zip(AT_ONCE, slices, strict=True))


def measure(system: System, warm: Sequence[Expected], sets: dict[int, list[Expected]]) -> Round:
    """Start, warm, measure at every load, stop. Raises ``ProcessFailed`` and ``aiohttp.ClientError``."""
    with system.running() as running:
        put(running.address, [question.text for question in warm], AT_ONCE[1])
        idle = memory_mb(running.processes)
        with PeakMemory(running.processes) as peak:
            loads = {n: _under_load(running.address, running.processes, sets[n], n) for n in sets}
        return Round(system.name, running.started_after, idle, peak.megabytes, loads)


def _under_load(address: str, processes: Sequence[psutil.Process], asked: Sequence[Expected], at_once: int) -> LoadFigures:
    before, busy, own = cpu_seconds(processes), busy_seconds(), time.process_time()
    begun = time.perf_counter()
    load = put(address, [question.text for question in asked], at_once)
    seconds = time.perf_counter() - begun
    used, all_used, own = cpu_seconds(processes) - before, busy_seconds() - busy, time.process_time() - own
    return LoadFigures(
        p50=load.percentile(0.5),
        p95=load.percentile(0.95),
        rate=load.rate,
        cpu=used / len(asked) * 1000,
        client_cpu=own / len(asked) * 1000,
        others=max(0.0, (all_used - used - own) / seconds / psutil.cpu_count()),
        unanswered=sum(not replies for replies in load.replies),
        item_right=item_right(asked, load),
    )


def item_right(asked: Sequence[Expected], load: Load) -> float:
    """Of the questions that mean one item, the share whose reply is an answer about it."""
    right = [
        any(_item(reply) in question.items for reply in replies)
        for question, replies in zip(asked, load.replies, strict=True)
        if question.kind == "answer"
    ]
    return sum(right) / len(right) if right else 0.0


def _item(reply: dict[str, Any]) -> str | None:
    payload: dict[str, Any] = reply.get("custom") or {}
    return payload["item"]["id"] if payload.get("type") == "answer" else None
