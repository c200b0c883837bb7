"""Questions put to a running server over REST, so many at once: the client of every benchmark that times messages."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bot.evaluation.rows import Expected, read_files

WEBHOOK = "/webhooks/rest/webhook"
_TIMEOUT = aiohttp.ClientTimeout(total=120)


@dataclass(frozen=True)
class Load:
    """What came of some messages: the milliseconds of each in rising order, and the seconds of them all together."""

    times: tuple[float, ...]
    seconds: float
    replies: tuple[list[dict[str, Any]], ...]
    """What came back for each question, in their order; an empty list where nothing did."""

    def percentile(self, share: float) -> float:
        """The time in milliseconds within which this share of the messages was answered."""
        return self.times[min(int(len(self.times) * share), len(self.times) - 1)]

    @property
    def rate(self) -> float:
        """Messages a second."""
        return len(self.times) / self.seconds


def questions() -> list[Expected]:
    """The first message of every question and dialogue of the evaluation."""
    return [talk.turns[0] for talk in read_files(sorted(Path("tests/evaluation").glob("*.jsonl")))]


def put(server: str, texts: Sequence[str], at_once: int) -> Load:
    """Put all messages, each from a sender of its own; with an answer there, the next one goes.

    Raises ``aiohttp.ClientError`` when the server refuses one or is gone.
    """
    return asyncio.run(_put(server, texts, at_once))


async def _put(server: str, texts: Sequence[str], at_once: int) -> Load:
    times: list[float] = []
    replies: list[list[dict[str, Any]]] = [[] for _ in texts]
    waiting: Iterator[tuple[int, str]] = iter(enumerate(texts))
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(server, connector=connector, timeout=_TIMEOUT, raise_for_status=True) as http:

        async def person() -> None:
            for number, text in waiting:
                body = {"sender": uuid.uuid4().hex, "message": text}
                started = time.perf_counter()
                async with http.post(WEBHOOK, json=body) as response:
                    replies[number] = await response.json()
                times.append((time.perf_counter() - started) * 1000)

        started = time.perf_counter()
        await asyncio.gather(*(person() for _ in range(at_once)))
        seconds = time.perf_counter() - started
    return Load(tuple(sorted(times)), seconds, tuple(replies))
