"""Rasa's REST channel, for front doors we do not know: what is wrong with a request is said in the answer.

``POST /webhooks/rest/webhook`` with ``{"sender": …, "message": …, "metadata": {"region": …}}``. The reply is Rasa's: a
list of ``{"text"}`` and ``{"custom"}`` messages, the latter as in the answer contract. One sender, and one address, may send
so many messages a minute as the settings say.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from rasa.core.channels.channel import UserMessage
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
from bot.limits import Limiter, address_of, is_of_this_machine
from bot.services import services
from bot.watch.turns import watched

_log = logging.getLogger(__name__)
LONGEST_SENDER = 255


class RestChannel(RestInput):
    """The stock channel with its input checked and its use limited."""

    def __init__(self) -> None:
        settings, shared = services().settings, services().redis
        self._by_sender = Limiter("sender", settings.visitor_limit, shared=shared)
        self._by_address = Limiter("address", settings.address_limit, shared=shared)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        blueprint = super().blueprint(partial(_answered, watched(self.name(), on_new_message)))
        blueprint.middleware("request")(self._check)
        return blueprint

    async def _check(self, request: Request) -> HTTPResponse | None:
        """400 with the reason for a request that is no message, 429 for one too many.

        Programs of this machine itself are not limited.
        """
        if request.method != "POST":
            return None
        free = is_of_this_machine(request)
        wait = 0 if free else await self._by_address.retry_after(address_of(request))
        if not wait:
            if problem := _problem(request):
                return json({"error": problem}, status=400)
            sender = request.json.get("sender")
            wait = await self._by_sender.retry_after(sender) if sender and not free else 0
        if wait:
            return json({"error": f"too many messages: wait {wait} s"}, 429, {"Retry-After": str(wait)})
        return None

    async def _extract_sender(self, req: Request) -> str:
        """Who writes. Without a sender, every message is a conversation of its own, never one shared by strangers."""
        return req.json.get("sender") or uuid.uuid4().hex

    def _extract_input_channel(self, _: Request) -> str:
        """No request says through which door it came."""
        return str(self.name())

    def _extract_message(self, req: Request) -> str:
        return public_text(req.json["message"])


async def _answered(on_new_message: Callable[[UserMessage], Awaitable[Any]], message: UserMessage) -> None:
    """Let a message be answered; where that fails, say so and whom to call."""
    try:
        await on_new_message(message)
    except Exception:
        _log.exception("a message could not be answered")
        output = message.output_channel
        sorry = unavailable(Context(Turn("", ()), Memory(), services().knowledge, place_rules(), load_wording(), None))
        for text in sorry.texts:
            await output.send_text_message(message.sender_id, text)
        await output.send_custom_json(message.sender_id, sorry.payload)


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
    if sender is not None and not (isinstance(sender, str) and 0 < len(sender) <= LONGEST_SENDER and _is_text(sender)):
        return f'"sender" must be a string of 1 to {LONGEST_SENDER} characters'
    if not isinstance(body.get("metadata") or {}, dict):
        return '"metadata" must be an object'
    return None


def _is_text(words: str) -> bool:
    """Half a surrogate pair is no character."""
    return words.isascii() or words == words.encode("utf-8", "ignore").decode()
