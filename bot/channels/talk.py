"""One turn of a conversation, the same for every front door that keeps conversations of its own.

A conversation's id begins with its front door: ``web:…``, ``wechat:<account>:…``. The rest is no clue to the person.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from bot.assist.unanswered import note_unanswered
from bot.channels.text import public_text
from bot.desk.handover import ask_person, with_people
from bot.desk.talk_so_far import note_turn
from bot.watch.metrics import step
from bot.watch.turns import turn

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


@dataclass(frozen=True)
class Answer:
    """What one message got back: texts in order, and a payload of the answer contract for each question answered."""

    texts: tuple[str, ...]
    payloads: tuple[dict[str, Any], ...]
    replies: tuple[tuple[str, dict[str, Any] | None], ...] = ()
    """The same by question: the texts of each, a line each, with the payload they belong to."""
    with_person: bool = False
    """Whether a person has the conversation, so that more may come without being asked for."""
    left_to_person: bool = False
    """Whether the message was for people, and not answered by the bot."""


async def say(on_new_message: OnNewMessage, conversation: str, text: str, region: str | None = None) -> Answer:
    """Put a message of the public to the assistant, or to the people who took the conversation over.

    ``region`` is the front door's own place.
    """
    with turn(conversation.partition(":")[0]) as seen:
        answer = await _say(on_new_message, conversation, public_text(text), region)
        if answer.payloads:
            seen.replied(answer.payloads)
        elif answer.left_to_person:
            seen.left_to_person()
        return answer


async def _say(on_new_message: OnNewMessage, conversation: str, text: str, region: str | None) -> Answer:
    with step("with_people"):
        held = await with_people(conversation, text)
    if held:
        return Answer(held.texts, (), tuple((line, None) for line in held.texts), held.with_person, left_to_person=True)
    with step("dialogue"):
        answer = await _ask(on_new_message, conversation, text, region)
    with step("keep_turn"):
        await note_unanswered(conversation, text, answer.payloads)
        await note_turn(conversation, text, answer.texts)
        added = await ask_person(conversation, answer.payloads)
    if added is None:
        return answer
    return Answer((*answer.texts, added), answer.payloads, (*answer.replies, (added, None)), with_person=True)


async def _ask(on_new_message: OnNewMessage, conversation: str, text: str, region: str | None) -> Answer:
    output = CollectingOutputChannel()
    metadata = {"region": region} if region else None
    channel = conversation.partition(":")[0]
    await on_new_message(UserMessage(text, output, conversation, input_channel=channel, metadata=metadata))
    messages = output.messages
    return Answer(
        tuple(message["text"] for message in messages if "text" in message),
        tuple(message["custom"] for message in messages if "custom" in message),
        tuple(_by_question(messages)),
    )


def _by_question(messages: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Texts come before the payload they belong to."""
    texts: list[str] = []
    for message in messages:
        if "text" in message:
            texts.append(message["text"])
        if "custom" in message:
            yield "\n".join(texts), message["custom"]
            texts = []
    if texts:
        yield "\n".join(texts), None
