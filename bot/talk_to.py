"""Talking to the assistant without a server: for the terminal, the evaluation and tests."""

from __future__ import annotations

import json
import uuid
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from bot.channels.text import public_text
from bot.runtime.assistant import Assistant
from bot.server import load_assistant
from bot.settings import Settings


class Conversation:
    """One conversation with a loaded assistant."""

    def __init__(self, assistant: Assistant, region: str | None = None) -> None:
        self._assistant = assistant
        self._id = uuid.uuid4().hex
        self._metadata = {"region": region} if region else None

    async def say(self, text: str) -> list[dict[str, Any]]:
        """Send one message; the messages that come back, as the REST channel gives them."""
        channel = CollectingOutputChannel()
        await self._assistant.handle_message(UserMessage(public_text(text), channel, self._id, metadata=self._metadata))
        return list(channel.messages)

    @classmethod
    async def once(cls, settings: Settings, text: str, region: str | None) -> list[dict[str, Any]]:
        return await cls(load_assistant(settings), region).say(text)


def print_messages(messages: list[dict[str, Any]], payload: bool = False) -> None:
    """Texts as a person sees them; payloads as JSON."""
    for message in messages:
        if "text" in message:
            print(message["text"])
        elif payload:
            print(json.dumps(message["custom"], ensure_ascii=False, indent=1))
