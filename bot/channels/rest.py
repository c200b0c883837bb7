"""Rasa's REST channel, for front doors we do not know: what is wrong with a request is said in the answer.

``POST /webhooks/rest/webhook`` with ``{"sender": …, "message": …, "metadata": {"region": …}}``. The reply is Rasa's: a
list of ``{"text"}`` and ``{"custom"}`` messages, the latter as in the answer contract.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable
from functools import partial
from traceback import format_tb
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.actions.actions import place_rules
from bot.answering.context import Context, Memory, Turn
from bot.answering.talk import unavailable
from bot.answering.wording import load_wording
from bot.channels.text import public_text
from bot.services import services
from bot.watch.turns import watched

_log = logging.getLogger(__name__)
LONGEST_SENDER = 255


class RestChannel(RestInput):
    """The stock channel with its input checked."""

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        blueprint = super().blueprint(partial(_answered, watched(self.name(), on_new_message)))
        blueprint.middleware(_check, "request")
        return blueprint

    async def _extract_sender(self, req: Request) -> str:
        """Who writes. Without a sender, every message is a conversation of its own, never one shared by strangers."""
        return req.json.get("sender") or uuid.uuid4().hex

    def _extract_message(self, req: Request) -> str:
        return public_text(req.json["message"])


async def _answered(on_new_message: Callable[[UserMessage], Awaitable[Any]], message: UserMessage) -> None:
    """Let a message be answered; where that fails, with whom to call and nothing else: half an answer counts for none."""
    try:
        await on_new_message(message)
    except Exception as error:  # its words may hold what the person wrote
        _log.error(
            "a message could not be answered: %s\n%s", type(error).__name__, "".join(format_tb(error.__traceback__)[-3:])
        )
        output = message.output_channel
        if isinstance(output, CollectingOutputChannel) and isinstance(output.messages, list):
            output.messages.clear()
        sorry = unavailable(Context(Turn("", ()), Memory(), services().knowledge, place_rules(), load_wording(), None))
        for text in sorry.texts:
            await output.send_text_message(message.sender_id, text)
        await output.send_custom_json(message.sender_id, sorry.payload)


async def _check(request: Request) -> HTTPResponse | None:
    """400 with the reason for a request that is no message."""
    if request.method != "POST":
        return None
    problem = _problem(request)
    return json({"error": problem}, status=400) if problem else None


def _problem(request: Request) -> str | None:
    try:
        body = request.json
    except InvalidUsage:
        return 'the body is no JSON: send {"sender": "…", "message": "…"}'
    if not isinstance(body, dict):
        return 'the body must be a JSON object: send {"sender": "…", "message": "…"}'
    if not isinstance(body.get("message"), str):
        return '"message" must be a string'
    sender = body.get("sender")
    if sender is not None and not (isinstance(sender, str) and 0 < len(sender) <= LONGEST_SENDER):
        return f'"sender" must be a string of 1 to {LONGEST_SENDER} characters'
    if not isinstance(body.get("metadata") or {}, dict):
        return '"metadata" must be an object'
    return None
