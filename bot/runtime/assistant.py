"""The assistant: one message in, its replies out, its conversation remembered."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from rasa.core.channels.channel import UserMessage
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from sqlalchemy.exc import SQLAlchemyError

from bot.runtime.model import TrainedModel

ACTIONS_PACKAGE = "bot.actions"
Slots = Mapping[str, Any]

_log = logging.getLogger(__name__)


class Memory(Protocol):
    """What is kept of conversations: the slots that hold something."""

    def recall(self, conversation: str) -> Slots:
        """The slots of a conversation; none if nothing is known of it."""

    def keep(self, conversation: str, slots: Slots, spoken_at: float) -> None:
        """``spoken_at``: seconds since 1970."""


class Locks(Protocol):
    """One message of a conversation after the other."""

    def lock(self, conversation: str) -> AbstractAsyncContextManager[Any]: ...


class Assistant:
    """A trained model with the actions of this process. The model can be changed for another while it answers."""

    def __init__(self, model: TrainedModel, memory: Memory, locks: Locks) -> None:
        self.model = model
        self._followers: list[Callable[[TrainedModel], None]] = []
        self._memory = memory
        self._locks = locks
        executor = ActionExecutor()
        executor.register_package(ACTIONS_PACKAGE)
        self._actions = executor.actions

    def use(self, model: TrainedModel) -> None:
        """Answer from another model from the next message on."""
        self.model = model
        for follow in self._followers:
            follow(model)

    def whenever_changed(self, follow: Callable[[TrainedModel], None]) -> None:
        """Call ``follow`` with each other model that is used."""
        self._followers.append(follow)

    async def handle_message(self, message: UserMessage) -> None:
        """Reply to a message through its output channel, remembering first: what was answered is never forgotten."""
        async with self._locks.lock(message.sender_id):
            slots = dict.fromkeys(self.model.slots) | dict(self._recalled(message.sender_id))
            replies = await self._reply(message, slots)
            self._remember(message.sender_id, slots)
        for reply in replies:
            await message.output_channel.send_response(message.sender_id, reply)

    async def _reply(self, message: UserMessage, slots: dict[str, Any]) -> list[dict[str, Any]]:
        """The messages to send. Changes ``slots``."""
        model = self.model
        understood = model.understand(message.text or "")
        action = model.action_for(understood["intent"]["name"])
        if action not in self._actions:
            return [model.utterances.generate_from_slots(action, slots, message.output_channel.name())]
        said = {**understood, "metadata": message.metadata}
        tracker = Tracker(message.sender_id, slots, said, [], False, None, {}, None)
        dispatcher = CollectingDispatcher()
        for event in await self._actions[action](dispatcher, tracker, {}):
            slots[event["name"]] = event["value"]
        return list(dispatcher.messages)

    def _recalled(self, conversation: str) -> Slots:
        try:
            return self._memory.recall(conversation)
        except SQLAlchemyError:
            _log.exception("a conversation cannot be read: its message is answered by itself")
            return {}

    def _remember(self, conversation: str, slots: Slots) -> None:
        kept = {name: value for name, value in slots.items() if value is not None}
        try:
            self._memory.keep(conversation, kept, time.time())
        except SQLAlchemyError:
            _log.exception("a conversation cannot be kept: its next message is answered without this one")
