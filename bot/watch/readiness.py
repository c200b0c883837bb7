"""Whether a message would be answered: each part that it needs, tried, and since when one fails.

A part that does not answer within a time limit fails. Checks are shared by all who ask within a second, so probes cost nothing.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import redis
from sanic import Sanic

from bot.services import Services
from bot.state.documents import SqlDocuments
from bot.state.times import iso, now
from knowledge.database import is_current

Check = Callable[[], bool]
LIMIT_SECONDS = 3.0
HELPS = frozenset({"redis"})
"""Parts without which messages are answered still, on the web at least: told, and no reason to send people away."""
_FRESH_SECONDS = 1.0
_KEPT_SECONDS = 60
_log = logging.getLogger(__name__)


class Readiness:
    """The parts of one process."""

    def __init__(self, checks: Mapping[str, Check], limit: float = LIMIT_SECONDS) -> None:
        self._checks, self._limit = checks, limit
        self._threads = ThreadPoolExecutor(len(checks), thread_name_prefix="readiness")
        self._running: dict[str, asyncio.Future[bool]] = {}
        self._failing: dict[str, str] = {}
        self._look: asyncio.Task[dict[str, bool]] | None = None
        self._looked = float("-inf")

    async def look(self) -> tuple[dict[str, bool], dict[str, str]]:
        """Which parts are ready, and since when (UTC) those that are not have not been."""
        if self._look is None or (self._look.done() and time.monotonic() - self._looked > _FRESH_SECONDS):
            self._look = asyncio.ensure_future(self._try_all())
        return dict(await asyncio.shield(self._look)), dict(self._failing)

    async def _try_all(self) -> dict[str, bool]:
        answers = await asyncio.gather(*(self._try(part) for part in self._checks))
        parts = dict(zip(self._checks, answers, strict=True))
        for part, ready in parts.items():
            if ready and part in self._failing:
                del self._failing[part]
                _log.warning("%s is ready again", part)
            elif not ready and part not in self._failing:
                self._failing[part] = iso(now())
                _log.error("%s is not ready", part)
        self._looked = time.monotonic()
        return parts

    async def _try(self, part: str) -> bool:
        """A check that still hangs from before is not started again."""
        if part not in self._running or self._running[part].done():
            self._running[part] = asyncio.get_running_loop().run_in_executor(self._threads, self._checks[part])
        attempt = self._running[part]
        await asyncio.wait({attempt}, timeout=self._limit)
        if not attempt.done():
            return False
        if error := attempt.exception():
            _log.debug("%s cannot be used", part, exc_info=error)
            return False
        return attempt.result()


def readiness_of(app: Sanic, services: Services) -> Readiness:
    """The parts that a message needs here: the model, the knowledge base, the state database, Redis where one is shared."""
    checks: dict[str, Check] = {
        "model": lambda: hasattr(app.ctx, "agent"),
        "knowledge": partial(is_current, services.knowledge.engine),
        "state": partial(_can_write, SqlDocuments(services.state)),
    }
    if services.redis:
        checks["redis"] = partial(_can_keep, services.redis)
    return Readiness(checks)


def _can_write(documents: SqlDocuments) -> bool:
    """A full disk and a database that only reads show themselves when something is written."""
    documents.change(_key(), lambda document: document.update(at=time.time()), _KEPT_SECONDS)
    return True


def _can_keep(server: redis.Redis) -> bool:
    """A Redis that is full still answers, and reads."""
    return bool(server.set(f"yibao:{_key()}", 1, ex=_KEPT_SECONDS))


def _key() -> str:
    return f"ready:{socket.gethostname()[:64]}:{os.getpid()}"
