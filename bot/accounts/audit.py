"""The audit log: who did what to which conversation or call, and when. Never what was said."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.state.database import Base
from bot.state.times import iso, now

MOST = 200
SEEN_AGAIN = datetime.timedelta(minutes=30)
BY_COMMAND = "command line"
"""Who did what was done by a command: no account has a blank in its name."""


class AuditRow(Base):
    __tablename__ = "audit"

    id = sa.Column(sa.Integer, primary_key=True)
    at = sa.Column(sa.DateTime, nullable=False, index=True)
    who = sa.Column(sa.String(64), nullable=False, index=True)
    what = sa.Column(sa.String(32), nullable=False)
    subject = sa.Column(sa.String(128), index=True)


def note(state: Engine, who: str, what: str, subject: str | None = None) -> None:
    with Session(state) as session, session.begin():
        session.add(AuditRow(at=now(), who=who, what=what, subject=subject))


def note_seen(state: Engine, who: str, what: str, subjects: Collection[str]) -> None:
    """Note that a person was shown subjects: each when it is new to them, and anew after :data:`SEEN_AGAIN`.

    A screen that looks every few seconds leaves what an auditor asks for, who saw this and when, and not a line a look.
    """
    known = sa.select(AuditRow.subject).where(
        AuditRow.subject.in_(subjects), AuditRow.who == who, AuditRow.what == what, AuditRow.at > now() - SEEN_AGAIN
    )
    with Session(state) as session, session.begin():
        new = set(subjects).difference(session.execute(known).scalars())
        session.add_all(AuditRow(at=now(), who=who, what=what, subject=subject) for subject in sorted(new))


def entries(
    state: Engine, who: str | None = None, subject: str | None = None, before: int | None = None
) -> list[dict[str, Any]]:
    """The newest :data:`MOST` entries, of one person or about one subject if asked."""
    query = sa.select(AuditRow).order_by(AuditRow.id.desc()).limit(MOST)
    for column, value in ((AuditRow.who, who), (AuditRow.subject, subject)):
        if value is not None:
            query = query.where(column == value)
    if before is not None:
        query = query.where(AuditRow.id < before)
    with Session(state) as session:
        return [
            {"id": row.id, "at": iso(row.at), "who": row.who, "what": row.what, "subject": row.subject}
            for row in session.execute(query).scalars()
        ]
