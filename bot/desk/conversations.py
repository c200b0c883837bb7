"""Conversations that people take over: waiting, taken, given back; with the talk, masked."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.accounts.refusal import Refusal
from bot.privacy import mask
from bot.state.database import Base
from bot.state.times import iso, now

WAITING, TAKEN = "waiting", "taken"
CITIZEN, BOT, AGENT = "citizen", "bot", "agent"
_LONGEST = 10_000


class ConversationRow(Base):
    """A conversation while it waits or is taken; ``until`` is when it was given back."""

    __tablename__ = "desk_conversations"

    id = sa.Column(sa.Integer, primary_key=True)
    conversation = sa.Column(sa.String(128), nullable=False, index=True)
    state = sa.Column(sa.String(16), nullable=False)
    since = sa.Column(sa.DateTime, nullable=False, index=True)
    until = sa.Column(sa.DateTime, index=True)
    agent = sa.Column(sa.String(64))
    open = sa.Column(sa.String(128), unique=True)
    """The conversation again while it is open, empty after: no conversation is open twice."""


class WordsRow(Base):
    """Something said in a conversation on the desk."""

    __tablename__ = "desk_words"
    __table_args__ = (sa.UniqueConstraint("desk_id", "message"),)

    id = sa.Column(sa.Integer, primary_key=True)
    desk_id = sa.Column(sa.ForeignKey("desk_conversations.id", ondelete="CASCADE"), nullable=False, index=True)
    message = sa.Column(sa.String(64))
    """The id its sender gave it, if any."""
    delivered = sa.Column(sa.Boolean, nullable=False, default=True)
    speaker = sa.Column(sa.String(16), nullable=False)
    text = sa.Column(sa.Text, nullable=False)
    at = sa.Column(sa.DateTime, nullable=False)


@dataclass(frozen=True)
class Said:
    """Something said by a ``citizen``, the ``bot`` or an ``agent``."""

    speaker: str
    text: str
    at: datetime.datetime


def ask_over(state: Engine, conversation: str, talk: Iterable[Said]) -> None:
    """Put a conversation in the queue with the talk so far; one that is there already stays as it is."""
    try:
        with Session(state) as session, session.begin():
            row = ConversationRow(conversation=conversation, state=WAITING, since=now(), open=conversation)
            session.add(row)
            session.flush()
            session.add_all(_words(row.id, said) for said in talk)
    except IntegrityError:
        return


@dataclass(frozen=True)
class Held:
    """A conversation the bot does not have: ``waiting`` or ``taken``, by whom, and when the agent last did something."""

    state: str
    agent: str | None
    last_word: datetime.datetime


def held(state: Engine, conversation: str) -> Held | None:
    """How people hold the conversation; ``None`` when the bot has it."""
    with Session(state) as session:
        row = session.execute(sa.select(ConversationRow).where(ConversationRow.open == conversation)).scalar()
        if row is None:
            return None
        last = sa.select(sa.func.max(WordsRow.at)).where(WordsRow.desk_id == row.id, WordsRow.speaker == AGENT)
        return Held(row.state, row.agent, session.execute(last).scalar() or row.since)


def add_words(state: Engine, conversation: str, said: Said) -> None:
    """Add what was said to an open conversation."""
    with Session(state) as session, session.begin():
        session.add(_words(_open(session, conversation).id, said))


def take(state: Engine, conversation: str, agent: str) -> dict[str, Any]:
    """An agent takes a waiting conversation. Raises :class:`Refusal`: none (404), another has it (409)."""
    with Session(state) as session, session.begin():
        row = _open(session, conversation)
        taken = session.execute(
            sa.update(ConversationRow)
            .where(ConversationRow.id == row.id, sa.or_(ConversationRow.state == WAITING, ConversationRow.agent == agent))
            .values(state=TAKEN, agent=agent)
        )
        if not taken.rowcount:
            raise Refusal(409, "taken_by_other", agent=row.agent)
        session.refresh(row)
        return _plain(session, row)


def add_answer(state: Engine, conversation: str, agent: str, message: str, text: str) -> bool:
    """Keep the agent's words; whether they are to be delivered: ``False`` when the same message was delivered before.

    Raises :class:`Refusal`: no such conversation (404), not taken by this agent (409).
    """
    with Session(state) as session, session.begin():
        row = _own(session, conversation, agent)
        same = sa.select(WordsRow.delivered).where(WordsRow.desk_id == row.id, WordsRow.message == message)
        delivered: bool | None = session.execute(same).scalar()
        if delivered is None:
            session.add(_words(row.id, Said(AGENT, text, now()), message))
        return not delivered


def mark_delivered(state: Engine, conversation: str, message: str) -> None:
    """The agent's words reached the front door."""
    with Session(state) as session, session.begin():
        open_here = sa.select(ConversationRow.id).where(ConversationRow.open == conversation).scalar_subquery()
        session.execute(
            sa.update(WordsRow)
            .where(WordsRow.desk_id == open_here, WordsRow.message == message)
            .values(delivered=True)
            .execution_options(synchronize_session=False)
        )


