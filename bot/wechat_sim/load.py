"""Many people at once, counted: every message answered exactly once, in order, and how long it took.

Each question names its item, and its answer begins with the item's name (``【住院费用报销…】``): so an answer can be told from
every other, whichever way it comes.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from bot.wechat_sim.courier import Courier, Delivery
from bot.wechat_sim.messages import text
from bot.wechat_sim.phone import Phone
from bot.wechat_sim.servers import Server
from knowledge.catalogue import load_catalogue

PAUSE_SECONDS = 6.0
"""How long a paused server stands still: longer than WeChat waits."""
_QUESTION, _NUDGE = "换个事问：{}的办理时限", "好的"
_HEADING = re.compile(r"^【([^】]+)】", re.MULTILINE)
_NUDGE_SECONDS = 2.0


@dataclass(frozen=True)
class Plan:
    """``people`` send ``messages`` each, with ``think`` seconds on average between them.

    Shares are of messages: ``hasty`` of them are sent before the one before is answered (for one server: of two, the one may
    not know yet what the other has got); ``cut`` of the others lose their connection at the first attempt (the answer is
    lost, WeChat tries again). ``slow`` is the share of the time a server stands still. Who waits for an answer writes a word
    every two seconds, at most ``nudges`` times; ``settle`` seconds after the last answer nothing more may come.
    """

    people: int = 50
    messages: int = 4
    cut: float = 0.1
    hasty: float = 0.0
    slow: float = 0.0
    think: float = 1.0
    nudges: int = 8
    settle: float = 2.0
    seed: int = 0


@dataclass
class Tally:
    """What came of it. Times are seconds."""

    sent: int = 0
    once: int = 0
    never: int = 0
    repeated: int = 0
    out_of_order: int = 0
    strange: int = 0
    nudges: int = 0
    ways: Counter[str] = field(default_factory=Counter)
    attempts: Counter[str] = field(default_factory=Counter)
    bad_replies: Counter[str] = field(default_factory=Counter)
    unheard: int = 0
    """Messages whose three attempts all came to nothing: the person was shown an error, whatever came later."""
    passive: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Everything answered exactly once, in order, to the right person, by replies that WeChat shows."""
        return self.once == self.sent > 0 and not (self.out_of_order or self.strange or self.bad_replies)

    def __str__(self) -> str:
        return "\n".join(
            (
                f"  {self.sent} messages: answered once {self.once}, never {self.never}, more than once {self.repeated}",
                f"  out of order {self.out_of_order}, nobody's answers {self.strange}, bad replies {dict(self.bad_replies)}",
                f"  attempts {dict(self.attempts)}; unheard {self.unheard}; answers by {dict(self.ways)}; nudges {self.nudges}",
                f"  passive reply {_times(self.passive)}; from sending to reading {_times(self.waits)}",
            )
        )


async def run(plan: Plan, courier: Courier, phones: dict[str, Phone], servers: Sequence[Server] = ()) -> Tally:
    """Carry out the plan. ``phones`` are those the client API reaches; ``servers`` are paused in turn."""
    tally = Tally()
    people = [Phone() for _ in range(plan.people)]
    phones.update({phone.open_id: phone for phone in people})
    async with _pausing(servers, plan.slow):
        await asyncio.gather(*(_Person(plan, courier, phone, tally, n).live() for n, phone in enumerate(people)))
    return tally


