"""Opening the state database.

Every table of the assistant's own derives from :class:`Base`, in the room that uses it; ``tables.py`` lists them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import declarative_base
from sqlalchemy.pool import QueuePool

from knowledge.postgres import open_postgres, unhurried

Base = declarative_base()

_BUSY_MILLISECONDS = 3_000
_PATIENT_MILLISECONDS = 60_000
_LOCK = 0x59494241  # any number that nothing else in the database locks by


def open_state(url: str) -> Engine:
    """A connection pool to the state database at ``url``; a file of SQLite is made with its folder.

    Errors do not show what was to be stored: it is what people wrote.
    """
    if not url.startswith("sqlite"):
        return open_postgres(url, hurried=True, hide_parameters=True)
    path = sa.engine.make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url,
        future=True,
        hide_parameters=True,
        connect_args={"check_same_thread": False},
        poolclass=QueuePool if path else None,  # to close the last connection would write the whole log back each time
    )
    event.listen(engine, "connect", _share_the_file)
    return engine


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """A transaction beside which no other of this kind runs, in this process or another: for changing the tables themselves.

    On SQLite nobody else writes meanwhile; on PostgreSQL an advisory lock holds off those who ask for it.
    """
    with _transaction(engine, "BEGIN IMMEDIATE") as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        yield connection


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees the database as it was at its beginning, whatever others write meanwhile."""
    with _transaction(engine, "BEGIN", isolation_level="REPEATABLE READ") as connection:
        yield connection


@contextmanager
def long_work(engine: Engine) -> Iterator[Connection]:
    """A transaction that may take minutes: nobody waits for it. All others end within seconds, with an error."""
    with _transaction(engine, "BEGIN") as connection:
        yield connection


@contextmanager
def _transaction(engine: Engine, on_sqlite: str, **on_others: str) -> Iterator[Connection]:
    """One that may take its time.

    SQLite's driver begins transactions late and never for a change of tables: there it is told when and how.
    """
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            with connection.execution_options(**on_others).begin(), unhurried(connection):
                yield connection
            return
        driver = connection.connection.dbapi_connection
        usual, driver.isolation_level = driver.isolation_level, None
        driver.execute(f"PRAGMA busy_timeout={_PATIENT_MILLISECONDS}")
        try:
            with connection.begin():
                connection.exec_driver_sql(on_sqlite)
                yield connection
        finally:
            driver.isolation_level = usual
            driver.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")


def _share_the_file(connection: object, _: object) -> None:
    """Several processes may read while one writes, and wait for each other instead of failing."""
    connection.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")  # type: ignore[attr-defined]
    connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[attr-defined]
    connection.execute("PRAGMA synchronous=NORMAL")  # type: ignore[attr-defined]
