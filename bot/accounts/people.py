"""Accounts: a name, a role, a password hashed with argon2, and the lock after too many wrong ones."""

from __future__ import annotations

import datetime
import re
import unicodedata

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.state.database import Base
from bot.state.times import now

AGENT, SUPERVISOR, CLERK, SYSTEM = "agent", "supervisor", "clerk", "system"
ROLES = (AGENT, SUPERVISOR, CLERK, SYSTEM)
"""Hotline agents, their supervisors, knowledge clerks; and telephone systems, which have tokens and no password."""

SHORTEST_PASSWORD = 10
MOST_FAILURES = 5
LOCK = datetime.timedelta(minutes=15)
_NAME = re.compile(r"[\w.-]{1,64}")


class AccountRow(Base):
    __tablename__ = "accounts"

    name = sa.Column(sa.String(64), primary_key=True)
    role = sa.Column(sa.String(16), nullable=False)
    password = sa.Column(sa.String(200))
    disabled = sa.Column(sa.Boolean, nullable=False, default=False)
    made = sa.Column(sa.DateTime, nullable=False)


class LoginRow(Base):
    """Wrong passwords in a row for a name, whether such an account exists or not."""

    __tablename__ = "login_failures"

    name = sa.Column(sa.String(64), primary_key=True)
    failures = sa.Column(sa.Integer, nullable=False)
    locked_until = sa.Column(sa.DateTime)


class LockedError(Exception):
    """No more tries for this name before ``until`` (UTC)."""

    def __init__(self, until: datetime.datetime) -> None:
        super().__init__(f"locked until {until}")
        self.until = until


def add(state: Engine, name: str, role: str, password: str | None) -> None:
    """Make an account. Raises ``ValueError`` for a bad name, role or password, or a name that is taken."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name: 1 to 64 letters, digits, dots, hyphens or underscores")
    if role not in ROLES:
        raise ValueError(f"{role!r} is no role: {', '.join(ROLES)}")
    if role == SYSTEM and password:
        raise ValueError("a telephone system has a token, no password")
    hashed = None if role == SYSTEM else _hash(password or "")
    with Session(state) as session, session.begin():
        if session.get(AccountRow, name):
            raise ValueError(f"there is an account {name!r} already")
        session.add(AccountRow(name=name, role=role, password=hashed, disabled=False, made=now()))


def all_accounts(state: Engine) -> list[AccountRow]:
    with Session(state) as session:
        return list(session.execute(sa.select(AccountRow).order_by(AccountRow.name)).scalars())


def disable(state: Engine, name: str, disabled: bool = True) -> None:
    """Close an account, or open it again. Raises ``ValueError`` for an unknown name."""
    with Session(state) as session, session.begin():
        _existing(session, name).disabled = disabled


def set_password(state: Engine, name: str, password: str) -> None:
    """Set a new password and lift a lock. Raises ``ValueError`` for an unknown name or a bad password."""
    with Session(state) as session, session.begin():
        account = _existing(session, name)
        if account.role == SYSTEM:
            raise ValueError("a telephone system has a token, no password")
        account.password = _hash(password)
        session.execute(sa.delete(LoginRow).where(LoginRow.name == name))


def role_of(state: Engine, name: str) -> str | None:
    """The role of an account that is not disabled."""
    with Session(state) as session:
        account = session.get(AccountRow, name)
        return str(account.role) if account and not account.disabled else None


def check_password(state: Engine, name: str, password: str) -> bool:
    """Whether this is the password of an account that is not disabled. Raises :class:`LockedError` after too many wrong ones.

    Takes as long for a name that nobody has, and locks it as well: neither tells whether the name exists.
    """
    with Session(state) as session, session.begin():
        failed = session.get(LoginRow, name)
        if failed and failed.locked_until and failed.locked_until > now():
            raise LockedError(failed.locked_until)
        account = session.get(AccountRow, name)
        stored = account.password if account and not account.disabled else None
    right = _matches(stored or _nobodys_hash(), password) and bool(stored)
    with Session(state) as session, session.begin():
        if right:
            session.execute(sa.delete(LoginRow).where(LoginRow.name == name))
        else:
            _count_failure(session, name)
    return right


def _count_failure(session: Session, name: str) -> None:
    """Counted by the database itself, so that guesses made at the same time all count."""
    failed = session.get(LoginRow, name)
    if failed and failed.locked_until:  # an old lock is over: count anew
        failed.failures, failed.locked_until = 0, None
        session.flush()
    if not failed:
        session.add(LoginRow(name=name, failures=0))
        session.flush()
    session.execute(sa.update(LoginRow).where(LoginRow.name == name).values(failures=LoginRow.failures + 1))
    session.execute(
        sa.update(LoginRow).where(LoginRow.name == name, LoginRow.failures >= MOST_FAILURES).values(locked_until=now() + LOCK)
    )


def _existing(session: Session, name: str) -> AccountRow:
    account: AccountRow | None = session.get(AccountRow, name)
    if not account:
        raise ValueError(f"there is no account {name!r}")
    return account


def _hash(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise ValueError(f"the password is too short: at least {SHORTEST_PASSWORD} characters")
    return PasswordHasher().hash(_plain(password))


def _matches(stored: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(stored, _plain(password))
    except VerificationError:
        return False


def _plain(password: str) -> str:
    """One spelling of what keyboards send differently; half an emoji is no character."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()


def _nobodys_hash() -> str:
    """A hash of the usual cost that no password has."""
    return "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5bm9ib2R5bm9ib2R5$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
