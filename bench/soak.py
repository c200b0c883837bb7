"""Mixed load for a long time, and whether memory stays flat: ``python -m bench.soak`` (``--minutes 30``, ``--rate 8``).

A server of its own. People ask over REST, on the web site (whose pages listen for events, and rate), over WeChat, and
on the telephone with an agent's screen open; a tenth of what is said is hostile. Every minute: its own memory, threads, open
files, the size of what is stored, messages, errors, p95.

Flat means: over the last two thirds, memory grows by less than ``--flat`` MB an hour (the slope by Theil and Sen, which
single jumps do not move), and neither threads nor files grow by more than a fifth. Exit 1 if not, or if anything failed.
Writes a table and a picture to ``--page``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import aiohttp
from scipy.stats import theilslopes

from bench import nasty
from bench.doors import MODES, Got, House, Visitor, open_house, visiting
from bench.vitals import vitals, written_mb
from bot.wechat_sim import messages

QUESTIONS = Path("tests/evaluation")
_HOSTILE = 0.1
_TALK = 5
"""Messages of one person, on average."""
_SCREENS = 10
"""Web pages that listen for events at a time; each listens for a while and is closed."""
_GROWTH = 1.2
_FEWEST = 6
"""Minutes that a slope needs."""


@dataclass(frozen=True)
class Minute:
    """The state at the end of a minute; ``p95`` in milliseconds."""

    minute: float
    memory_mb: float
    threads: int
    files: int
    stored_mb: float
    messages: int
    errors: int
    p95: float


@dataclass
class Load:
    """Who asks what, and how it went since the last minute."""

    house: House
    visitor: Visitor
    questions: Sequence[str]
    chance: Random
    times: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)

    def words(self) -> str:
        return nasty.text(self.chance)[1][:2_000] if self.chance.random() < _HOSTILE else self.chance.choice(self.questions)

    def count(self, door: str, got: Got, started: float) -> Got:
        self.times.append((time.perf_counter() - started) * 1000)
        if got.status == 0 or got.status >= 500:
            self.errors[f"{door} {got.status}"] += 1
        return got

    async def rest(self) -> None:
        sender = uuid.uuid4().hex
        for _ in range(self._length()):
            started = time.perf_counter()
            self.count("REST", await self.visitor.rest(self.words(), sender, metadata={"region": "乐山市"}), started)
            await self._think()

    async def web(self) -> None:
        conversation = await self.visitor.conversation(self.chance.choice(["乐山市", "凉山州", None]))
        for _ in range(self._length()):
            started = time.perf_counter()
            got = self.count("web", await self.visitor.web(conversation, self.words()), started)
            for reply in got.json["replies"][:1] if got.status == 200 else ():
                rating = {"seq": reply["seq"], "useful": self.chance.random() < 0.8}
                await self.visitor.send("POST", "/webhooks/web/ratings", rating, conversation)
            await self._think()
        await self.visitor.send("GET", "/webhooks/web/messages?after=0", headers=conversation)

    async def wechat(self) -> None:
        mode, open_id = self.chance.choice(MODES), f"o{self.chance.getrandbits(90):x}"
        account = self.house.accounts[mode]
        for _ in range(self._length()):
            words = self.words().encode("utf-8", "ignore").decode()
            xml = messages.text(words).xml(account.original_id, open_id, self.chance.getrandbits(60), int(time.time()))
            started = time.perf_counter()
            self.count("WeChat", await self.visitor.wechat(mode, xml, open_id), started)
            await self._think()

    async def telephone(self) -> None:
        call = (await self.visitor.assist("POST", "/calls", {"region": "乐山市"}, "system")).json["call"]
        screen = asyncio.create_task(self._listen(f"/assist/api/calls/{call}/events", self.house.tokens["agent"], 120))
        for _ in range(self._length()):
            piece, words = uuid.uuid4().hex, self.words()[:60] or "喂"
            for length in {len(words) // 2, len(words)} - {0}:
                said = {"id": piece, "speaker": "caller", "text": words[:length], "final": length == len(words)}
                started = time.perf_counter()
                got = await self.visitor.assist(
                    "POST", f"/calls/{call}/pieces", {**said, "at": "2026-01-01T08:00:00Z"}, "system"
                )
                self.count("assist", got, started)
                await asyncio.sleep(0.4)
            await self.visitor.assist("GET", f"/calls/{call}", role="agent")
            await self._think()
        await self.visitor.assist("POST", f"/calls/{call}/close", {"outcome": "answered"}, "agent")
        screen.cancel()

    async def page(self) -> None:
        """A web page that is open for a while, beside the talk."""
        conversation = await self.visitor.conversation()
        token = conversation["Authorization"].removeprefix("Bearer ")
        await self._listen("/webhooks/web/events?after=0", token, self.chance.uniform(5, 60))

    async def _listen(self, path: str, token: str, seconds: float) -> None:
        with suppress(asyncio.TimeoutError, aiohttp.ClientError):
            async with visiting() as http:
                await asyncio.wait_for(self._read(http, path, token), seconds)

    async def _read(self, http: aiohttp.ClientSession, path: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        async with http.get(
            self.house.server.address + path, headers=headers, timeout=aiohttp.ClientTimeout(total=None)
        ) as events:
            async for _ in events.content:
                pass

    def _length(self) -> int:
        return self.chance.randint(1, 2 * _TALK - 1)

    async def _think(self) -> None:
        await asyncio.sleep(self.chance.uniform(0.5, 1.5))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=8, help="messages a second")
    parser.add_argument("--flat", type=float, default=30, help="MB an hour that count as flat")
    parser.add_argument("--page", type=Path, default=Path("build/soak"), help="folder of the table and the picture")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, open_house(Path(folder)) as house:
        minutes = asyncio.run(soak(house, Path(folder), options.minutes, options.rate))
    report = "\n".join([table(minutes), "", *(verdict := judged(minutes, options.flat))])
    options.page.mkdir(parents=True, exist_ok=True)
    (options.page / "soak.md").write_text(report + "\n")
    draw(minutes, options.page / "soak.png")
    print(f"{report}\n{options.page}/soak.md, soak.png")
    return 0 if verdict[-1].startswith("flat") else 1


async def soak(house: House, folder: Path, minutes: float, rate: float, every: float = 60) -> list[Minute]:
    """Let people ask for so many minutes, at so many messages a second; what stood at the end of ``every`` so many seconds."""
    seen: list[Minute] = []
    people: set[asyncio.Task[None]] = set()
    async with visiting() as http:
        load = Load(house, Visitor(house, http), _questions(), Random(1))
        started = time.monotonic()

        def come(person: Sequence[object]) -> None:
            task = asyncio.create_task(load.chance.choice(person)())  # type: ignore[operator]
            people.add(task)
            task.add_done_callback(people.discard)

        while (passed := time.monotonic() - started) < minutes * 60:
            come((load.rest, load.web, load.wechat, load.telephone))
            if sum(task.get_coro().__name__ == "page" for task in people) < _SCREENS:  # type: ignore[union-attr]
                come((load.page,))
            await asyncio.sleep(_TALK / rate)
            if passed >= every * (len(seen) + 1):
                seen.append(_minute(load, folder, passed))
                print(row(seen[-1]), flush=True)
        await asyncio.wait(people, timeout=min(30, minutes * 60))
        for task in people:
            task.cancel()
    return seen


def _minute(load: Load, folder: Path, passed: float) -> Minute:
    state = vitals(load.house.server.process.pid)
    times, errors = load.times, sum(load.errors.values())
    if errors:
        print(dict(load.errors), flush=True)
    p95 = statistics.quantiles(times, n=20)[18] if len(times) > 1 else 0.0
    load.times, load.errors = [], Counter()
    return Minute(passed / 60, state.memory_mb, state.threads, state.files, written_mb(folder), len(times), errors, p95)


def judged(minutes: Sequence[Minute], flat: float) -> list[str]:
    """What the figures come to; the last line is the verdict."""
    late = minutes[len(minutes) // 3 :]
    if len(late) < _FEWEST:
        return [f"too short to tell: at least {_FEWEST * 3 // 2} minutes are needed"]
    slope = theilslopes([minute.memory_mb for minute in late], [minute.minute / 60 for minute in late])[0]
    reasons = [] if slope < flat else [f"memory grows by {slope:.0f} MB an hour"]
    for name in ("threads", "files"):
        first, last = getattr(late[0], name), getattr(late[-1], name)
        reasons += [f"{name} grow from {first} to {last}"] if last > first * _GROWTH + _SCREENS else []
    reasons += [f"{errors} errors"] if (errors := sum(minute.errors for minute in minutes)) else []
    sent = sum(minute.messages for minute in minutes)
    told = f"{sent} messages, {errors} errors; memory {slope:+.0f} MB an hour over the last two thirds"
    return [told, "not flat: " + ", ".join(reasons) if reasons else f"flat (the rule: less than {flat:.0f} MB an hour)"]


def row(minute: Minute) -> str:
    return (
        f"| {minute.minute:.0f} | {minute.memory_mb:.0f} | {minute.threads} | {minute.files} | {minute.stored_mb:.1f} | "
        f"{minute.messages} | {minute.errors} | {minute.p95:.0f} |"
    )


def table(minutes: Sequence[Minute]) -> str:
    head = [
        "| minute | memory, MB | threads | files | stored, MB | messages | errors | p95, ms |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*head, *map(row, minutes)])


def draw(minutes: Sequence[Minute], path: Path) -> None:
    """Memory, and p95, over time."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (above, below) = pyplot.subplots(2, sharex=True, figsize=(8, 5))
    at = [minute.minute for minute in minutes]
    above.plot(at, [minute.memory_mb for minute in minutes])
    above.set(ylabel="memory (PSS), MB", ylim=(0, None))
    below.plot(at, [minute.p95 for minute in minutes])
    below.set(xlabel="minute", ylabel="p95, ms", ylim=(0, None))
    figure.tight_layout()
    figure.savefig(path, dpi=120)


def _questions() -> list[str]:
    rows = [json.loads(line) for path in sorted(QUESTIONS.glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    return [row["text"] for row in rows if "text" in row]


if __name__ == "__main__":
    sys.exit(main())
