"""Between the bot and people: who answers a citizen's message, and how a conversation gets onto the desk."""

from __future__ import annotations

import datetime
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.accounts.refusal import Refusal
from bot.desk import conversations
from bot.desk.conversations import CITIZEN, WAITING, Said
from bot.desk.duty import on_duty
from bot.desk.talk_so_far import talk_so_far
from bot.services import services
from bot.state.patience import once, patiently
from bot.state.times import now
from knowledge import files

_log = logging.getLogger(__name__)
_FORGOTTEN = datetime.timedelta(minutes=30)
"""An agent who went off duty and said nothing for so long has left the conversation."""


@dataclass(frozen=True)
class Held:
    """What a citizen reads whose conversation people hold, and whether they hold it still."""

    texts: tuple[str, ...]
    with_person: bool = True


async def with_people(conversation: str, text: str) -> Held | None:
    """Keep a citizen's words for the people who hold the conversation; ``None`` when the bot is to answer."""
    try:
        return await once(_with_people, conversation, text)
    except (SQLAlchemyError, Refusal):
        _log.exception("the desk could not be asked: the bot answers")
        return None


async def ask_person(conversation: str, payloads: Sequence[Mapping[str, Any]]) -> str | None:
    """Put a conversation in which a person is asked for on the desk, if somebody is on duty; what to add to the answer."""
    if not any(payload.get("type") == "handoff" for payload in payloads):
        return None
    try:
        if not await patiently(on_duty, services().state):
            return None
        talk = await patiently(talk_so_far, services().state, conversation)
        await once(conversations.ask_over, services().state, conversation, talk)
    except SQLAlchemyError:
        _log.exception("the desk could not be asked: the numbers stand in the answer")
        return None
    return str(wording()["asked_over"])


@lru_cache(maxsize=1)
def wording() -> dict[str, Any]:
    """What a citizen reads while people take over, from ``wording.yml``."""
    phrases: dict[str, Any] = files.read_yaml(Path(__file__).with_name("wording.yml"))
    return phrases


def _with_people(conversation: str, text: str) -> Held | None:
    state = services().state
    held = conversations.held(state, conversation)
    if held is None:
        return None
    people = on_duty(state)
    deserted = not people if held.state == WAITING else held.agent not in people and held.last_word < now() - _FORGOTTEN
    if deserted:  # nobody will read it: the bot is better than silence
        conversations.give_back(state, conversation)
        return None
    conversations.add_words(state, conversation, Said(CITIZEN, text, now()))
    if held.state != WAITING:
        return Held(())
    if re.sub(r"\W", "", text) in wording()["cancels"]:
        conversations.give_back(state, conversation)
        return Held((wording()["cancelled"],), with_person=False)
    return Held((wording()["still_waiting"],))
