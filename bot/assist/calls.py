"""Calls: what was said (masked), what was heard, what the agent chose. One row a call, changed by one writer at a time."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.accounts.refusal import Refusal
from bot.privacy import mask
from bot.state.database import Base
from bot.state.times import now

CALLER = "caller"
MOST_PIECES = 3000
MOST_LISTED = 100
_TRIES = 20


class CallRow(Base):
    """``document`` holds the rest of :class:`Call`; ``item``, ``region`` and ``outcome`` stand beside it for counting."""

    __tablename__ = "calls"

    id = sa.Column(sa.String(32), primary_key=True)
    revision = sa.Column(sa.Integer, nullable=False)
    since = sa.Column(sa.DateTime, nullable=False, index=True)
    until = sa.Column(sa.DateTime, index=True)
    external_id = sa.Column(sa.String(128), index=True)
    item = sa.Column(sa.String(64))
    region = sa.Column(sa.String(128))
    outcome = sa.Column(sa.String(16))
    document = sa.Column(sa.JSON, nullable=False)


@dataclass
class Piece:
    """Something said: ``speaker`` is ``caller`` or ``agent``; while not ``final``, its text may still change."""

    id: str
    speaker: str
    text: str
    final: bool
    at: str


@dataclass
class Chosen:
    """What the agent chose: it wins over what is heard."""

    item: str | None = None
    region: str | None = None
    circumstances: dict[str, bool] = field(default_factory=dict)
    aspects: list[str] | None = None


@dataclass
class Call:
    id: str
    since: datetime.datetime
    line: str | None = None
    line_region: str | None = None
    external_id: str | None = None
    revision: int = 1
    until: datetime.datetime | None = None
    pieces: list[Piece] = field(default_factory=list)
    heard: dict[str, Any] = field(default_factory=dict)
    """:class:`bot.assist.listening.Heard` as plain data."""
    chosen: Chosen = field(default_factory=Chosen)
    feedback: dict[str, dict[str, Any]] = field(default_factory=dict)
    outcome: str | None = None
    note: str | None = None

    @property
    def item(self) -> str | None:
        """The item the call is about: the chosen one, else the first suggestion."""
        candidates = self.heard.get("candidates") or ()
        return self.chosen.item or (candidates[0]["item"] if candidates else None)

    @property
    def region(self) -> tuple[str, str] | None:
        """The place in force and how it is known: ``chosen``, ``said`` or by the ``line``."""
        for path, origin in ((self.chosen.region, "chosen"), (self.heard.get("region"), "said"), (self.line_region, "line")):
            if path:
                return path, origin
        return None

    def said_by_caller(self) -> tuple[list[str], str]:
        """The final pieces of the caller, and what they are saying just now."""
        caller = [piece for piece in self.pieces if piece.speaker == CALLER and piece.text]
        return [p.text for p in caller if p.final], "".join(p.text for p in caller if not p.final)

    def asked(self) -> list[str]:
        """All that the caller said, masked."""
        said, saying = self.said_by_caller()
        return [*said, *([saying] if saying else [])]

    def put(self, piece: Piece) -> bool:
        """Add a piece, or let it replace the partial of the same id; ``False`` when it changes nothing.

        A final piece stands: what comes after it under its id is late.
        """
        piece.text = mask(piece.text)
        known = next((n for n in range(len(self.pieces) - 1, -1, -1) if self.pieces[n].id == piece.id), None)
        if known is None:
            if len(self.pieces) >= MOST_PIECES:
                raise Refusal(413, "call_too_long")
            self.pieces.append(piece)
            return True
        if self.pieces[known].final or self.pieces[known] == piece:
            return False
        self.pieces[known] = piece
        return True


def open_call(state: Engine, external_id: str | None, line: str | None, region: str | None) -> str:
    """The id of a new call; of the open one with the same external id, if there is one."""
    with state.begin() as connection:
        if external_id:
            same = sa.select(CallRow.id).where(CallRow.external_id == external_id, CallRow.until.is_(None))
            if known := connection.execute(same).scalar():
                return str(known)
        call = Call(uuid.uuid4().hex, now(), line, region, external_id)
        connection.execute(sa.insert(CallRow).values(id=call.id, since=call.since, external_id=external_id, **_columns(call)))
        return call.id


def read_call(state: Engine, call_id: str) -> Call:
    """Raises :class:`Refusal` (404) when there is no such call."""
    with state.connect() as connection:
        row = connection.execute(sa.select(CallRow.__table__).where(CallRow.id == call_id)).first()
    if row is None:
        raise Refusal(404, "no_call")
    return _call(row)


def change_call(state: Engine, call_id: str, change: Callable[[Call], bool]) -> Call:
    """Let ``change`` work on the call and store it, if it returns ``True``; again, should another have written meanwhile."""
    for _ in range(_TRIES):
        call = read_call(state, call_id)
        if not change(call):
            return call
        call.revision += 1
        write = sa.update(CallRow).where(CallRow.id == call_id, CallRow.revision == call.revision - 1).values(**_columns(call))
        with state.begin() as connection:
            if connection.execute(write).rowcount:
                return call
    raise Refusal(409, "too_many")


def list_calls(state: Engine, only_open: bool) -> list[Call]:
    """The newest calls, at most :data:`MOST_LISTED`."""
    query = sa.select(CallRow.__table__).order_by(CallRow.since.desc()).limit(MOST_LISTED)
    if only_open:
        query = query.where(CallRow.until.is_(None))
    with state.connect() as connection:
        return [_call(row) for row in connection.execute(query)]


def revisions(state: Engine, ids: list[str]) -> dict[str, int]:
    """The revisions of these calls as they stand."""
    with state.connect() as connection:
        return {
            row.id: row.revision
            for row in connection.execute(sa.select(CallRow.id, CallRow.revision).where(CallRow.id.in_(ids)))
        }


def count_open(state: Engine) -> int:
    """How many calls are open."""
    with state.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).where(CallRow.until.is_(None))).scalar() or 0)


def _columns(call: Call) -> dict[str, Any]:
    region = call.region
    document = {
        "line": call.line,
        "line_region": call.line_region,
        "pieces": [list(vars(piece).values()) for piece in call.pieces],
        "heard": call.heard,
        "chosen": asdict(call.chosen),
        "feedback": call.feedback,
        "note": call.note,
    }
    return {
        "revision": call.revision,
        "until": call.until,
        "item": call.item,
        "region": region[0] if region else None,
        "outcome": call.outcome,
        "document": document,
    }


def _call(row: Any) -> Call:
    document = row.document
    return Call(
        row.id,
        row.since,
        document["line"],
        document["line_region"],
        row.external_id,
        row.revision,
        row.until,
        [Piece(*values) for values in document["pieces"]],
        document["heard"],
        Chosen(**document["chosen"]),
        document["feedback"],
        row.outcome,
        document["note"],
    )
