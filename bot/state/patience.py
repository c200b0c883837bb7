"""Waiting for a database that is being restarted or hangs: long enough to get over it, never longer than a person waits.

A request has so many seconds for databases that fail, whatever it asks of them; the answers of those that work cost it
nothing. What is given up may go on in its thread, which ends by the limits that the drivers have.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from bot.background import in_thread_of

T = TypeVar("T")
PATIENCE_SECONDS = 4.0
"""A turn still ends within the five seconds that WeChat gives an attempt."""
_LEAST_SECONDS = 0.5
"""For what is still to be said or tidied when the patience is used up."""
_STOOD_STILL_SECONDS = 0.2
"""Later than a timer of the event loop ever is."""
_THREADS = 12
"""Fewer than a pool has connections."""
_AWAY = ("", "08", "57")
"""PostgreSQL's classes of errors that say it went away, comes only now, or was held up; a connection that was never made has
no code."""


@dataclass
class _Patience:
    """What is left of it, in seconds."""

    left: float = PATIENCE_SECONDS


_of_request: ContextVar[_Patience | None] = ContextVar("patience", default=None)


def new_patience() -> None:
    """A request begins, or another round of work that goes on for long."""
    _of_request.set(_Patience())


async def patiently(work: Callable[..., T], *arguments: Any) -> T:
    """The result of blocking work with a database, done in a thread; again while PostgreSQL is away, as patience lasts.

    Only for work that may be done twice: it may have succeeded just when the connection broke. Raises what the work
    raises, and ``sqlalchemy.exc.TimeoutError`` when it is held up.
    """
    patience, pause = _of_request.get() or _Patience(), 0.05
    while True:
        try:
            return await _within(patience, _threads(), work, *arguments)
        except DBAPIError as error:
            if not is_away(error) or patience.left < pause:
                raise
        patience.left -= pause
        await asyncio.sleep(pause)
        pause = min(2 * pause, 0.5)


async def once(work: Callable[..., T], *arguments: Any, threads: Executor | None = None) -> T:
    """The same for work that must not be done twice: as long as patience lasts, but not again."""
    return await _within(_of_request.get() or _Patience(), threads or _threads(), work, *arguments)


def is_away(error: DBAPIError) -> bool:
    """Whether the database server could not be reached, or ended what was asked. Never so of SQLite, which is a file."""
    if not hasattr(error.orig, "pgcode"):
        return False
    return bool(error.connection_invalidated) or (error.orig.pgcode or "")[:2] in _AWAY


async def _within(patience: _Patience, threads: Executor, work: Callable[..., T], *arguments: Any) -> T:
    """Time counts against the patience only where nothing comes of it."""
    begun = time.monotonic()
    task = asyncio.ensure_future(in_thread_of(threads, work, *arguments))
    try:
        await _wait(task, max(patience.left, _LEAST_SECONDS))
    finally:
        task.cancel()  # which does nothing to what is done
    if not task.done() or task.cancelled():
        patience.left = 0.0
        raise sa.exc.TimeoutError("a database does not answer")
    try:
        return task.result()
    except sa.exc.SQLAlchemyError:
        patience.left -= time.monotonic() - begun
        raise


async def _wait(task: asyncio.Future[Any], seconds: float) -> None:
    """Wait for a task so long; anew where this process itself stood still meanwhile, and the database had no time to answer."""
    stood_still = True
    while stood_still and not task.done():
        asked = time.monotonic()
        await asyncio.wait({task}, timeout=seconds)
        stood_still = time.monotonic() - asked > seconds + _STOOD_STILL_SECONDS


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="database")
