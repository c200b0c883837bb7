"""The last turns of every conversation, masked, for the people who may have to take it over; kept for a day."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.desk.conversations import BOT, CITIZEN, Said
from bot.services import services
from bot.state.database import Base
from bot.state.patience import once
from bot.state.times import now

KEPT_DAYS = 1
_LAST = 20
_log = logging.getLogger(__name__)


class TurnRow(Base):
    """What a citizen said, masked, and what the bot answered."""

    __tablename__ = "recent_turns"

    id = sa.Column(sa.Integer, primary_key=True)
    conversation = sa.Column(sa.String(128), nullable=False, index=True)
    at = sa.Column(sa.DateTime, nullable=False, index=True)
    said = sa.Column(sa.Text, nullable=False)
    answers = sa.Column(sa.JSON, nullable=False)


async def note_turn(conversation: str, text: str, texts: Sequence[str]) -> None:
    """Keep a turn; ``text`` is masked. Never fails it."""
    row = TurnRow(conversation=conversation, at=now(), said=text, answers=list(texts))
    try:
        await once(_add, services().state, row)
    except SQLAlchemyError:
        _log.exception("a turn could not be kept for the desk")


def talk_so_far(state: Engine, conversation: str) -> list[Said]:
    """The last things said, oldest first."""
    last = sa.select(TurnRow).filter_by(conversation=conversation).order_by(TurnRow.id.desc()).limit(_LAST)
    with Session(state) as session:
        turns = list(session.execute(last).scalars())
    return [
        said
        for turn in reversed(turns)
        for said in (Said(CITIZEN, turn.said, turn.at), *(Said(BOT, answer, turn.at) for answer in turn.answers))
    ]


def _add(state: Engine, row: TurnRow) -> None:
    with Session(state) as session, session.begin():
        session.add(row)
