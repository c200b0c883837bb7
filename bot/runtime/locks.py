"""One message of a conversation after the other: in this process, or over all servers that share a Redis."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import LockError, RedisError

from bot.privacy import hashed

_log = logging.getLogger(__name__)
LEASE_SECONDS = 10.0
"""A server that died lets go after this long. A turn takes some hundredths of a second."""
_WAIT_SECONDS = 2 * LEASE_SECONDS
_LOOK_SECONDS = 0.05
_TRIES = 4


class ProcessLocks:
    """For one server."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def lock(self, conversation: str) -> AbstractAsyncContextManager[Any]:
        return self._locks.setdefault(conversation, asyncio.Lock())


class SharedLocks:
    """redis-py's lock holds off other servers, one in this process keeps the order of what came here.

    (Rasa's ticket locks read and write in two steps, so that two servers can draw the same ticket.) While Redis is away the
    lock of this process holds alone: rather two turns of a person at once, of which the later is remembered, than none.
    """

    def __init__(self, url: str, secret: bytes) -> None:
        self._redis = Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2)
        self._secret = secret
        self._here = ProcessLocks()

    @asynccontextmanager
    async def lock(self, conversation: str) -> AsyncIterator[None]:
        """Hold a conversation. Raises ``TimeoutError`` when other servers hold it for too long."""
        async with self._here.lock(conversation):
            token = uuid.uuid4().hex
            held = await self._take(f"yibao:lock:{hashed(self._secret, 'lock', conversation)}", token)
            try:
                yield
            finally:
                await _let_go(held, token)

    async def _take(self, name: str, token: str) -> Lock:
        lock = Lock(self._redis, name, timeout=LEASE_SECONDS, sleep=_LOOK_SECONDS, blocking_timeout=_WAIT_SECONDS)
        try:
            if await lock.acquire(token=token):
                return lock
        except RedisError as error:
            _log.warning("Redis does not answer (%s): a conversation is locked in this process only", type(error).__name__)
            return lock  # which may be taken all the same: to be let go, not to run out
        raise TimeoutError("a conversation is held by other servers all the time")


async def _let_go(lock: Lock, token: str) -> None:
    for _ in range(_TRIES):  # connections from before a restart of Redis fail once each
        try:
            await lock.do_release(token)
            return
        except LockError:
            return  # it ran out, or Redis has lost it or never had it
        except RedisError:
            continue
    _log.warning("Redis does not answer: a lock is left to run out")
