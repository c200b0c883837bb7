"""Waiting for a database that is being restarted, instead of failing the person who asks just then."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError

from bot.background import in_thread

T = TypeVar("T")
PATIENCE_SECONDS = 4.0
"""A turn still ends within the five seconds that WeChat gives an attempt."""
_AWAY = (None, "08", "57")
"""PostgreSQL's classes of errors that say it went away, or comes only now; a connection that was never made has no code."""


async def patiently(work: Callable[..., T], *arguments: Any) -> T:
    """The result of blocking work with a database, done in a thread; again while PostgreSQL is away, for four seconds.

    Only for work that may be done twice: it may have succeeded just when the connection broke.
    """
    end, pause = time.monotonic() + PATIENCE_SECONDS, 0.05
    while True:
        try:
            return await in_thread(work, *arguments)
        except DBAPIError as error:
            if not is_away(error) or time.monotonic() + pause > end:
                raise
        await asyncio.sleep(pause)
        pause = min(2 * pause, 0.5)


def is_away(error: DBAPIError) -> bool:
    """Whether the database server could not be reached, or ended the connection. Never so of SQLite, which is a file."""
    if not hasattr(error.orig, "pgcode"):
        return False
    return bool(error.connection_invalidated) or (error.orig.pgcode or "")[:2] in ("", *_AWAY[1:])
