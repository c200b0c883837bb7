"""Sessions of browsers and tokens of telephone systems. Only hashes of their secrets are stored."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.accounts import people
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
    time = now()
    with Session(state) as session, session.begin():
        row = session.get(SessionRow, _hash(secret))
        if not row or row.seen < time - IDLE or row.begun < time - LONGEST:
            return None
        if row.seen < time - _SEEN_EVERY:
            row.seen = time
        name = str(row.name)
    role = people.role_of(state, name)
    return Identity(name, role, csrf(key, secret)) if role else None


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
    with Session(state) as session:
        row = session.get(TokenRow, hashed)
        name = str(row.name) if row and hmac.compare_digest(str(row.hash), hashed) and row.expires > now() else None
    role = people.role_of(state, name) if name else None
    return Identity(name, role) if name and role else None


def csrf(key: bytes, secret: str) -> str:
    """What a session's writes must repeat: follows from its secret, so nothing of it is stored."""
    return hmac.new(key, b"csrf\0" + secret.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
