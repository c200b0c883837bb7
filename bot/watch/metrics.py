"""What is measured while the server runs: every metric that counts by itself, and :class:`step`, which times a piece of work.

Labels have few values, none of them a person's: channels, items, route names. What is read off the databases when somebody
asks (the desk's queue, open calls) is in :mod:`bot.watch.gauges`.
"""

from __future__ import annotations

from functools import cache, lru_cache
from time import perf_counter
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, values

_SHORT = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)
_LONG = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1)


class Metrics:
    """Every metric of this process, or this process's part of those that several share (:mod:`bot.watch.processes`)."""

    def __init__(self) -> None:
        # Looked for a shared folder when it was imported: too early.
        values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, which nothing asks for
        self.registry = CollectorRegistry()
        self.turns = self._counter("turns", "Messages of the public by how they ended", "channel", "outcome")
        self.turn_seconds = self._histogram("turn_seconds", "A whole turn", _LONG, "channel")
        self.step_seconds = self._histogram("step_seconds", "One step of a turn or of a call", _SHORT, "step")
        self.confidence = self._histogram("confidence", "How sure questions were understood", _SHARES)
        self.answers = self._counter("answers", "Answers by item and by whose guide answered", "item", "jurisdiction")
        self.places = self._counter("places", "Questions by how their place was known (none: not at all)", "origin")
        self.ratings = self._counter("ratings", "Ratings of answers", "channel", "useful")
        self.requests = self._counter("http_requests", "HTTP requests by route and status", "route", "method", "status")
        self.request_seconds = self._histogram("http_request_seconds", "Until a response begins", _LONG, "route", "method")
        self.streams = self._gauge("streams", "Open event streams", "livesum", "channel")
        self.database_seconds = self._histogram("database_seconds", "One statement", _SHORT, "database")
        self.database_errors = self._counter("database_errors", "Statements that failed", "database")
        self.log_lines = self._counter("log_lines", "Lines logged as a warning or worse", "level", "room")
        self.loop_lag = self._histogram("event_loop_lag_seconds", "How late the event loop wakes", _SHORT)
        self.memory = self._gauge("process_memory_bytes", "Resident memory", "livesum", "process")
        self.processor = self._counter("process_cpu_seconds", "Processor time, of all processes together")

    def _counter(self, name: str, tells: str, *labels: str) -> Counter:
        return Counter(f"yibao_{name}", tells, labels, registry=self.registry)

    def _histogram(self, name: str, tells: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"yibao_{name}", tells, labels, buckets=buckets, registry=self.registry)

    def _gauge(self, name: str, tells: str, over_processes: Any, *labels: str) -> Gauge:
        return Gauge(f"yibao_{name}", tells, labels, multiprocess_mode=over_processes, registry=self.registry)


@lru_cache(maxsize=1)
def metrics() -> Metrics:
    """The metrics, made at the first call: after the server has settled whether processes share them."""
    return Metrics()


@cache
def series(name: str, *labels: object) -> Any:
    """The metric of that name for these labels: looked up once, which costs as much as counting."""
    return getattr(metrics(), name).labels(*labels)


class step:
    """Times a piece of work: ``with step("look_up"): …``. Costs some two microseconds."""

    __slots__ = ("_begun", "_timer")

    def __init__(self, name: str) -> None:
        self._timer = series("step_seconds", name)

    def __enter__(self) -> None:
        self._begun = perf_counter()

    def __exit__(self, *_: object) -> None:
        self._timer.observe(perf_counter() - self._begun)
