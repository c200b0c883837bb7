"""Building the database from the data files, and opening it.

The address is an SQLAlchemy URL: a file of SQLite by default, PostgreSQL where many servers share one.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from knowledge import check, files
from knowledge.catalogue import load_catalogue
from knowledge.facts import entry_facts
from knowledge.models import Base, BuildRow, EntryRow, FactRow, GuideRow
from knowledge.regions import load_regions
from knowledge.schema import Guide

DEFAULT_URL = f"sqlite:///{files.DATA / 'knowledge.sqlite'}"

_log = logging.getLogger(__name__)
_POSTGRES = {
    "pool_pre_ping": True,  # after a restart of PostgreSQL no request meets a connection from before
    "pool_timeout": 5,
    "connect_args": {
        "connect_timeout": 3,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 8_000,
    },
}
"""A PostgreSQL whose machine is gone is noticed within seconds (``tcp_user_timeout``: milliseconds), not minutes."""


def open_postgres(url: str, **more: Any) -> Engine:
    """A connection pool to PostgreSQL that gets over its restarts; ``more`` is for SQLAlchemy's ``create_engine``."""
    return sa.create_engine(url, future=True, **_POSTGRES, **more)


def open_engine(url: str = DEFAULT_URL) -> Engine:
    """A connection pool to the database at ``url``."""
    if not url.startswith("sqlite"):
        return open_postgres(url)
    return sa.create_engine(url, future=True, poolclass=QueuePool, connect_args={"check_same_thread": False})


def is_current(engine: Engine, folder: Path = files.DATA) -> bool:
    """Whether the database was built from the data files as they are now. False where it is missing or broken."""
    try:
        with Session(engine) as session:
            return session.get(BuildRow, files.fingerprint(folder)) is not None
    except sa.exc.SQLAlchemyError:
        return False


def build(engine: Engine, folder: Path = files.DATA) -> int:
    """Check the data files and put them into the database, in one transaction: all or nothing.

    Returns the number of entries. Raises :class:`knowledge.files.DataError`, and changes nothing, if a file is faulty.
    """
    guides = files.read_guides(folder)
    problems = check.problems(guides)
    if problems:
        raise files.DataError("\n".join(map(str, problems)))
    _set_aside_if_broken(engine)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")  # its driver would commit before changing tables
        Base.metadata.drop_all(connection)
        Base.metadata.create_all(connection)
        _insert(Session(connection), guides)
        connection.execute(
            sa.insert(BuildRow).values(fingerprint=files.fingerprint(folder), built_at=datetime.datetime.utcnow())
        )
    return sum(len(guide.entries) for guide in guides)


def _insert(session: Session, guides: Iterable[Guide]) -> None:
    labels = {key: circumstance.label for key, circumstance in load_catalogue().circumstances.items()}
    regions = load_regions()
    entry_id = 0
    for guide in guides:
        facts = []
        session.add(
            GuideRow(
                id=guide.id,
                title=guide.title,
                jurisdiction=guide.jurisdiction,
                region=guide.region,
                year=guide.year,
                rank=regions.rank(guide.region),
            )
        )
        for entry in guide.entries:
            entry_id += 1
            session.add(
                EntryRow(
                    id=entry_id,
                    guide_id=guide.id,
                    item=entry.item,
                    title=entry.title,
                    number=entry.number,
                    code=entry.code,
                    unknown=entry.unknown,
                    mended=[mend.dict() for mend in entry.mended],
                )
            )
            for key, values in entry_facts(entry, guide.id, labels).items():
                facts += [{"entry_id": entry_id, "key": key, "position": n, "fact": fact} for n, fact in enumerate(values)]
        session.flush()
        session.execute(sa.insert(FactRow), facts)


def _set_aside_if_broken(engine: Engine) -> None:
    """A file that is no SQLite database cannot be built into: it is kept beside, under another name."""
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or not Path(path).exists():
        return
    try:
        with engine.connect() as connection:
            if connection.execute(sa.text("PRAGMA quick_check")).scalar() == "ok":
                return
    except sa.exc.DatabaseError:
        pass
    engine.dispose()
    broken = Path(path).with_suffix(".broken")
    Path(path).replace(broken)
    _log.warning("%s is no sound database: kept as %s, building anew", path, broken.name)
