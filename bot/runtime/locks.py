"""One message of a conversation after the other: in this process, or over all servers that share a Redis."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Any
from weakref import WeakValueDictionary

import redis
from rasa.core.lock_store import RedisLockStore

_RETRY_SECONDS = 0.1


class ProcessLocks:
    """For one server."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def lock(self, conversation: str) -> AbstractAsyncContextManager[Any]:
        return self._locks.setdefault(conversation, asyncio.Lock())


class SharedLocks:
    """Rasa's ticket locks in a Redis."""

    def __init__(self, url: str) -> None:
        where = redis.connection.parse_url(url)
        self._store = RedisLockStore(
            **{key: where[key] for key in ("host", "port", "db", "username", "password") if key in where}
        )

    def lock(self, conversation: str) -> AbstractAsyncContextManager[Any]:
        return self._store.lock(conversation, wait_time_in_seconds=_RETRY_SECONDS)  # type: ignore[no-any-return]
