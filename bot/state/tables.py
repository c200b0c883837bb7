"""Every table of the state database: how long its rows stay, and which of them are one person's.

One list for the daily deletion of what is old (``bot/retention.py``), for deleting one person's on demand
(``bot/forgetting.py``) and for Alembic. A table that is new says here how it goes, or why it stays.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from bot.accounts.audit import AuditRow
from bot.accounts.people import AccountRow, LoginRow
from bot.accounts.sessions import SessionRow, TokenRow
from bot.assist.calls import CallRow
from bot.assist.learning import EXAMPLE, QuestionRow
from bot.channels import web_store as web
from bot.channels.wechat.people import PersonRow
from bot.desk import conversations as desk
from bot.desk.duty import DutyRow
from bot.desk.talk_so_far import KEPT_DAYS, TurnRow
from bot.runtime.memory import MemoryRow
from bot.state.database import Base
from bot.state.documents import DocumentRow
from bot.state.person import Person
from bot.state.ratings import RatingRow

METADATA = Base.metadata


@dataclass(frozen=True)
class Keeping:
    """How the rows of a table go. ``old`` tells those from before a time (UTC), ``of`` those of a person."""

    row: type[Any]
    old: Callable[[datetime.datetime], Any]
    of: Callable[[Person], Any]
    most_days: int | None = None
    """Kept no longer than this, however long conversations are kept."""
    more_days: int = 0
    """Kept so much longer than conversations."""
    emptied: Mapping[str, Any] = field(default_factory=dict)
    """What is taken out of an old row, the rest of which stays. Without any, the row is deleted."""


def _old_on_desk(before: datetime.datetime) -> Any:
    """Given back before a time, or never, by nobody."""
    row = desk.ConversationRow
    return sa.or_(row.until < before, sa.and_(row.until.is_(None), row.since < before))


def _seconds(time: datetime.datetime) -> float:
    return time.replace(tzinfo=datetime.timezone.utc).timestamp()


KEEPING = (  # what is said in a conversation before the conversation
    Keeping(
        web.MessageRow,
        lambda before: web.MessageRow.conversation.in_(
            sa.select(web.ConversationRow.id).where(web.ConversationRow.used_at < before)
        ),
        lambda person: person.owns(web.MessageRow.conversation),
    ),
    Keeping(
        web.ConversationRow,
        lambda before: web.ConversationRow.used_at < before,
        lambda person: person.owns(web.ConversationRow.id),
    ),
    Keeping(
        desk.WordsRow,
        lambda before: desk.WordsRow.desk_id.in_(sa.select(desk.ConversationRow.id).where(_old_on_desk(before))),
        lambda person: desk.WordsRow.desk_id.in_(
            sa.select(desk.ConversationRow.id).where(person.owns(desk.ConversationRow.conversation))
        ),
    ),
    Keeping(desk.ConversationRow, _old_on_desk, lambda person: person.owns(desk.ConversationRow.conversation)),
    Keeping(
        TurnRow,
        lambda before: TurnRow.at < before,
        lambda person: person.owns(TurnRow.conversation),
        most_days=KEPT_DAYS,
    ),
    Keeping(
        MemoryRow,
        lambda before: MemoryRow.spoken_at < _seconds(before),
        lambda person: MemoryRow.id.in_(person.memory),
    ),
    Keeping(CallRow, lambda before: CallRow.since < before, lambda person: CallRow.id.in_(person.calls)),
    Keeping(  # what a clerk accepted as an example stays; on demand that goes as well
        QuestionRow,
        lambda before: sa.and_(QuestionRow.at < before, QuestionRow.state != EXAMPLE),
        lambda person: sa.or_(person.owns(QuestionRow.origin), QuestionRow.origin.in_(person.calls)),
    ),
    Keeping(  # whether answers help is counted for longer than anyone is known
        RatingRow,
        lambda before: sa.and_(RatingRow.at < before, RatingRow.conversation != ""),
        lambda person: person.owns(RatingRow.conversation),
        emptied={"conversation": "", "reason": None},
    ),
    Keeping(  # numbers a person's conversations: goes after the last of them
        PersonRow,
        lambda before: PersonRow.seen_at < before,
        lambda person: PersonRow.id == person.on_wechat,
        more_days=1,
    ),
)

STAYING: Mapping[type[Any], str] = {
    AccountRow: "people of the office, until they are removed",
    LoginRow: "names tried at the office's login",
    SessionRow: "ends by itself",
    TokenRow: "ends by itself",
    DutyRow: "people of the office",
    AuditRow: "what the office did to which conversation: hashes, nothing said",
    DocumentRow: "expires by itself within two days; a person's mailbox is deleted where it is kept, which may be Redis",
}
