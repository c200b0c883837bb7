"""One person's data, deleted on demand: by themselves at their front door, or by ``python -m bot forget``."""

from __future__ import annotations

import re

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.accounts import audit
from bot.assist.calls import CallRow
from bot.channels.web_store import ConversationRow, conversation_of
from bot.channels.wechat.people import PersonRow, person_of
from bot.privacy import hashed
from bot.services import Services
from bot.state.documents import DocumentRow, open_documents
from bot.state.person import Person
from bot.state.tables import KEEPING

BY_PERSON = "the person"
"""In the audit log, who deletes their own: no account has a blank in its name."""
FORMS = "web:<conversation>, wechat:<account>:<open id>, rest:<sender> or call:<number>"
_HASHED = re.compile(r"[0-9a-f]{32}")


def find_person(state: Engine, secret: bytes, who: str) -> Person:
    """The person that a front door knows as ``who``: by the secret id or by the hash that is stored and shown instead.

    ``call:`` takes the id of a call or the telephone system's own. Raises ``ValueError`` for what is none of :data:`FORMS`.
    """
    door, _, name = who.partition(":")
    if door == "web" and name:
        return _person(secret, f"web:{name}" if _HASHED.fullmatch(name) else conversation_of(secret, name))
    if door == "wechat" and re.fullmatch(r"[^:]+:[^:]+(:[0-9]+)?", name):
        account, one = name.split(":")[:2]
        return _on_wechat(state, secret, f"{account}:{one}" if _HASHED.fullmatch(one) else person_of(secret, account, one))
    if door == "rest" and name:
        return _person(secret, name)
    if door == "call" and name:
        return _caller(state, name)
    raise ValueError(f"{who!r} is nobody's name here: give {FORMS}")


def forget(shared: Services, person: Person, by: str, mailbox: bool = True) -> dict[str, int]:
    """Delete everything of a person's, all or nothing, and note that in the audit log; how many rows, by table.

    Without ``mailbox``, what waits for them on WeChat is left to the caller.
    """
    visited = sa.select(ConversationRow.id).where(person.owns(ConversationRow.id)).with_for_update()
    with shared.state.begin() as connection:
        connection.execute(visited)  # locked first, as by who adds to it
        gone = {
            keeping.row.__tablename__: int(
                connection.execute(sa.delete(keeping.row.__table__).where(keeping.of(person))).rowcount
            )
            for keeping in KEEPING
        }
    if mailbox and person.on_wechat:
        gone[DocumentRow.__tablename__] = int(open_documents(shared).delete(person.id))
    is_hash = person.id.startswith(("web:", "wechat:"))
    audit.note(shared.state, by, "person_forgotten", person.id if is_hash else hashed(shared.settings.secret, person.id))
    return gone


def _person(secret: bytes, conversation: str) -> Person:
    return Person(conversation, memory=(hashed(secret, conversation),))


def _on_wechat(state: Engine, secret: bytes, id: str) -> Person:
    """Their conversations are numbered, and the memory knows each by a hash alone."""
    with state.connect() as connection:
        last = connection.execute(sa.select(PersonRow.session).where(PersonRow.id == id)).scalar() or 1
    return Person(f"wechat:{id}", memory=tuple(hashed(secret, f"wechat:{id}:{n}") for n in range(1, last + 1)))


def _caller(state: Engine, name: str) -> Person:
    query = sa.select(CallRow.id).where(sa.or_(CallRow.id == name, CallRow.external_id == name))
    with state.connect() as connection:
        return Person(f"call:{name}", calls=tuple(connection.execute(query).scalars()))
