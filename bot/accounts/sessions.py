"""Sessions of browsers and tokens of telephone systems. Only hashes of their secrets are stored."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.accounts import people
from bot.accounts.people import AccountRow
from bot.state.database import Base
from bot.state.times import now

IDLE = datetime.timedelta(hours=1)
LONGEST = datetime.timedelta(hours=12)
_SEEN_EVERY = datetime.timedelta(minutes=1)
_SECRET_BYTES = 32


class SessionRow(Base):
    __tablename__ = "sessions"

    hash = sa.Column(sa.String(64), primary_key=True)
    name = sa.Column(sa.String(64), nullable=False, index=True)
    begun = sa.Column(sa.DateTime, nullable=False)
    seen = sa.Column(sa.DateTime, nullable=False)


class TokenRow(Base):
    __tablename__ = "tokens"

    hash = sa.Column(sa.String(64), primary_key=True)
    name = sa.Column(sa.String(64), nullable=False, index=True)
    made = sa.Column(sa.DateTime, nullable=False)
    expires = sa.Column(sa.DateTime, nullable=False)


@dataclass(frozen=True)
class Identity:
    """Who asks. ``csrf`` is what writes must repeat; empty for a bearer token, which no browser sends by itself."""

    name: str
    role: str
    csrf: str = ""


def begin(state: Engine, name: str) -> str:
    """A new session; returns its secret, for the cookie. Sessions that are over are forgotten."""
    secret, time = secrets.token_urlsafe(_SECRET_BYTES), now()
    with Session(state) as session, session.begin():
        session.execute(sa.delete(SessionRow).where(sa.or_(SessionRow.seen < time - IDLE, SessionRow.begun < time - LONGEST)))
        session.add(SessionRow(hash=_hash(secret), name=name, begun=time, seen=time))
    return secret


def of_session(state: Engine, key: bytes, secret: str) -> Identity | None:
    """Whose session this is, while it lasts: not unused for :data:`IDLE`, never longer than :data:`LONGEST`."""
    time, this = now(), SessionRow.hash == _hash(secret)
    columns = (SessionRow.seen, SessionRow.begun)
    with state.connect() as connection:
        row = connection.execute(_with_account(SessionRow, *columns).where(this)).first()
    if row is None or row.disabled or row.seen < time - IDLE or row.begun < time - LONGEST:
        return None
    if row.seen < time - _SEEN_EVERY:
        with state.begin() as connection:
            connection.execute(sa.update(SessionRow).where(this).values(seen=time))
    return Identity(row.name, row.role, csrf(key, secret))


def end(state: Engine, secret: str) -> None:
    with Session(state) as session, session.begin():
        session.execute(sa.delete(SessionRow).where(SessionRow.hash == _hash(secret)))


def end_all(state: Engine, name: str) -> None:
    """End the sessions and tokens of an account."""
    with Session(state) as session, session.begin():
        session.execute(sa.delete(SessionRow).where(SessionRow.name == name))
        session.execute(sa.delete(TokenRow).where(TokenRow.name == name))


def make_token(state: Engine, name: str, days: int) -> str:
    """A token that speaks for an account; shown once. Raises ``ValueError`` when there is no such account."""
    if not people.role_of(state, name):
        raise ValueError(f"there is no account {name!r}, or it is disabled")
    secret, time = secrets.token_urlsafe(_SECRET_BYTES), now()
    with Session(state) as session, session.begin():
        session.execute(sa.delete(TokenRow).where(TokenRow.expires < time))
        session.add(TokenRow(hash=_hash(secret), name=name, made=time, expires=time + datetime.timedelta(days=days)))
    return secret


def of_token(state: Engine, secret: str) -> Identity | None:
    """Whom a token speaks for, until it expires."""
    hashed = _hash(secret)
    with state.connect() as connection:
        row = connection.execute(
            _with_account(TokenRow, TokenRow.hash, TokenRow.expires).where(TokenRow.hash == hashed)
        ).first()
    if row is None or row.disabled or row.expires <= now() or not hmac.compare_digest(row.hash, hashed):
        return None
    return Identity(row.name, row.role)


def _with_account(table: Any, *columns: Any) -> Any:
    """The query for a session or token with its account, in one."""
    account = (AccountRow.name, AccountRow.role, AccountRow.disabled)
    return sa.select(*columns, *account).join_from(table, AccountRow, AccountRow.name == table.name)


def csrf(key: bytes, secret: str) -> str:
    """What a session's writes must repeat: follows from its secret, so nothing of it is stored."""
    return hmac.new(key, b"csrf\0" + secret.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
