"""People of the accounts: nothing of them is kept but a hash, the number of their session and their place."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.privacy import hashed
from bot.state.database import Base
from bot.state.times import now


class PersonRow(Base):
    """One person of one account. ``id``: account, a colon, the hashed open id."""

    __tablename__ = "wechat_people"

    id = sa.Column(sa.String(80), primary_key=True)
    session = sa.Column(sa.Integer, nullable=False)
    place = sa.Column(sa.String(128))
    seen_at = sa.Column(sa.DateTime, nullable=False, index=True)


def person_of(secret: bytes, account: str, open_id: str) -> str:
    """The id of an account's person."""
    return f"{account}:{hashed(secret, account, open_id)}"


@dataclass(frozen=True)
class Person:
    """A person as of now. ``place`` is a region path."""

    id: str
    session: int
    place: str | None

    @property
    def conversation(self) -> str:
        return f"wechat:{self.id}:{self.session}"


class People:
    """Reads and writes of the table; every method is one transaction, and blocks."""

    def __init__(self, state: Engine, silence: float) -> None:
        """``silence``: seconds after which a person's next message begins a new session."""
        self._state = state
        self._silence = datetime.timedelta(seconds=silence)

    def visit(self, id: str) -> Person:
        """A message came: the person, in a new session when the last message is long ago."""
        at = now()
        with Session(self._state) as session, session.begin():
            row = session.get(PersonRow, id)
            if row is None:
                row = PersonRow(id=id, session=1, seen_at=at)
                session.add(row)
            if at - row.seen_at > self._silence:
                row.session += 1
            row.seen_at = at
            return Person(id, row.session, row.place)

    def move(self, id: str, place: str | None) -> None:
        """Keep the place of a person."""
        self._update(id, place=place)

    def start_over(self, id: str, place: str | None) -> None:
        """A new session with this place."""
        self._update(id, place=place, session=PersonRow.session + 1)

    def _update(self, id: str, **values: object) -> None:
        with self._state.begin() as connection:
            connection.execute(sa.update(PersonRow.__table__).where(PersonRow.__table__.c.id == id).values(**values))
