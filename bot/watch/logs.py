"""The log: a line a thing that happened, as text or as JSON (``YIBAO_LOG_FORMAT``), without anybody's words or numbers.

Our own lines say what they say by intent. Of what libraries log only warnings are written, and of those the fixed part: what
follows a quote, a colon or a bracket may be what a person wrote. Errors are told by their type and where they were raised;
their words stay away, but for those of a database or the system, which name no person.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError, ProgrammingError
from structlog.stdlib import ProcessorFormatter

from bot.settings import Settings
from bot.watch.metrics import series

Event = MutableMapping[str, Any]

_log = logging.getLogger(__name__)
_OURS = ("bot", "knowledge")
_FIELDS = ("request_id", "channel", "route", "method", "status", "ms", "error", "trace")
_VARYING = re.compile(r"[\"'<{\[(:/\\\n].*|%[a-z].*", re.S)
_ROOT = Path(__file__).parents[2]
_MOST_FRAMES, _MOST_CAUSES = 8, 3


def configure_logging(settings: Settings) -> None:
    """All lines go one way: from every logger to standard error."""
    common = [structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name]
    of_logging = [*common, structlog.contextvars.merge_contextvars, structlog.stdlib.ExtraAdder(_FIELDS), _fixed_part]
    rendering = _as_json() if settings.log_format == "json" else _as_text
    handler = logging.StreamHandler()
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=of_logging,
            processors=[_safe_error, _count, structlog.processors.TimeStamper("iso", key="time"), _in_order, rendering],
        )
    )
    structlog.configure(
        processors=[*common, structlog.contextvars.merge_contextvars, _event_alone, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(max(logging.WARNING, logging.getLevelName(settings.log_level))),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    for other in logging.root.manager.loggerDict.values():
        if isinstance(other, logging.Logger):
            other.handlers.clear()
            other.propagate = True
            other.setLevel(logging.NOTSET)
    level = logging.getLevelName(settings.log_level)
    logging.basicConfig(level=max(logging.WARNING, level), handlers=[handler], force=True)
    for room in _OURS:
        logging.getLogger(room).setLevel(level)
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)  # they are for developers, who see them in the tests
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _log.critical("an error that nobody caught", exc_info=(kind, error or kind(), trace))


def _fixed_part(_: Any, __: str, event: Event) -> Event:
    """Of a library's line the words before anything that varies."""
    record = event["_record"]
    if not record.name.startswith(_OURS):
        words = type(record.msg).__name__ if isinstance(record.msg, BaseException) else str(record.msg)
        event["event"] = _VARYING.sub("", words).strip() or "…"
    return event


def _event_alone(_: Any, __: str, event: Event) -> Event:
    """Of a structured line of a library (they hold the message, its entities, its slots) the name of what happened."""
    return {key: event[key] for key in ("event", "level", "logger", "exc_info", *_FIELDS) if key in event}


def _safe_error(_: Any, __: str, event: Event) -> Event:
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = told(error)
        event["trace"] = [f"{told(one)} {frames}" for one, frames in _raised(error)]
    return event


def told(error: BaseException) -> str:
    """An error without the words it was given, which may be a person's."""
    if isinstance(error, OperationalError | ProgrammingError):
        return f"{type(error).__name__}: {str(error.orig).splitlines()[0] if str(error.orig) else ''}"
    if isinstance(error, OSError) and error.strerror:
        return f"{type(error).__name__}: {error.strerror}"
    return type(error).__name__


def _raised(error: BaseException | None) -> Iterator[tuple[BaseException, str]]:
    """The error and those that led to it, each with the last lines of code it went through, innermost first."""
    for _ in range(_MOST_CAUSES):
        if error is None:
            return
        frames, trace = [], error.__traceback__
        while trace:
            code = trace.tb_frame.f_code
            frames.append(f"{_short(code.co_filename)}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        yield error, " < ".join(reversed(frames[-_MOST_FRAMES:]))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _short(path: str) -> str:
    return path.removeprefix(f"{_ROOT}/").rpartition("site-packages/")[2]


def _count(_: Any, __: str, event: Event) -> Event:
    if event["level"] != "info" and event["level"] != "debug":
        parts = str(event.get("logger")).split(".")
        series("log_lines", event["level"], ".".join(parts[: 2 if parts[0] in _OURS else 1])).inc()
    return event


def _in_order(_: Any, __: str, event: Event) -> Event:
    return {key: event[key] for key in ("time", "level", "logger", "event", *_FIELDS) if event.get(key) is not None}


def _as_json() -> structlog.processors.JSONRenderer:
    return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)


def _as_text(_: Any, __: str, event: Event) -> str:
    trace = event.pop("trace", [])
    first = [str(event.pop(key)) for key in ("time", "level", "logger", "event")]
    return "\n    ".join([" ".join([*first, *(f"{key}={value}" for key, value in event.items())]), *trace])
