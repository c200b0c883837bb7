"""PostgreSQL as it is opened here: what goes away, or stands still, holds nobody up for long.

A server that is gone closes its connections. One that hangs (a stopped process, storage that does not answer) leaves them
open, and libpq waits for ever; so psycopg2 waits here, with a limit, where people wait for the result.
"""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import sqlalchemy as sa
from psycopg2 import extensions
from sqlalchemy.engine import Engine

ANSWER_SECONDS = 3.0
"""A server that has not answered a statement, or a wish to connect, after this long hangs."""
_SETTINGS = {
    "pool_pre_ping": True,  # after a restart of PostgreSQL no request meets a connection from before
    "pool_timeout": ANSWER_SECONDS,
}
_NOTICED = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 8_000}
"""A PostgreSQL whose machine is gone is noticed within seconds (``tcp_user_timeout``: milliseconds), not minutes."""
_ENDS = "-c statement_timeout=2500 -c idle_in_transaction_session_timeout=10000"
"""Milliseconds. The server ends by itself what waits for a lock, before its client stops to wait; and it lets go of what a
client holds that hangs itself."""


def open_postgres(url: str, hurried: bool, **more: Any) -> Engine:
    """A connection pool to PostgreSQL that gets over its restarts; ``more`` is for SQLAlchemy's ``create_engine``.

    A ``hurried`` one is for those whom people wait for: statements end within :data:`ANSWER_SECONDS`, with an error.
    """
    extensions.set_wait_callback(_wait)
    address = sa.engine.make_url(url)
    settings: dict[str, Any] = dict(_NOTICED)
    if hurried:
        settings["connection_factory"] = type("HurriedConnection", (_HurriedConnection,), {"fuse": Fuse()})
        settings["options"] = f"{_ENDS} {address.query.get('options', '')}"  # of two, PostgreSQL takes the last
    return sa.create_engine(address, future=True, connect_args=settings, **_SETTINGS, **more)


@contextmanager
def unhurried(connection: sa.engine.Connection) -> Iterator[None]:
    """Let the transaction that has begun take its time."""
    connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
    connection.execute(sa.text("SET LOCAL idle_in_transaction_session_timeout = 0"))
    driver = connection.connection.dbapi_connection
    driver.hurried = False
    try:
        yield
    finally:
        driver.hurried = True


class Fuse:
    """While a server hangs, one at a time tries whether it still does; the others fail at once, and hold no thread."""

    def __init__(self) -> None:
        self._hangs = False
        self._trial = threading.Lock()

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Around waiting for the server. Raises ``psycopg2.OperationalError`` when somebody else tries already."""
        tries = self._hangs and self._trial.acquire(blocking=False)
        if self._hangs and not tries:
            raise psycopg2.OperationalError("the database hangs")
        try:
            yield
            self._hangs = False
        except _Silence:
            self._hangs = True
            raise
        except psycopg2.Error:  # also an answer
            self._hangs = False
            raise
        finally:
            if tries:
                self._trial.release()


class _HurriedConnection(extensions.connection):
    """Every engine's has a fuse of its own."""

    fuse: Fuse
    hurried = True


class _Silence(psycopg2.OperationalError):
    """No answer in time."""


def _wait(connection: Any) -> None:
    """psycopg2's way of waiting. What it raises closes the connection: nobody knows what will still come through it."""
    if getattr(connection, "hurried", False):
        with connection.fuse.closed():
            _poll(connection, ANSWER_SECONDS)
    else:  # libpq's own ``connect_timeout`` does not count where psycopg2 waits
        _poll(connection, ANSWER_SECONDS if connection.status == extensions.STATUS_SETUP else None)


def _poll(connection: Any, seconds: float | None) -> None:
    end = None if seconds is None else time.monotonic() + seconds
    while (state := connection.poll()) != extensions.POLL_OK:
        ready = select.poll()
        ready.register(connection.fileno(), select.POLLIN if state == extensions.POLL_READ else select.POLLOUT)
        if not ready.poll(None if end is None else max(0.0, end - time.monotonic()) * 1000):
            raise _Silence("the database does not answer")
