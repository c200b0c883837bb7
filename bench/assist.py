"""How soon what a caller says is on the agent's screen: ``python -m bench.assist`` (add ``--calls 1`` for an idle server).

A server of its own; so many calls at once, each with a screen that follows it. Callers speak questions of the evaluation's
hotline set in partials that grow some characters at a time, as speech recognition yields them, and pause between
sentences. Timed is each partial, from sending it to the first event on the call's screen that shows it or more of it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp

from bot.accounts import people, sessions
from bot.state.database import open_state
from bot.state.schema import upgrade
from tests.serving import Server, serving

QUESTIONS = Path("tests/evaluation/hotline.jsonl")
_STEP = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--every", type=float, default=0.4, help="seconds between partials of a caller who speaks")
    parser.add_argument("--pause", type=float, default=3.0, help="seconds of silence after a sentence, on average")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        token, before = token_of(server), cpu_seconds(server)
        times = sorted(asyncio.run(run(server, token, options)))
        cpu = (cpu_seconds(server) - before) / len(times) * 1000
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    rate = len(times) / options.seconds
    print(f"{options.calls} calls at once, {len(times)} partials ({rate:.0f} a second), load of the machine {load}")
    print(f"the server's own time for a partial, second looks and screens included: {cpu:.1f} ms of one core")
    print(
        f"on the screen after: median {times[len(times) // 2]:.0f} ms, 95th percentile {times[int(len(times) * 0.95)]:.0f} ms"
    )


def cpu_seconds(server: Server) -> float:
    """How long the server's process has worked so far."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def token_of(server: Server) -> str:
    """A token for a telephone system of this server."""
    state = open_state(server.environment["YIBAO_STATE"])
    upgrade(state)
    people.add(state, "telephone", people.SYSTEM, None)
    return sessions.make_token(state, "telephone", 1)


async def run(server: Server, token: str, options: argparse.Namespace) -> list[float]:
    """The milliseconds of every partial."""
    questions = [json.loads(line)["text"] for line in QUESTIONS.open(encoding="utf-8")]
    headers = {"Authorization": f"Bearer {token}"}
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(f"{server.address}", headers=headers, connector=connector) as http:
        calls = [Caller(http, questions, random.Random(n), options) for n in range(options.calls)]
        await asyncio.gather(*(call.speak() for call in calls))
    return [milliseconds for call in calls for milliseconds in call.times]


class Caller:
    """One call: who speaks, and the screen that shows it."""

    def __init__(self, http: aiohttp.ClientSession, questions: list[str], chance: random.Random, options: argparse.Namespace):
        self._http, self._questions, self._chance, self._options = http, questions, chance, options
        self._waiting: dict[tuple[str, int], float] = {}
        self.times: list[float] = []

    async def speak(self) -> None:
        async with self._http.post("/assist/api/calls", json={"region": "乐山市"}) as response:
            self._path = f"/assist/api/calls/{(await response.json())['call']}"
        screen = asyncio.create_task(self._look())
        await asyncio.sleep(self._chance.random() * self._options.pause)
        end = time.perf_counter() + self._options.seconds
        number = 0
        while time.perf_counter() < end:
            number += 1
            await self._say(str(number), self._chance.choice(self._questions)[:40])
            await asyncio.sleep(self._chance.uniform(0.5, 1.5) * self._options.pause)
        await asyncio.sleep(1)
        screen.cancel()

    async def _say(self, piece: str, text: str) -> None:
        for length in range(_STEP, len(text) + _STEP, _STEP):
            self._waiting[piece, min(length, len(text))] = time.perf_counter()
            said = {"id": piece, "speaker": "caller", "text": text[:length], "final": length >= len(text)}
            async with self._http.post(f"{self._path}/pieces", json={**said, "at": "2026-01-01T00:00:00Z"}) as response:
                assert response.status == 202, await response.text()
            await asyncio.sleep(self._options.every * self._chance.uniform(0.7, 1.3))

    async def _look(self) -> None:
        async with self._http.get(
            f"{self._path}/events", timeout=aiohttp.ClientTimeout(total=None), read_bufsize=2**20
        ) as events:
            async for line in events.content:
                if line.startswith(b"data: "):
                    self._seen(json.loads(line[6:]), time.perf_counter())

    def _seen(self, state: dict[str, Any], now: float) -> None:
        for piece in state["pieces"]:
            for key in [key for key in self._waiting if key[0] == piece["id"] and key[1] <= len(piece["text"])]:
                self.times.append((now - self._waiting.pop(key)) * 1000)


if __name__ == "__main__":
    main()
