"""The assistant: one message in, its replies out, its conversation remembered."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from rasa.core.channels.channel import UserMessage
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from bot.runtime.model import TrainedModel
from bot.state.patience import patiently

ACTIONS_PACKAGE = "bot.actions"
Slots = Mapping[str, Any]


class Memory(Protocol):
    """What is kept of conversations: the slots that hold something."""

    def recall(self, conversation: str) -> Slots:
        """The slots of a conversation; none if nothing is known of it."""

    def keep(self, conversation: str, slots: Slots, spoken_at: float) -> None:
        """``spoken_at``: seconds since 1970."""


class Locks(Protocol):
    """One message of a conversation after the other."""

    def lock(self, conversation: str) -> AbstractAsyncContextManager[Any]: ...


class Publisher(Protocol):
    """What wants to know what happened (``bot/events.py``)."""

    def turn(
        self,
        message: UserMessage,
        understood: Mapping[str, Any],
        action: str,
        slots: Slots,
        replies: Sequence[Mapping[str, Any]],
    ) -> None:
        """One turn that is remembered; ``slots`` as they are after it. Returns at once."""


class Assistant:
    """A trained model with the actions of this process. The model can be changed for another while it answers."""

    def __init__(self, model: TrainedModel, memory: Memory, locks: Locks) -> None:
        self.model = model
        self.publisher: Publisher | None = None
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
        """Reply to a message through its output channel, remembering first: what was answered is never forgotten.

        Raises ``sqlalchemy.exc.SQLAlchemyError``, and replies nothing, when what was said before cannot be read, or this turn
        not be kept: without the place that was said, another place's rules would be given as the person's.
        """
        conversation, model = message.sender_id, self.model
        understood = model.understand(message.text or "")
        action = model.action_for(understood["intent"]["name"])
        async with self._locks.lock(conversation):
            slots = dict.fromkeys(model.slots) | dict(await patiently(self._memory.recall, conversation))
            replies = await self._reply(model, message, understood, action, slots)
            kept = {name: value for name, value in slots.items() if value is not None}
            await patiently(self._memory.keep, conversation, kept, time.time())
        if self.publisher:
            self.publisher.turn(message, understood, action, kept, replies)
        for reply in replies:
            await message.output_channel.send_response(conversation, reply)

    async def _reply(
        self, model: TrainedModel, message: UserMessage, understood: Mapping[str, Any], action: str, slots: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """The messages to send. Changes ``slots``."""
        if action not in self._actions:
            return [model.utterances.generate_from_slots(action, slots, message.output_channel.name())]
        said = {**understood, "metadata": message.metadata}
        tracker = Tracker(message.sender_id, slots, said, [], False, None, {}, None)
        dispatcher = CollectingDispatcher()
        for event in await self._actions[action](dispatcher, tracker, {}):
            slots[event["name"]] = event["value"]
        return list(dispatcher.messages)
