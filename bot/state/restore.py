"""A state database from a back-up: whole or, when anything is wrong, not at all."""

from __future__ import annotations

import datetime
import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.state.backup import FORMAT, VERSION, our_tables
from bot.state.database import alone
from bot.state.schema import change, check_known

_ROWS_AT_ONCE = 100


class BadBackup(ValueError):
    """The file is no back-up, or not all of one."""


def restore(engine: Engine, path: Path, replace: bool = False) -> dict[str, int]:
    """Fill an empty database from a back-up, and bring it to the newest revision, in one transaction; how many rows, by table.

    With ``replace``, what the database holds is deleted first. Raises ``FileNotFoundError``; :class:`BadBackup`;
    ``ValueError`` when the database is not empty; ``SchemaError`` for the back-up of a newer version of the assistant.
    Whatever it raises, the database is as it was.
    """
    revision = _verified_revision(path)
    with gzip.open(path, "rb") as lines, alone(engine) as connection:
        _drop(connection, replace)
        change(connection, revision)
        rows = _fill(connection, lines)
        change(connection)
    return rows


def _verified_revision(path: Path) -> str:
    """Read the whole file before anything is touched; the revision that its tables are at."""
    checksum = hashlib.sha256()
    try:
        with gzip.open(path, "rb") as lines:
            first = last = next(lines)
            for line in lines:
                checksum.update(last)
                last = line
        head, end = json.loads(first), json.loads(last)
    except FileNotFoundError:
        raise
    except (StopIteration, EOFError, OSError, zlib.error, ValueError):
        raise BadBackup(f"{path} is cut off or damaged, or no back-up at all. Nothing was changed.") from None
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise BadBackup(f"{path} is no back-up of the state database. Nothing was changed.")
    if head.get("version") != VERSION:
        raise BadBackup(f"{path} is of format {head.get('version')!r}, this version reads {VERSION}. Nothing was changed.")
    if not isinstance(end, dict) or end.get("sha256") != checksum.hexdigest():
        raise BadBackup(f"{path} is not what was written: it is cut off or damaged. Nothing was changed.")
    revision = str(head["revision"])
    check_known(revision, str(path))
    return revision


def _drop(connection: Connection, replace: bool) -> None:
    """Drop the tables, when they hold nothing or are to be replaced."""
    tables = our_tables(connection)
    if tables and connection.dialect.name == "postgresql":  # from here on nobody adds a row, which would be lost
        names = ", ".join(connection.dialect.identifier_preparer.format_table(table) for table in tables)
        connection.execute(sa.text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))
    full = [table.name for table in tables if connection.execute(sa.select(table).limit(1)).first()]
    if full and not replace:
        raise ValueError(
            f"the database is not empty ({', '.join(full)}): --replace deletes what it holds. Nothing was changed."
        )
    for table in reversed(tables):
        table.drop(connection)
    connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))


def _fill(connection: Connection, lines: Iterable[bytes]) -> dict[str, int]:
    """Insert the rows of every table."""
    tables = {table.name: table for table in our_tables(connection)}
    counts: dict[str, int] = {}
    table: Any = None
    columns: list[Any] = []
    rows: list[dict[str, Any]] = []
    for line in map(json.loads, lines):
        if rows and (len(rows) == _ROWS_AT_ONCE or not isinstance(line, list)):
            connection.execute(sa.insert(table), rows)
            rows = []
        if isinstance(line, list):
            rows.append({column.name: _value(column, value) for column, value in zip(columns, line, strict=True)})
            counts[table.name] += 1
        elif "table" in line:
            table = tables[line["table"]]
            columns = [table.columns[name] for name in line["columns"]]
            counts[table.name] = 0
    if connection.dialect.name == "postgresql":
        for filled in tables.values():
            _count_on(connection, filled)
    return counts


def _value(column: sa.Column, value: Any) -> Any:
    return datetime.datetime.fromisoformat(value) if isinstance(column.type, sa.DateTime) and value else value


def _count_on(connection: Connection, table: sa.Table) -> None:
    """The next row that PostgreSQL numbers gets the number after the highest."""
    for column in table.primary_key.columns:
        if isinstance(column.type, sa.Integer):
            sequence = sa.func.pg_get_serial_sequence(table.name, column.name)  # none: nothing is set
            after = sa.select(sa.func.coalesce(sa.func.max(column), 0) + 1).scalar_subquery()
            connection.execute(sa.select(sa.func.setval(sequence, after, sa.false())))
