"""Ratings of answers (有用 / 没用, why), from every front door in one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.privacy import mask
from bot.state.database import Base
from bot.state.times import now
from bot.watch.metrics import series

LONGEST_REASON = 500


class RatingRow(Base):
    """One rating: what was answered, where, and whether it helped. Nothing of who asked but the hashed conversation."""

    __tablename__ = "ratings"

    id = sa.Column(sa.Integer, primary_key=True)
    at = sa.Column(sa.DateTime, nullable=False, index=True)
    conversation = sa.Column(sa.String(128), nullable=False, index=True)
    item = sa.Column(sa.String(64))
    region = sa.Column(sa.String(128))
    jurisdiction = sa.Column(sa.String(32))
    aspects = sa.Column(sa.JSON, nullable=False)
    useful = sa.Column(sa.Boolean, nullable=False)
    reason = sa.Column(sa.String(LONGEST_REASON))


def rate(state: Engine, conversation: str, payload: Mapping[str, Any], useful: bool, reason: str | None = None) -> int:
    """Store what a person thinks of the answer ``payload`` (the answer contract's); the rating's number."""
    with Session(state) as session, session.begin():
        row = RatingRow(
            at=now(),
            conversation=conversation,
            item=(payload.get("item") or {}).get("id"),
            region=(payload.get("region") or {}).get("path"),
            jurisdiction=payload.get("jurisdiction"),
            aspects=list(payload.get("aspects") or ()),
            useful=useful,
            reason=_stored(reason),
        )
        session.add(row)
        session.flush()
        number = int(row.id)
    series("ratings", conversation.partition(":")[0], "yes" if useful else "no").inc()
    return number


def give_reason(state: Engine, rating: int, reason: str) -> None:
    """Add why to a rating that is stored already."""
    with Session(state) as session, session.begin():
        session.execute(sa.update(RatingRow).where(RatingRow.id == rating).values(reason=_stored(reason)))


def _stored(reason: str | None) -> str | None:
    return mask(reason)[:LONGEST_REASON] if reason else None
