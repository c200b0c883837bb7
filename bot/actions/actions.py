"""The actions that ``domain.yml`` names."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.exc import SQLAlchemyError

from bot.actions import conversation
from bot.answering import talk
from bot.answering.context import Context, Turn
from bot.answering.pipeline import answer_question
from bot.answering.wording import load_wording
from bot.services import services
from bot.state.patience import once
from bot.understanding.places import PlaceRules
from bot.watch.turns import turn_fails

_log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def place_rules() -> PlaceRules:
    """How places count, by item; made once."""
    knowledge = services().knowledge
    return PlaceRules(knowledge.regions, {item.id: item.family for item in knowledge.catalogue.items.values()})


class _Turn(Action, ABC):
    """One turn: its context goes through :meth:`reply_to`; a database that cannot be read gets an honest sentence."""

    @abstractmethod
    def reply_to(self, context: Context) -> Context:
        """Fill the context's reply."""

    def turns(self, tracker: Tracker) -> list[Turn]:
        """The message as turns: one, unless an action answers several questions of a message."""
        return [conversation.read_turn(tracker, services().knowledge.regions.regions)]

    async def _reply(self, context: Context) -> Context:
        """A file answers sooner than a thread begins; a server may keep it waiting."""
        if context.knowledge.is_file:
            return self.reply_to(context)
        return await once(self.reply_to, context)

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        memory = conversation.read_memory(tracker)
        slots: Mapping[str, Any] = {}
        for turn in self.turns(tracker):
            context = Context(
                turn, memory, services().knowledge, place_rules(), load_wording(), services().settings.home_region
            )
            try:
                context = await self._reply(context)
            except SQLAlchemyError:
                _log.exception("the knowledge base cannot be read")
                turn_fails()
                conversation.send(dispatcher, talk.unavailable(context))
                break
            assert context.reply
            conversation.send(dispatcher, context.reply)
            slots = context.remembered()
            memory = conversation.memory(slots)
        return conversation.slot_events(slots)


class ActionAnswer(_Turn):
    """Answers, asks back, or says that the guides do not answer this."""

    def name(self) -> str:
        return "action_answer"

    def turns(self, tracker: Tracker) -> list[Turn]:
        return conversation.read_turns(tracker, services().knowledge.regions.regions)

    def reply_to(self, context: Context) -> Context:
        return answer_question(context)


class ActionHandOff(_Turn):
    """Whom to call for a person, with the hours."""

    def name(self) -> str:
        return "action_hand_off"

    def reply_to(self, context: Context) -> Context:
        return talk.hand_off(context)


class ActionReport(_Turn):
    """Where to complain about the service."""

    def name(self) -> str:
        return "action_report"

    def reply_to(self, context: Context) -> Context:
        return talk.report(context)


class ActionRepeat(_Turn):
    """The last answer again."""

    def name(self) -> str:
        return "action_repeat"

    def reply_to(self, context: Context) -> Context:
        return talk.repeat(context)


class ActionMore(_Turn):
    """What the last answer had no room for."""

    def name(self) -> str:
        return "action_more"

    def reply_to(self, context: Context) -> Context:
        return talk.more(context)


class ActionStartOver(_Turn):
    """Forgets what was said."""

    def name(self) -> str:
        return "action_start_over"

    def reply_to(self, context: Context) -> Context:
        return talk.start_over(context)
