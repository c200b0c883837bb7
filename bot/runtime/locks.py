"""One person's messages one after the other, over all servers that share a Redis.

Rasa's store of locks reads and writes its tickets in two steps, so that two servers can take the same ticket, and waits
whole seconds. Here redis-py's lock holds off other servers, and a lock in this process keeps the order of what it got.

Without Redis, or while it is away, the lock of this process holds alone: rather two turns of a person at once, of which the
later is remembered, than none.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from rasa.core.lock_store import LockError
from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import LockError as NotHeld
from redis.exceptions import RedisError

from bot.privacy import hashed

_log = logging.getLogger(__name__)
LEASE_SECONDS = 10.0
"""A server that died lets go after this long. A turn takes some hundredths of a second."""
_WAIT_SECONDS = 2 * LEASE_SECONDS
_LOOK_SECONDS = 0.05


class ConversationLocks:
    """``url`` is that of Redis; without it, locks hold in this process."""

    def __init__(self, secret: bytes, url: str | None = None) -> None:
        self._secret = secret
        self._shared = Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2) if url else None
        self._here: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def lock(self, conversation: str) -> AsyncIterator[None]:
        """Hold a conversation. Raises rasa's ``LockError`` when others hold it for too long."""
        async with self._here.setdefault(conversation, asyncio.Lock()):
            held = await self._take(conversation)
            try:
                yield
            finally:
                await self._let_go(held)

    async def _take(self, conversation: str) -> Lock | None:
        if self._shared is None:
            return None
        name = f"yibao:lock:{hashed(self._secret, conversation)}"
        lock = Lock(self._shared, name, timeout=LEASE_SECONDS, sleep=_LOOK_SECONDS, blocking_timeout=_WAIT_SECONDS)
        try:
            if await lock.acquire():
                return lock
        except RedisError as error:
            _log.warning("Redis does not answer (%s): a conversation is locked in this process only", type(error).__name__)
            return None
        raise LockError("a conversation is held by other servers all the time")

    async def _let_go(self, lock: Lock | None) -> None:
        try:
            if lock:
                await lock.release()
        except NotHeld:
            _log.warning("a turn took longer than its lock of %s s", LEASE_SECONDS)
        except RedisError as error:
            _log.warning("Redis does not answer (%s): a lock is left to run out", type(error).__name__)