def give_back(state: Engine, conversation: str, agent: str | None = None) -> None:
    """The bot has the conversation again. Raises :class:`Refusal` as :func:`add_answer` does; only an agent need have it."""
    with Session(state) as session, session.begin():
        row = _own(session, conversation, agent) if agent else _open(session, conversation)
        row.open, row.until = None, now()


def open_conversations(state: Engine) -> list[dict[str, Any]]:
    """Those that wait or are taken, the longest waiting first."""
    query = sa.select(ConversationRow).where(ConversationRow.open.is_not(None)).order_by(ConversationRow.since)
    with Session(state) as session:
        return [_plain(session, row) for row in session.execute(query).scalars()]


def queue(state: Engine) -> tuple[dict[str, int], float]:
    """How many conversations are open, by state, and how long (seconds) the first of those that wait has waited."""
    waiting = sa.case((ConversationRow.state == WAITING, ConversationRow.since))
    query = (
        sa.select(ConversationRow.state, sa.func.count(), sa.func.min(waiting))
        .where(ConversationRow.open.is_not(None))
        .group_by(ConversationRow.state)
    )
    with Session(state) as session:
        rows = session.execute(query).all()
    first = next((since for name, _, since in rows if name == WAITING), None)
    return {name: count for name, count, _ in rows}, (now() - first).total_seconds() if first else 0.0


def mark(state: Engine) -> tuple[Any, ...]:
    """Something that changes whenever the desk does."""
    with Session(state) as session:
        words = session.execute(sa.select(sa.func.max(WordsRow.id))).scalar()
        rows = session.execute(
            sa.select(ConversationRow.id, ConversationRow.state, ConversationRow.agent)
            .where(ConversationRow.open.is_not(None))
            .order_by(ConversationRow.id)
        )
        return (words, *map(tuple, rows))


def taken_between(state: Engine, begin: datetime.datetime, end: datetime.datetime) -> int:
    """How many conversations asked over in that time an agent took."""
    query = sa.select(sa.func.count()).where(
        ConversationRow.since >= begin, ConversationRow.since < end, ConversationRow.agent.is_not(None)
    )
    with Session(state) as session:
        return int(session.execute(query).scalar() or 0)


def _open(session: Session, conversation: str) -> ConversationRow:
    row: ConversationRow | None = session.execute(
        sa.select(ConversationRow).where(ConversationRow.open == conversation)
    ).scalar()
    if row is None:
        raise Refusal(404, "no_conversation")
    return row


def _own(session: Session, conversation: str, agent: str) -> ConversationRow:
    row = _open(session, conversation)
    if row.state == TAKEN and row.agent != agent:
        raise Refusal(409, "taken_by_other", agent=row.agent)
    if row.state != TAKEN:
        raise Refusal(409, "not_taken")
    return row


def _words(desk_id: int, said: Said, message: str | None = None) -> WordsRow:
    text = mask(said.text)[:_LONGEST]
    return WordsRow(desk_id=desk_id, message=message, delivered=message is None, speaker=said.speaker, text=text, at=said.at)


def _plain(session: Session, row: ConversationRow) -> dict[str, Any]:
    words = session.execute(sa.select(WordsRow).where(WordsRow.desk_id == row.id).order_by(WordsRow.id)).scalars()
    return {
        "conversation": row.conversation,
        "channel": row.conversation.partition(":")[0],
        "state": row.state,
        "since": iso(row.since),
        "agent": row.agent,
        "talk": [{"from": said.speaker, "text": said.text, "at": iso(said.at)} for said in words],
    }
