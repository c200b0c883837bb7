"""Opening the state database.

Every table of the assistant's own derives from :class:`Base`, in the room that uses it.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import declarative_base
from sqlalchemy.pool import QueuePool

from knowledge.database import open_postgres

Base = declarative_base()

_BUSY_MILLISECONDS = 5_000


def open_state(url: str) -> Engine:
    """A connection pool to the state database at ``url``; a file of SQLite is made with its folder.

    Errors do not show what was to be stored: it is what people wrote.
    """
    if not url.startswith("sqlite"):
        return open_postgres(url, hide_parameters=True)
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


def create_tables(engine: Engine) -> None:
    """Make the tables that are missing. Call it when every room that has tables is imported.

    Of servers that start at the same moment, one makes a table and the others, which fail, look again.
    """
    for _ in Base.metadata.tables:
        try:
            Base.metadata.create_all(engine)
            return
        except (OperationalError, ProgrammingError, IntegrityError):
            continue
    Base.metadata.create_all(engine)


def _share_the_file(connection: object, _: object) -> None:
    """Several processes may read while one writes, and wait for each other instead of failing."""
    connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[attr-defined]
    connection.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")  # type: ignore[attr-defined]
    connection.execute("PRAGMA synchronous=NORMAL")  # type: ignore[attr-defined]
