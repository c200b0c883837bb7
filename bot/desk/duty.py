"""Who is on duty for conversations."""

from __future__ import annotations

import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.accounts.people import AccountRow
from bot.state.database import Base
from bot.state.times import now

LAPSES = datetime.timedelta(hours=12)
"""Who forgot to go off duty is not on duty tomorrow."""


class DutyRow(Base):
    __tablename__ = "duty"

    name = sa.Column(sa.String(64), primary_key=True)
    since = sa.Column(sa.DateTime, nullable=False)


def set_duty(state: Engine, name: str, on: bool) -> None:
    with Session(state) as session, session.begin():
        if on:
            session.merge(DutyRow(name=name, since=now()))
        else:
            session.execute(sa.delete(DutyRow).where(DutyRow.name == name))


def on_duty(state: Engine) -> list[str]:
    """The names of those on duty now."""
    query = (
        sa.select(DutyRow.name)
        .join(AccountRow, AccountRow.name == DutyRow.name)
        .where(DutyRow.since > now() - LAPSES, AccountRow.disabled.is_(False))
        .order_by(DutyRow.name)
    )
    with Session(state) as session:
        return list(session.execute(query).scalars())
