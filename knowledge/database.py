"""Building the database from the data files, and opening it.

The address is an SQLAlchemy URL: a file of SQLite by default, PostgreSQL where many servers share one.
"""

from __future__ import annotations

import datetime
import logging
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from knowledge import check, files, versions
from knowledge.catalogue import load_catalogue
from knowledge.facts import entry_facts
from knowledge.models import Base, BuildRow, EntryRow, FactRow, GuideRow, VersionRow
from knowledge.postgres import open_postgres
from knowledge.regions import load_regions
from knowledge.schema import Guide

DEFAULT_URL = f"sqlite:///{files.DATA / 'knowledge.sqlite'}"

_log = logging.getLogger(__name__)


def open_engine(url: str = DEFAULT_URL, hurried: bool = False) -> Engine:
    """A connection pool to the database at ``url``; ``hurried`` where people wait for what is read."""
    if not url.startswith("sqlite"):
        return open_postgres(url, hurried)
    return sa.create_engine(url, future=True, poolclass=QueuePool, connect_args={"check_same_thread": False})


def is_current(engine: Engine, folder: Path = files.DATA) -> bool:
    """Whether the database holds what it should: the data files as they are now, or the version chosen by hand.

    False where it is missing or broken.
    """
    try:
        with Session(engine) as session:
            built = session.execute(sa.select(BuildRow.fingerprint, BuildRow.held)).one_or_none()
            return built is not None and (built.held or built.fingerprint == files.fingerprint(folder))
    except sa.exc.SQLAlchemyError:
        return False


def build(engine: Engine, folder: Path = files.DATA) -> int:
    """Check the data files and put them into the database, in one transaction: all or nothing, and read meanwhile as before.

    Returns the number of entries. Raises :class:`knowledge.files.DataError`, and changes nothing, if a file is faulty.
    """
    guides = _checked(folder)
    _set_aside_if_broken(engine)
    fingerprint = files.fingerprint(folder)
    with _rebuilding(engine) as session:
        _insert(session, guides)
        session.add(_build(fingerprint, versions.add(session, fingerprint, files.guide_paths(folder)), held=False))
    return sum(len(guide.entries) for guide in guides)


def use_version(engine: Engine, number: int) -> int:
    """Let the guides of an earlier version answer again, until :func:`build` is called. Returns the number of entries.

    Raises :class:`knowledge.files.DataError`, and changes nothing, if there is no such version or today's code cannot use it.
    """
    with tempfile.TemporaryDirectory() as folder:
        fingerprint = versions.write_out(engine, number, Path(folder) / "guides")
        guides = _checked(Path(folder))
    with _rebuilding(engine) as session:
        _insert(session, guides)
        session.add(_build(fingerprint, number, held=True))
    return sum(len(guide.entries) for guide in guides)


def _checked(folder: Path) -> list[Guide]:
    guides = files.read_guides(folder)
    problems = check.problems(guides)
    if problems:
        raise files.DataError("\n".join(map(str, problems)))
    return guides


def _build(fingerprint: str, version: int, held: bool) -> BuildRow:
    return BuildRow(fingerprint=fingerprint, built_at=datetime.datetime.utcnow(), version=version, held=held)


@contextmanager
def _rebuilding(engine: Engine) -> Iterator[Session]:
    """A session in which every table but the versions is empty; committed at the end."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA cache_spill = OFF")  # readers are not locked out before the end
            connection.exec_driver_sql("BEGIN")  # its driver would commit before changing tables
        tables = [table for table in Base.metadata.sorted_tables if table.name != VersionRow.__tablename__]
        if _are_there(connection):
            for table in reversed(tables):
                connection.execute(sa.delete(table))
        else:
            Base.metadata.drop_all(connection, tables)
            Base.metadata.create_all(connection)
        with Session(connection) as session:
            yield session
            session.flush()


def _are_there(connection: sa.engine.Connection) -> bool:
    """Whether all tables exist in today's shape: they need not be dropped then, which would lock readers out."""
    inspector = sa.inspect(connection)
    return all(
        inspector.has_table(table.name)
        and {column["name"] for column in inspector.get_columns(table.name)} == set(table.columns.keys())
        for table in Base.metadata.sorted_tables
    )


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
