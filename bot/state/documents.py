"""Small JSON documents that several servers change together: in Redis when configured, else in the state database.

A change is atomic: it reads the document, changes it and writes it back, again from the start when another server was
faster. So the function that changes it may run more than once. Documents expire. Every method blocks.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import redis
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from bot.services import Services
from bot.state.database import Base

T = TypeVar("T")
_TRIES = 200
_LONGEST_PAUSE = 0.02
_SWEEP_SECONDS = 60


class Documents(Protocol):
    def get(self, key: str) -> dict[str, Any]:
        """The document; empty when there is none."""
        ...

    def change(self, key: str, change: Callable[[dict[str, Any]], T], seconds: float) -> T:
        """Change a document in place and keep it for ``seconds``; what ``change`` returned.

        Raises ``TimeoutError`` when others keep changing it.
        """
        ...

    def delete(self, key: str) -> bool:
        """Delete a document; whether there was one."""
        ...


class DocumentRow(Base):
    """One document. ``expires_at`` is seconds since 1970."""

    __tablename__ = "documents"

    key = sa.Column(sa.String(200), primary_key=True)
    value = sa.Column(sa.JSON, nullable=False)
    version = sa.Column(sa.Integer, nullable=False)
    expires_at = sa.Column(sa.Float, nullable=False, index=True)


class SqlDocuments:
    """Documents as rows with a version: a write counts only when nobody wrote since the read."""

    def __init__(self, state: Engine) -> None:
        self._state = state
        self._swept = time.monotonic()

    def get(self, key: str) -> dict[str, Any]:
        return self._read(key)[0]

    def change(self, key: str, change: Callable[[dict[str, Any]], T], seconds: float) -> T:
        self._sweep()
        for _ in range(_TRIES):
            value, version = self._read(key)
            result = change(value)
            if self._write(key, value, version, time.time() + seconds):
                return result
            time.sleep(random.uniform(0, _LONGEST_PAUSE))
        raise TimeoutError("a shared document is changed by others all the time")

    def delete(self, key: str) -> bool:
        with self._state.begin() as connection:
            return bool(connection.execute(sa.delete(DocumentRow.__table__).where(DocumentRow.key == key)).rowcount)

    def _read(self, key: str) -> tuple[dict[str, Any], int | None]:
        query = sa.select(DocumentRow.value, DocumentRow.version, DocumentRow.expires_at).where(DocumentRow.key == key)
        with self._state.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return {}, None
        return (row.value if row.expires_at > time.time() else {}), row.version

    def _write(self, key: str, value: dict[str, Any], version: int | None, expires_at: float) -> bool:
        values = {"value": value, "version": (version or 0) + 1, "expires_at": expires_at}
        table = DocumentRow.__table__
        try:
            with self._state.begin() as connection:
                if version is None:
                    return bool(connection.execute(sa.insert(table).values(key=key, **values)).rowcount)
                unchanged = (table.c.key == key, table.c.version == version)
                return bool(connection.execute(sa.update(table).where(*unchanged).values(**values)).rowcount)
        except IntegrityError:  # another server made it meanwhile
            return False

    def _sweep(self) -> None:
        """Delete what has expired, now and then."""
        if time.monotonic() - self._swept < _SWEEP_SECONDS:
            return
        self._swept = time.monotonic()
        with self._state.begin() as connection:
            connection.execute(sa.delete(DocumentRow.__table__).where(DocumentRow.__table__.c.expires_at < time.time()))


class RedisDocuments:
    """Documents as strings of JSON, watched while they are changed."""

    def __init__(self, server: redis.Redis) -> None:
        self._redis = server

    def get(self, key: str) -> dict[str, Any]:
        return _loaded(self._redis.get(_name(key)))

    def change(self, key: str, change: Callable[[dict[str, Any]], T], seconds: float) -> T:
        name = _name(key)
        for _ in range(_TRIES):
            with self._redis.pipeline() as pipeline:
                try:
                    pipeline.watch(name)
                    value = _loaded(pipeline.get(name))
                    result = change(value)
                    pipeline.multi()
                    pipeline.set(name, json.dumps(value), px=max(1, int(seconds * 1000)))
                    pipeline.execute()
                    return result
                except redis.WatchError:
                    time.sleep(random.uniform(0, _LONGEST_PAUSE))
        raise TimeoutError("a shared document is changed by others all the time")

    def delete(self, key: str) -> bool:
        return bool(self._redis.delete(_name(key)))


def open_documents(services: Services) -> Documents:
    """The documents of this deployment."""
    return RedisDocuments(services.redis) if services.redis else SqlDocuments(services.state)


def _name(key: str) -> str:
    return f"yibao:{key}"


def _loaded(text: bytes | str | None) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(text) if text else {}
    return value
