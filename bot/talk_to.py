"""Talking to the assistant without a server: for the terminal, the evaluation and tests."""

from __future__ import annotations

import json
import uuid
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from bot.channels.text import public_text
from bot.server import load_local_agent
from bot.settings import Settings


class Conversation:
    """One conversation with a loaded agent."""

    def __init__(self, agent: Agent, region: str | None = None) -> None:
        self._agent = agent
        self._id = uuid.uuid4().hex
        self._metadata = {"region": region} if region else None

    async def say(self, text: str) -> list[dict[str, Any]]:
        """Send one message; the messages that come back, as the REST channel gives them."""
        channel = CollectingOutputChannel()
        await self._agent.handle_message(UserMessage(public_text(text), channel, self._id, metadata=self._metadata))
        return list(channel.messages)

    @classmethod
    async def once(cls, settings: Settings, text: str, region: str | None) -> list[dict[str, Any]]:
        return await cls(await load_local_agent(settings), region).say(text)


def print_messages(messages: list[dict[str, Any]], payload: bool = False) -> None:
    """Texts as a person sees them; payloads as JSON."""
    for message in messages:
        if "text" in message:
            print(message["text"])
        elif payload:
            print(json.dumps(message["custom"], ensure_ascii=False, indent=1))
