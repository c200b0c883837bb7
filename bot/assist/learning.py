"""What the assistant should learn: judged suggestions and unanswered questions, in a queue for the knowledge clerks."""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.accounts.refusal import Refusal
from bot.assist.calls import Call
from bot.privacy import mask
from bot.state.database import Base
from bot.state.times import iso, now

OPEN, EXAMPLE = "open", "example"
LONGEST_QUESTION = 1000
MOST_LISTED = 200
_SOURCES = frozenset({"call", "web", "wechat"})


class QuestionRow(Base):
    """``text`` is masked. ``origin`` and ``about`` tell the same question of the same talk from another."""

    __tablename__ = "learning"
    __table_args__ = (sa.UniqueConstraint("origin", "kind", "about"),)

    id = sa.Column(sa.Integer, primary_key=True)
    at = sa.Column(sa.DateTime, nullable=False, index=True)
    source = sa.Column(sa.String(16), nullable=False)
    origin = sa.Column(sa.String(128), nullable=False)
    kind = sa.Column(sa.String(16), nullable=False)
    about = sa.Column(sa.String(64), nullable=False)
    text = sa.Column(sa.String(LONGEST_QUESTION), nullable=False)
    suggested = sa.Column(sa.JSON, nullable=False)
    right_item = sa.Column(sa.String(64))
    state = sa.Column(sa.String(16), nullable=False, index=True, default=OPEN)
    item = sa.Column(sa.String(64))
    note = sa.Column(sa.String(500))


def judge(state: Engine, call: Call, item: str, right: bool, right_item: str | None) -> None:
    """An agent's judgement of a suggestion. A judgement that changes takes the place of the earlier one."""
    with Session(state) as session, session.begin():
        earlier = sa.select(QuestionRow).where(
            QuestionRow.origin == call.id, QuestionRow.about == item, QuestionRow.state == OPEN
        )
        for row in session.execute(earlier).scalars():
            session.delete(row)
    kind = "confirmed" if right else "wrong"
    text = "，".join(call.asked())
    _put(state, "call", call.id, kind, item, text, _suggested(call), item if right else right_item)


def queue_unanswered(state: Engine, call: Call) -> None:
    """A closed call whose question nobody could answer."""
    if call.outcome == "unanswered" or call.heard.get("open_question"):
        _put(state, "call", call.id, "unanswered", "", "，".join(call.asked()), _suggested(call), None)


def queue_fallback(state: Engine, conversation: str, text: str, payload: Mapping[str, Any]) -> None:
    """A citizen's question that the guides do not answer, from the website or WeChat."""
    channel = conversation.partition(":")[0]
    suggested = [option["id"] for option in payload.get("options", ()) if not option["id"].startswith("family_")]
    about = format(zlib.crc32(text.encode("utf-8", "replace")), "x")  # tells one question of a conversation from another
    _put(state, channel if channel in _SOURCES else "other", conversation, "unanswered", about, text, suggested, None)


def questions(state: Engine, which: str) -> list[dict[str, Any]]:
    """The questions in a state, the oldest first, at most :data:`MOST_LISTED`."""
    query = sa.select(QuestionRow).where(QuestionRow.state == which).order_by(QuestionRow.id).limit(MOST_LISTED)
    with Session(state) as session:
        return [_plain(row) for row in session.execute(query).scalars()]


def decide(state: Engine, question: int, decision: str, item: str | None, text: str | None, note: str | None) -> dict[str, Any]:
    """A clerk's decision. Raises :class:`Refusal` (404) for an unknown question."""
    with Session(state) as session, session.begin():
        row = session.get(QuestionRow, question)
        if row is None:
            raise Refusal(404, "no_question")
        row.state, row.item = decision, item
        row.note = mask(note) if note else None
        if text:
            row.text = mask(text)
        session.flush()
        return _plain(row)


def examples(state: Engine) -> list[tuple[str, str]]:
    """The accepted examples: item (or ``out_of_scope``) and text."""
    query = sa.select(QuestionRow).where(QuestionRow.state == EXAMPLE).order_by(QuestionRow.item, QuestionRow.id)
    with Session(state) as session:
        return [(row.item, row.text) for row in session.execute(query).scalars()]


def _put(
    state: Engine,
    source: str,
    origin: str,
    kind: str,
    about: str,
    text: str,
    suggested: Sequence[str],
    right_item: str | None,
) -> None:
    """Add a question; the same one of the same talk stands already if it was put before."""
    masked = mask(text)[:LONGEST_QUESTION]
    if not masked.strip():
        return
    with contextlib.suppress(IntegrityError), Session(state) as session, session.begin():
        same = sa.select(QuestionRow.id).where(
            QuestionRow.origin == origin, QuestionRow.kind == kind, QuestionRow.about == about
        )
        if session.execute(same).first():
            return
        session.add(
            QuestionRow(
                at=now(),
                source=source,
                origin=origin,
                kind=kind,
                about=about,
                text=masked,
                suggested=list(suggested),
                right_item=right_item,
                state=OPEN,
            )
        )


def _suggested(call: Call) -> list[str]:
    return [row["item"] for row in call.heard.get("candidates", ())]


def _plain(row: QuestionRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": iso(row.at),
        "source": row.source,
        "kind": row.kind,
        "text": row.text,
        "suggested": row.suggested,
        "right_item": row.right_item,
        "state": row.state,
        "item": row.item,
        "note": row.note,
    }
