"""The trained assistant in this process, spoken to one message at a time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from bot.server import load_assistant
from bot.settings import Settings
from bot.talk_to import Conversation


@dataclass(frozen=True)
class Said:
    """What came back for one message."""

    texts: list[str]
    payloads: list[dict[str, Any]]

    @property
    def payload(self) -> dict[str, Any]:
        assert len(self.payloads) == 1, f"{len(self.payloads)} payloads, texts: {self.texts}"
        return self.payloads[0]


class Assistant:
    """The loaded assistant with an event loop of its own."""

    def __init__(self, settings: Settings) -> None:
        self.loop = asyncio.new_event_loop()
        self.loaded = load_assistant(settings)

    def talk(self, region: str | None = None) -> Chat:
        return Chat(self, Conversation(self.loaded, region))


class Chat:
    """One conversation."""

    def __init__(self, assistant: Assistant, conversation: Conversation) -> None:
        self._assistant = assistant
        self._conversation = conversation

    def say(self, text: str) -> Said:
        messages = self._assistant.loop.run_until_complete(self._conversation.say(text))
        return Said([m["text"] for m in messages if "text" in m], [m["custom"] for m in messages if "custom" in m])
