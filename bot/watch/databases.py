"""How long the statements of a database take, and how many fail."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from bot.watch.metrics import series


def watch_database(name: str, engine: Engine) -> Engine:
    """Measure the engine's statements under a name; returns the engine."""
    seconds, errors = series("database_seconds", name), series("database_errors", name)

    def begin(_: Any, __: Any, ___: Any, ____: Any, context: Any, _____: Any) -> None:
        context.begun = perf_counter()

    def end(_: Any, __: Any, ___: Any, ____: Any, context: Any, _____: Any) -> None:
        seconds.observe(perf_counter() - context.begun)

    def fail(context: Any) -> None:
        if not isinstance(context.sqlalchemy_exception, IntegrityError):  # how two processes find out who was first
            errors.inc()

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
    event.listen(engine, "handle_error", fail)
    return engine
