"""Conversations of the web site, as they are kept: for reloads, for repeats, for what comes later.

What people write is masked. A message is claimed by the process that answers it, so that a repeat of it, at this process
or another, waits for the same answer; a claim that was never settled (its process died) lapses.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.privacy import hashed, mask
from bot.state.database import Base
from bot.state.times import now
from bot.web.links import answer_path

CLAIM_SECONDS = 10
"""A turn takes some hundredths of a second. Of two that answer one message after all, the one that holds the claim counts."""
CITIZEN, BOT, AGENT = "citizen", "bot", "agent"


class ConversationRow(Base):
    """One visitor's talk. ``seq`` counts its messages."""

    __tablename__ = "web_conversations"

    id = sa.Column(sa.String(64), primary_key=True)
    region = sa.Column(sa.String(128))
    used_at = sa.Column(sa.DateTime, nullable=False, index=True)
    seq = sa.Column(sa.Integer, nullable=False, default=0)
    with_person = sa.Column(sa.Boolean, nullable=False, default=False)


class MessageRow(Base):
    """One message. A citizen's has the id that its browser gave it; the bot's the ``seq`` of what it answers."""

    __tablename__ = "web_messages"
    __table_args__ = (sa.UniqueConstraint("conversation", "client_id"),)

    conversation = sa.Column(sa.ForeignKey("web_conversations.id", ondelete="CASCADE"), primary_key=True)
    seq = sa.Column(sa.Integer, primary_key=True)
    sender = sa.Column(sa.String(8), nullable=False)
    at = sa.Column(sa.DateTime, nullable=False)
    text = sa.Column(sa.Text, nullable=False)
    payload = sa.Column(sa.JSON)
    link = sa.Column(sa.String(512))
    client_id = sa.Column(sa.String(64))
    claimed_at = sa.Column(sa.DateTime)
    answered = sa.Column(sa.Boolean)
    answers = sa.Column(sa.Integer)


def conversation_of(secret: bytes, token: str) -> str:
    """The id of the conversation that a visitor's token opens."""
    return f"web:{hashed(secret, token)}"


@dataclass(frozen=True)
class Claim:
    """A citizen's message: its number, whether it is answered, whether answering it is the caller's to do, and since when."""

    seq: int
    answered: bool
    mine: bool
    since: datetime.datetime | None


@dataclass(frozen=True)
class Conversation:
    region: str | None
    with_person: bool


