"""Rows for every table there is, made from its columns alone; and what a database holds."""

from __future__ import annotations

import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.state.tables import METADATA

MANY = 3
_TEXT = "住院费用“怎么报销”？\n第二行\t👵🏽\\ 'x' "
_TIME = datetime.datetime(2026, 2, 28, 23, 59, 59, 123456)
Content = dict[str, list[tuple[Any, ...]]]


def fill(engine: Engine, many: int = MANY) -> None:
    """Rows in every table, with every kind of value that its columns take."""
    with engine.begin() as connection:
        for table in METADATA.sorted_tables:
            for n in range(1, many + 1):
                connection.execute(sa.insert(table).values({column.name: _value(column, n) for column in table.columns}))


def content(engine: Engine) -> Content:
    """Every value of every table; JSON as text, so that no value and ``null`` differ."""
    found: Content = {}
    with engine.connect() as connection:
        for table in METADATA.sorted_tables:
            columns = [sa.cast(c, sa.Text) if isinstance(c.type, sa.JSON) else c for c in table.columns]
            found[table.name] = sorted((tuple(row) for row in connection.execute(sa.select(*columns))), key=str)
    return found


def _value(column: sa.Column[Any], n: int) -> Any:
    kind = column.type
    if column.nullable and n % MANY == 0:
        return sa.null()
    if isinstance(kind, sa.JSON):
        return None if n % MANY == 1 else {"问": [_TEXT, n, 0.1, None, True]}
    if isinstance(kind, sa.Boolean):
        return bool(n % 2)
    if isinstance(kind, sa.DateTime):
        return _TIME + datetime.timedelta(days=n)
    if isinstance(kind, sa.Float):
        return 1_767_225_600.1234567 + n
    if isinstance(kind, sa.Integer):
        return n
    if column.primary_key or column.unique or column.foreign_keys:
        return f"key:{n}"
    text = f"{n}{_TEXT}"
    return text[: kind.length] if kind.length else text * 20
