"""Citizens on the web site who go on asking whatever happens, and count what came of it.

Each message has an id, as the widget gives it; one that got no answer is sent again, with the same id, to the next server.
"""

from __future__ import annotations

import itertools
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.web.visitor import DOOR

QUESTIONS = ("生育津贴怎么申领", "住院费用报销要什么材料", "电话多少", "乐山的产检费怎么报销", "异地安置退休人员备案怎么办")
HOTLINE = "12393"
_PATIENCE_SECONDS = 30
_GIVE_UP_SECONDS = 90


@dataclass
class Citizen:
    """One of them; everything they saw. Times are of ``time.monotonic``."""

    servers: Iterator[str]
    token: str = ""
    seqs: list[int] = field(default_factory=list)
    """The number of each of their messages, in order."""
    answered_at: list[float] = field(default_factory=list)
    replies: set[int] = field(default_factory=set)
    refusals: Counter[str] = field(default_factory=Counter)
    crude: list[str] = field(default_factory=list)
    """What came instead of an answer and was no sentence with the hotline's number."""
    lost: int = 0
    longest: float = 0.0

    def live(self, stop: threading.Event) -> None:
        """Ask one question after the other until told to stop."""
        self.token = self._insist("conversations", {"region": "乐山市"})["conversation"]
        for question in itertools.cycle(QUESTIONS):
            if stop.is_set():
                return
            started = time.monotonic()
            answer = self._insist("messages", {"id": uuid.uuid4().hex, "text": question})
            self.longest = max(self.longest, time.monotonic() - started)
            if not answer.get("replies"):
                self.lost += 1
                continue
            self.seqs.append(answer["seq"])
            self.replies |= {reply["seq"] for reply in answer["replies"]}
            self.answered_at.append(time.monotonic())

    def count(self) -> tuple[int, int]:
        """How many messages got no answer, or one that is not kept; and how many are kept twice, or answered twice."""
        kept = {message["seq"] for message in self._insist("messages?after=0")["messages"]}
        seen = {*self.seqs, *self.replies}
        return self.lost + len(seen - kept), len(kept - seen)

    def _insist(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """What comes back at last; nothing when it never does. Without a body it is a GET."""
        end = time.monotonic() + _GIVE_UP_SECONDS
        while time.monotonic() < end:
            try:
                response = requests.request(
                    "GET" if body is None else "POST",
                    f"{next(self.servers)}{DOOR}/{path}",
                    json=body,
                    headers={"Authorization": f"Bearer {self.token}"},
                    timeout=_PATIENCE_SECONDS,
                )
            except requests.RequestException as error:
                self.refusals[type(error).__name__] += 1
            else:
                if response.ok:
                    answer: dict[str, Any] = response.json()
                    return answer
                self._note(response)
            time.sleep(0.1)
        return {}

    def _note(self, response: requests.Response) -> None:
        self.refusals[str(response.status_code)] += 1
        sentence = response.json().get("error", "") if "json" in response.headers.get("Content-Type", "") else ""
        if response.status_code == 500 or HOTLINE not in sentence:
            self.crude.append(f"{response.status_code} {response.text[:200]}")


@dataclass
class Crowd:
    """All of them."""

    citizens: list[Citizen]
    lost: int = 0
    twice: int = 0

    def recovered(self, since: float) -> float:
        """Seconds from a moment until each of them had an answer again."""
        return max(next((at for at in c.answered_at if at > since), float("inf")) for c in self.citizens) - since

    @property
    def answered(self) -> int:
        return sum(len(citizen.seqs) for citizen in self.citizens)

    @property
    def refusals(self) -> Counter[str]:
        return sum((citizen.refusals for citizen in self.citizens), Counter())

    @property
    def crude(self) -> list[str]:
        return [text for citizen in self.citizens for text in citizen.crude]

    @property
    def longest(self) -> float:
        return max(citizen.longest for citizen in self.citizens)

    def __str__(self) -> str:
        refused = dict(self.refusals) or "none"
        return (
            f"{self.answered} answered, {self.lost} lost, {self.twice} twice; longest {self.longest:.1f} s; refused: {refused}"
        )


@contextmanager
def asking(servers: Sequence[str], count: int = 6) -> Iterator[Crowd]:
    """Citizens at work while the block runs; each begins at another server. After it all have their last answer."""
    crowd = Crowd([Citizen(itertools.cycle([*servers[n % 2 :], *servers[: n % 2]])) for n in range(count)])
    stop = threading.Event()
    threads = [threading.Thread(target=citizen.live, args=(stop,), daemon=True) for citizen in crowd.citizens]
    for thread in threads:
        thread.start()
    try:
        yield crowd
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=_GIVE_UP_SECONDS)
    assert not any(thread.is_alive() for thread in threads), "a citizen still waits"
    counts = [citizen.count() for citizen in crowd.citizens]
    crowd.lost, crowd.twice = sum(lost for lost, _ in counts), sum(twice for _, twice in counts)


def until_answered(crowd: Crowd, more: int = 2, seconds: float = 90) -> None:
    """Wait until each citizen has so many answers more."""
    aims = [len(citizen.seqs) + more for citizen in crowd.citizens]
    end = time.monotonic() + seconds
    while any(len(c.seqs) < aim for c, aim in zip(crowd.citizens, aims, strict=True)):
        assert time.monotonic() < end, f"no recovery: {crowd.refusals} {crowd.crude[:3]}"
        time.sleep(0.05)


def until_refused(crowd: Crowd, seconds: float = 30) -> None:
    """Wait until somebody got no answer."""
    end = time.monotonic() + seconds
    while not crowd.refusals:
        assert time.monotonic() < end, "nobody noticed"
        time.sleep(0.1)
