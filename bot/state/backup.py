"""The whole state database in one file, from SQLite or PostgreSQL to either: JSON Lines in gzip.

A line says what the file is and at which revision its tables are. Each table follows, a line with its columns and a line for
each row. The last line counts the rows and holds the checksum of all lines before. Rows pass one by one: the memory it takes
does not grow with the database.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.state.database import snapshot
from bot.state.schema import SchemaError, current, revisions
from bot.state.tables import METADATA
from bot.state.times import iso, now

FORMAT, VERSION = "yibao-state", 1
_ROWS_AT_ONCE = 100


def back_up(engine: Engine, path: Path) -> dict[str, int]:
    """Write the database as it is at this moment, while others use it; how many rows, by table.

    Raises ``ValueError`` when there is such a file already or the tables are not at the newest revision.
    """
    part = path.with_name(f"{path.name}.part")
    if path.exists() or part.exists():
        raise ValueError(f"{path if path.exists() else part} exists: a back-up is never written over another file")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with gzip.open(file, "wt", encoding="utf-8", newline="\n") as lines, snapshot(engine) as connection:
                rows = _write(connection, lines)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    return rows


def our_tables(connection: Connection) -> list[sa.Table]:
    """The assistant's tables as they are in a database, those that others refer to first; JSON is text in them."""
    found = sa.MetaData()
    names = set(sa.inspect(connection).get_table_names())
    found.reflect(connection, only=sorted(names & set(METADATA.tables)))
    for table in found.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, sa.JSON):
                column.type = sa.Text()
    return list(found.sorted_tables)


def _write(connection: Connection, lines: TextIO) -> dict[str, int]:
    revision = current(connection)
    if revision != revisions()[-1]:
        raise SchemaError(f"the state database is at revision {revision!r}: run `python -m bot state upgrade` first")
    checksum, counts = hashlib.sha256(), {}

    def write(value: Any) -> None:
        line = json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
        checksum.update(line.encode())
        lines.write(line)

    write({"format": FORMAT, "version": VERSION, "revision": revision, "made": iso(now())})
    for table in our_tables(connection):
        write({"table": table.name, "columns": [column.name for column in table.columns]})
        counts[table.name] = 0
        for row in _rows(connection, table):
            write(row)
            counts[table.name] += 1
    write({"rows": counts, "sha256": checksum.hexdigest()})
    return counts


def _rows(connection: Connection, table: sa.Table) -> Iterator[list[Any]]:
    """The rows of a table in the order of their keys, times as texts."""
    columns = [sa.cast(column, sa.Text) if isinstance(column.type, sa.Text) else column for column in table.columns]
    query = sa.select(*columns).order_by(*table.primary_key.columns).execution_options(yield_per=_ROWS_AT_ONCE)
    with contextlib.closing(connection.execute(query)) as found:
        for row in found:
            yield [value.isoformat() if hasattr(value, "isoformat") else value for value in row]
