"""The assistant: one message in, its replies out, its conversation remembered."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from rasa.core.channels.channel import UserMessage
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from bot.runtime.model import TrainedModel
from bot.watch.metrics import step

ACTIONS_PACKAGE = "bot.actions"
Slots = Mapping[str, Any]


class Memory(Protocol):
    """What is kept of conversations: the slots that hold something.

    Both raise ``sqlalchemy.exc.SQLAlchemyError`` where the database is away: an answer that is not remembered must not go
    out, or the next question would be answered for the place, or the item, of an earlier one.
    """

    async def recall(self, conversation: str) -> Slots:
        """The slots of a conversation; none if nothing is known of it."""

    async def keep(self, conversation: str, slots: Slots, spoken_at: float) -> None:
        """``spoken_at``: seconds since 1970."""


class Locks(Protocol):
    """One message of a conversation after the other."""

    def lock(self, conversation: str) -> AbstractAsyncContextManager[Any]: ...


@dataclass(frozen=True)
class DoneTurn:
    """A turn that was answered and remembered. ``slots`` are those after it; ``at`` is in seconds since 1970."""

    conversation: str
    channel: str
    understood: Mapping[str, Any]
    action: str
    slots: Slots
    messages: Sequence[Mapping[str, Any]]
    at: float


class Assistant:
    """A trained model with the actions of this process. The model can be changed for another while it answers."""

    def __init__(self, model: TrainedModel, memory: Memory, locks: Locks) -> None:
        self.model = model
        self._notes: list[Callable[[DoneTurn], None]] = []
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

    def after_each_turn(self, note: Callable[[DoneTurn], None]) -> None:
        """Call ``note`` with each turn that is done. It must not wait."""
        self._notes.append(note)

    async def handle_message(self, message: UserMessage) -> None:
        """Reply to a message through its output channel, remembering first: what was answered is never forgotten."""
        conversation = message.sender_id
        async with self._locks.lock(conversation):
            with step("recall"):
                slots = dict.fromkeys(self.model.slots) | dict(await self._memory.recall(conversation))
            done = await self._turn(message, slots)
            kept = {name: value for name, value in done.slots.items() if value is not None}
            with step("remember"):
                await self._memory.keep(conversation, kept, done.at)
        for note in self._notes:
            note(done)
        for reply in done.messages:
            await message.output_channel.send_response(conversation, dict(reply))

    async def _turn(self, message: UserMessage, slots: Slots) -> DoneTurn:
        model = self.model
        with step("understand"):
            understood = model.understand(message.text or "")
        action = model.action_for(understood["intent"]["name"])
        messages, slots = await self._act(model, action, message, understood, slots)
        return DoneTurn(message.sender_id, message.input_channel or "", understood, action, slots, messages, time.time())

    async def _act(
        self, model: TrainedModel, action: str, message: UserMessage, understood: Mapping[str, Any], slots: Slots
    ) -> tuple[list[dict[str, Any]], Slots]:
        """The messages of an action or utterance, and the slots after it."""
        if action not in self._actions:
            return [model.utterances.generate_from_slots(action, dict(slots), message.output_channel.name())], slots
        said = {**understood, "metadata": message.metadata}
        tracker = Tracker(message.sender_id, dict(slots), said, [], False, None, {}, None)
        dispatcher = CollectingDispatcher()
        events = await self._actions[action](dispatcher, tracker, {})
        return list(dispatcher.messages), {**slots, **{event["name"]: event["value"] for event in events}}
