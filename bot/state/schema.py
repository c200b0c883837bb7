"""The tables of the state database, brought to the newest revision that this version of the code knows.

Alembic changes them, by the files of ``migrations/versions``. Whether there is anything to change is seen without it.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.state.database import alone

_VERSIONS = Path(__file__).with_name("migrations") / "versions"


class SchemaError(ValueError):
    """The tables are not as this version of the code can use or change them; the message says what to do."""


def revisions() -> tuple[str, ...]:
    """The revisions that this version of the code knows, the newest last: the numbers that the files' names begin with."""
    return tuple(sorted(path.name.partition("_")[0] for path in _VERSIONS.glob("*_*.py")))


def current(connection: Connection) -> str | None:
    """The revision of a database; ``None`` for an empty one, and for one from before there were revisions."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def upgrade(engine: Engine) -> None:
    """Bring a database to the newest revision. Of servers that start at the same moment, one does it and the others wait.

    Raises :class:`SchemaError` for a database that is newer than the code, or whose tables are none of ours.
    """
    with engine.connect() as connection:
        if current(connection) == revisions()[-1]:
            return
    with alone(engine) as connection:
        change(connection)


def change(connection: Connection, revision: str = "head") -> None:
    """Bring the database to a revision, within the connection's transaction. Raises :class:`SchemaError` as :func:`upgrade`."""
    check_known(current(connection), "the state database")
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "bot.state:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def check_known(revision: str | None, what: str) -> None:
    """Raises :class:`SchemaError` for a revision that only a newer version of the code can know."""
    if revision is not None and revision not in revisions():
        raise SchemaError(
            f"{what} is at revision {revision!r}, this version of the assistant knows those up to {revisions()[-1]!r}: "
            "a newer version wrote it. Run that version, or restore a back-up made before."
        )