class _Person:
    """One person's part of the plan."""

    def __init__(self, plan: Plan, courier: Courier, phone: Phone, tally: Tally, number: int) -> None:
        self._plan, self._courier, self._phone, self._tally = plan, courier, phone, tally
        self._random = random.Random(plan.seed * 10_000 + number)
        names = [item.name for item in load_catalogue().items.values()]
        self._items = self._random.sample(names, plan.messages)
        self._sent_at: dict[str, float] = {}

    async def live(self) -> None:
        """Send everything, wait for the answers, count."""
        for batch in self._batches():
            await asyncio.sleep(self._random.uniform(0, 2 * self._plan.think))
            # A lost answer comes late: only the last of a batch may be lost, or the order would be WeChat's doing.
            await asyncio.gather(*(self._ask(item, 0.15 * n, n == len(batch) - 1) for n, item in enumerate(batch)))
            await self._until_answered(batch)
        await asyncio.sleep(self._plan.settle)
        self._count()

    def _batches(self) -> Iterator[list[str]]:
        batch: list[str] = []
        for item in self._items:
            if batch and self._random.random() >= self._plan.hasty:
                yield batch
                batch = []
            batch.append(item)
        yield batch

    async def _ask(self, item: str, delay: float, is_last: bool) -> None:
        await asyncio.sleep(delay)
        self._sent_at[item] = time.monotonic()
        cuts = [self._random.uniform(0.01, 0.5)] if is_last and self._random.random() < self._plan.cut else []
        delivery = await self._courier.deliver(
            self._phone, text(_QUESTION.format(item)), cuts, sign_again=self._random.random() < 0.5
        )
        self._note(delivery)
        if delivery.text and item in _headings(delivery.text) and delivery.passive is not None:
            self._tally.passive.append(delivery.passive)

    async def _until_answered(self, batch: Sequence[str]) -> None:
        """An answer that is late comes by the client API, or with the reply to whatever the person writes next."""
        for _ in range(self._plan.nudges):
            for _ in range(int(_NUDGE_SECONDS / 0.1)):
                seen = {item for bubble in self._phone.heard() for item in _headings(bubble.text)}
                if seen.issuperset(batch):
                    return
                await asyncio.sleep(0.1)
            self._tally.nudges += 1
            self._note(await self._courier.deliver(self._phone, text(_NUDGE)))

    def _note(self, delivery: Delivery) -> None:
        self._tally.attempts.update(attempt.result for attempt in delivery.attempts)
        if delivery.fault and delivery.heard:
            self._tally.bad_replies[delivery.fault] += 1
        self._tally.unheard += not delivery.heard

    def _count(self) -> None:
        answers = [(item, bubble) for bubble in self._phone.heard() for item in _headings(bubble.text)]
        counts = Counter(item for item, _ in answers)
        tally = self._tally
        tally.sent += len(self._items)
        tally.once += sum(counts[item] == 1 for item in self._items)
        tally.never += sum(counts[item] == 0 for item in self._items)
        tally.repeated += sum(counts[item] > 1 for item in self._items)
        tally.strange += sum(item not in self._items for item, _ in answers)
        places = [self._items.index(item) for item, _ in answers if item in self._items]
        tally.out_of_order += sum(after < before for before, after in itertools.pairwise(places))
        tally.ways.update(bubble.way for _, bubble in answers)
        tally.waits += [bubble.at - self._sent_at[item] for item, bubble in answers if item in self._sent_at]


@asynccontextmanager
async def _pausing(servers: Sequence[Server], share: float) -> AsyncIterator[None]:
    """Let the servers stand still in turn, ``share`` of the time."""
    task = asyncio.create_task(_pause(servers, share)) if servers and share > 0 else None
    try:
        yield
    finally:
        if task:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _pause(servers: Sequence[Server], share: float) -> None:
    await asyncio.sleep(1)
    for server in itertools.cycle(servers):
        server.pause()
        try:
            await asyncio.sleep(PAUSE_SECONDS)
        finally:
            server.resume()
        await asyncio.sleep(PAUSE_SECONDS * (1 - share) / share)


def _headings(content: str) -> list[str]:
    """The items whose answers a message holds: ``【item·place】`` at the start of a line."""
    return [heading.partition("·")[0] for heading in _HEADING.findall(content)]


def _times(seconds: Sequence[float]) -> str:
    if len(seconds) < 2:
        return f"{[round(value, 2) for value in seconds]}"
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    return f"p50 {cuts[9]:.2f} s, p95 {cuts[18]:.2f} s, longest {max(seconds):.2f} s"
