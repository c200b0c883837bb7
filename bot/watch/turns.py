"""How turns end, for every front door: measured once, at the end of each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextvars import ContextVar
from functools import wraps
from time import perf_counter
from typing import Any

from rasa.core.channels.channel import UserMessage

from bot.watch.metrics import metrics, series

OUTCOMES = {
    "fallback": "refused",
    "clarify": "clarified",
    "handoff": "handed_over",
    "answer": "answered",
    "chitchat": "small_talk",
}
"""By the type of the payload. Of several questions in a message the one that ended worst, which is named first, counts."""
WITH_PERSON, STREAMED, FAILED = "with_person", "streamed", "failed"

_UNDERSTOOD = ("answer", "clarify", "fallback")
_current: ContextVar[turn | None] = ContextVar("turn", default=None)


class turn:
    """``with turn("web") as seen: …; seen.replied(payloads)``. Without replies, or left by an error, a turn has failed."""

    __slots__ = ("_begun", "_channel", "_failed", "_outcome", "_token")

    def __init__(self, channel: str) -> None:
        self._channel, self._outcome, self._failed = channel, FAILED, False

    def __enter__(self) -> turn:
        self._token = _current.set(self)
        self._begun = perf_counter()
        return self

    def replied(self, payloads: Iterable[Mapping[str, Any]]) -> None:
        """The bot replied, with a payload of the answer contract for each question."""
        kinds = set()
        for payload in payloads:
            kinds.add(payload.get("type"))
            _note(payload)
        self._outcome = next((outcome for kind, outcome in OUTCOMES.items() if kind in kinds), FAILED)

    def streamed(self) -> None:
        """The replies went out one by one, unseen (``?stream=true`` of the REST channel)."""
        self._outcome = STREAMED

    def left_to_person(self) -> None:
        """People have the conversation."""
        self._outcome = WITH_PERSON

    def fail(self) -> None:
        """Whatever is replied, the turn did not do what it should."""
        self._failed = True

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        _current.reset(self._token)
        series("turn_seconds", self._channel).observe(perf_counter() - self._begun)
        series("turns", self._channel, FAILED if error or self._failed else self._outcome).inc()


def count_from_zero(channels: Iterable[str]) -> None:
    """Let the counts of these front doors stand at zero, so that the first failure is seen as one more."""
    for channel in channels:
        for outcome in (*OUTCOMES.values(), WITH_PERSON, FAILED):
            series("turns", channel, outcome)
        for useful in ("yes", "no"):
            series("ratings", channel, useful)


def turn_fails() -> None:
    """Somewhere within a turn: it gets an apology instead of what was asked."""
    if seen := _current.get():
        seen.fail()


def watched(channel: str, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Callable[[UserMessage], Awaitable[Any]]:
    """Rasa's handler of messages with its turns measured, for front doors that call it themselves."""

    @wraps(on_new_message)
    async def handle(message: UserMessage) -> Any:
        with turn(channel) as seen:
            result = await on_new_message(message)
            sent = getattr(message.output_channel, "messages", None)
            if isinstance(sent, list):
                seen.replied([one["custom"] for one in sent if "custom" in one])
            else:
                seen.streamed()
            return result

    return handle


def _note(payload: Mapping[str, Any]) -> None:
    kind = payload.get("type")
    if kind not in _UNDERSTOOD:
        return
    metrics().confidence.observe(payload.get("confidence") or 0.0)
    if kind != "fallback":
        series("places", (payload.get("region") or {}).get("from") or "none").inc()
    if kind == "answer":
        series("answers", (payload.get("item") or {}).get("id") or "none", payload.get("jurisdiction") or "none").inc()