class WebStore:
    """Reads and writes of the two tables; every method is one transaction, and blocks."""

    def __init__(self, state: Engine) -> None:
        self._state = state

    def open(self, conversation: str, region: str | None) -> None:
        """Begin a conversation."""
        with Session(self._state) as session, session.begin():
            session.add(ConversationRow(id=conversation, region=region, used_at=now()))

    def get(self, conversation: str) -> Conversation | None:
        """The conversation; None when it never was or is forgotten."""
        with Session(self._state) as session:
            row = session.get(ConversationRow, conversation)
            return Conversation(row.region, row.with_person) if row else None

    def claim(self, conversation: str, client_id: str, text: str) -> Claim:
        """Keep a citizen's message, once. Raises ``KeyError`` when there is no such conversation."""
        try:
            with Session(self._state) as session, session.begin():
                row = _message(session, conversation, CITIZEN, mask(text))
                row.client_id, row.claimed_at, row.answered = client_id, row.at, False
                claim = Claim(row.seq, answered=False, mine=True, since=row.at)
            return claim
        except IntegrityError:
            return self._claim_again(conversation, client_id)

    def _claim_again(self, conversation: str, client_id: str) -> Claim:
        this = (MessageRow.conversation == conversation, MessageRow.client_id == client_id)
        lapsed = sa.or_(
            MessageRow.claimed_at.is_(None), MessageRow.claimed_at < now() - datetime.timedelta(seconds=CLAIM_SECONDS)
        )
        with Session(self._state) as session, session.begin():
            retaken = session.execute(
                sa.update(MessageRow)
                .where(*this, MessageRow.answered.is_(False), lapsed)
                .values(claimed_at=now())
                .execution_options(synchronize_session=False)
            ).rowcount
            row = session.execute(sa.select(MessageRow).where(*this)).scalar()
            if row is None:
                raise KeyError(f"no conversation {conversation!r}")
            return Claim(row.seq, row.answered, mine=bool(retaken), since=row.claimed_at)

    def give_up(self, conversation: str, claim: Claim) -> None:
        """The claimed message could not be answered: the next repeat may try at once."""
        with Session(self._state) as session, session.begin():
            _settle(session, conversation, claim, claimed_at=None)

    def answer(
        self, conversation: str, claim: Claim, replies: Iterable[tuple[str, dict[str, Any] | None]], with_person: bool
    ) -> bool:
        """Keep what a citizen's message got back: texts, each with its payload. False when the claim had lapsed meanwhile.

        Raises ``KeyError`` when the conversation was deleted.
        """
        with Session(self._state) as session, session.begin():
            _change(session, conversation, with_person=with_person)
            if not _settle(session, conversation, claim, answered=True):
                return False
            for text, payload in replies:
                row = _message(session, conversation, BOT, text)
                row.payload, row.link, row.answers = payload, answer_path(payload or {}), claim.seq
            return True

    def add_words_of_an_agent(self, conversation: str, text: str) -> bool:
        """Keep what a person of the office says. False when the conversation is gone."""
        try:
            with Session(self._state) as session, session.begin():
                _change(session, conversation, with_person=True)
                _message(session, conversation, AGENT, text)
            return True
        except KeyError:
            return False

    def replies(self, conversation: str, seq: int) -> list[dict[str, Any]]:
        """What the message ``seq`` got back."""
        return self._messages(conversation, MessageRow.answers == seq)

    def since(self, conversation: str, after: int, sender: str | None = None) -> list[dict[str, Any]]:
        """The messages after a number, in order, of one sender or all."""
        by = (MessageRow.sender == sender,) if sender else ()
        return self._messages(conversation, MessageRow.seq > after, *by)

    def payload(self, conversation: str, seq: int) -> dict[str, Any] | None:
        """The payload of one of the bot's messages."""
        with Session(self._state) as session:
            row = session.get(MessageRow, (conversation, seq))
            payload: dict[str, Any] | None = row.payload if row else None
            return payload

    def newest(self, conversations: Collection[str]) -> dict[str, int]:
        """The number of the last message of each."""
        query = sa.select(ConversationRow.id, ConversationRow.seq).where(ConversationRow.id.in_(conversations))
        with Session(self._state) as session:
            return dict(session.execute(query).all())

    def _messages(self, conversation: str, *conditions: Any) -> list[dict[str, Any]]:
        query = sa.select(MessageRow).where(MessageRow.conversation == conversation, *conditions).order_by(MessageRow.seq)
        with Session(self._state) as session:
            return [_shown(row) for row in session.execute(query).scalars()]


def _settle(session: Session, conversation: str, claim: Claim, **values: Any) -> bool:
    """Change a claimed message, if the claim still holds it."""
    held = sa.update(MessageRow).where(
        MessageRow.conversation == conversation,
        MessageRow.seq == claim.seq,
        MessageRow.answered.is_(False),
        MessageRow.claimed_at == claim.since,
    )
    return bool(session.execute(held.values(**values).execution_options(synchronize_session=False)).rowcount)


def _message(session: Session, conversation: str, sender: str, text: str) -> MessageRow:
    """The conversation's next message. Counting first locks the row, so that no two get the same number."""
    at = now()
    _change(session, conversation, seq=ConversationRow.seq + 1, used_at=at)
    seq = session.execute(sa.select(ConversationRow.seq).where(ConversationRow.id == conversation)).scalar_one()
    row = MessageRow(conversation=conversation, seq=seq, sender=sender, at=at, text=text)
    session.add(row)
    return row


def _change(session: Session, conversation: str, **values: Any) -> None:
    """Change a conversation's row, which locks it until the transaction ends. Raises ``KeyError`` when it is gone."""
    this = sa.update(ConversationRow).where(ConversationRow.id == conversation).values(**values)
    if not session.execute(this.execution_options(synchronize_session=False)).rowcount:
        raise KeyError(f"no conversation {conversation!r}")


def _shown(row: MessageRow) -> dict[str, Any]:
    """A message as the browser gets it."""
    return {
        "seq": row.seq,
        "from": row.sender,
        "at": f"{row.at.isoformat(timespec='seconds')}Z",
        "text": row.text,
        "payload": row.payload,
        "link": row.link,
    }
