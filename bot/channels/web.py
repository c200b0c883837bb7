"""The web site's front door: the widget's conversations, over JSON.

A visitor is known by the secret token of the conversation alone, sent with every request; there are no cookies.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import secrets
from collections.abc import Awaitable, Callable
from functools import partial

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json
from sqlalchemy.exc import SQLAlchemyError

from bot.background import begin_work
from bot.channels import outbox
from bot.channels.talk import Answer, OnNewMessage, say
from bot.channels.text import LONGEST_MESSAGE, public_text
from bot.channels.web_events import Events, TooManyStreams
from bot.channels.web_store import Claim, Conversation, WebStore, conversation_of
from bot.forgetting import BY_PERSON, find_person, forget
from bot.limits import Limiter, address_of
from bot.services import services
from bot.state.patience import once, patiently
from bot.state.ratings import LONGEST_REASON, rate
from bot.watch.stopping import stream
from bot.web.fields import flag, number, object_of, region_of, text_of
from bot.web.problems import Problem, answer_problem

_log = logging.getLogger(__name__)
_TOKEN_BYTES = 32
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_WAIT_SECONDS = 55

Handler = Callable[[Request, str, Conversation], Awaitable[HTTPResponse | None]]


class WebChannel(InputChannel):
    """``/webhooks/web``: conversations begun and deleted, messages, events and ratings."""

    def __init__(self) -> None:
        shared, settings = services(), services().settings
        self._store = WebStore(shared.state)
        self._events = Events(self._store)
        self._secret = settings.secret
        self._by_visitor = Limiter("visitor", settings.visitor_limit, shared=shared.redis)
        self._by_address = Limiter("address", settings.address_limit, shared=shared.redis)

    @classmethod
    def name(cls) -> str:
        return "web"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        door = Blueprint("web")
        door.exception(Exception)(answer_problem)
        door.middleware("request")(self._limit_address)
        door.add_route(partial(self._open), "/conversations", methods=["POST"], name="open")  # Sanic marks its handlers
        door.add_route(self._of_visitor(self._forget), "/conversations", methods=["DELETE"], name="forget")
        door.add_route(self._of_visitor(partial(self._message, on_new_message)), "/messages", methods=["POST"], name="message")
        door.add_route(self._of_visitor(self._talk_so_far), "/messages", methods=["GET"], name="messages")
        door.add_route(self._of_visitor(self._listen), "/events", methods=["GET"], name="events")
        door.add_route(self._of_visitor(self._rate), "/ratings", methods=["POST"], name="ratings")
        door.listener("before_server_stop")(self._stop)
        outbox.register(self.name(), self.deliver)
        return door

    async def deliver(self, conversation: str, text: str) -> bool:
        """An agent's words: kept, and at once with every browser that listens."""
        kept = await once(self._store.add_words_of_an_agent, conversation, public_text(text))
        self._events.wake(conversation)
        return kept

    async def _open(self, request: Request) -> HTTPResponse:
        region = region_of(object_of(request))
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        await patiently(self._store.open, conversation_of(self._secret, token), region)
        return json({"conversation": token, "region": region}, 201, ensure_ascii=False)

    async def _message(
        self, on_new_message: OnNewMessage, request: Request, conversation: str, kept: Conversation
    ) -> HTTPResponse:
        body = object_of(request)
        client_id, text = text_of(body, "id"), text_of(body, "text")
        if not _CLIENT_ID.fullmatch(client_id):
            raise Problem(400, "bad_field", field="id")
        if len(text) > LONGEST_MESSAGE:
            raise Problem(413, "too_long", limit=LONGEST_MESSAGE)
        region = region_of(body) if "region" in body else kept.region
        if wait := await self._by_visitor.retry_after(conversation):
            raise Problem(429, "too_fast", retry_after=wait)
        turn = begin_work(self._turn(on_new_message, conversation, client_id, public_text(text), region))
        seq = await asyncio.shield(turn)  # a browser that goes away does not end the turn: it will ask again
        replies = await patiently(self._store.replies, conversation, seq)
        now = await patiently(self._store.get, conversation)
        with_person = now.with_person if now else False
        return json({"id": client_id, "seq": seq, "replies": replies, "with_person": with_person}, ensure_ascii=False)

    async def _turn(
        self, on_new_message: OnNewMessage, conversation: str, client_id: str, text: str, region: str | None
    ) -> int:
        """Answer a message unless it is answered, here or elsewhere, once. Its number, when its replies are kept."""
        try:
            claim = await patiently(self._store.claim, conversation, client_id, text)
            while not claim.answered:
                if claim.mine:
                    answer = await self._answer(on_new_message, conversation, claim, text, region)
                    if await patiently(self._store.answer, conversation, claim, answer.replies, answer.with_person):
                        break
                claim = await self._answered_elsewhere(conversation, client_id, text)
        except KeyError:  # deleted meanwhile: what the turn has left goes as well
            await self._delete(conversation)
            raise Problem(401, "unknown_conversation") from None
        return claim.seq

    async def _answer(
        self, on_new_message: OnNewMessage, conversation: str, claim: Claim, text: str, region: str | None
    ) -> Answer:
        """The answer of a turn; one that fails leaves the message free for the next repeat."""
        try:
            return await say(on_new_message, conversation, text, region)
        except Exception:
            _log.exception("a message could not be answered")
            with contextlib.suppress(SQLAlchemyError):  # then the claim lapses
                await patiently(self._store.give_up, conversation, claim)
            raise Problem(503, "unavailable", retry_after=5) from None

    async def _answered_elsewhere(self, conversation: str, client_id: str, text: str) -> Claim:
        """Wait for the answer of whoever claimed the message; the claim, should it lapse meanwhile."""
        pause, waited = 0.05, 0.0
        while waited < _LONGEST_WAIT_SECONDS:
            await asyncio.sleep(pause)
            waited, pause = waited + pause, min(1.0, pause * 1.5)
            claim = await patiently(self._store.claim, conversation, client_id, text)
            if claim.answered or claim.mine:
                return claim
        raise Problem(503, "still_working", retry_after=5)

    async def _talk_so_far(self, request: Request, conversation: str, kept: Conversation) -> HTTPResponse:
        messages = await patiently(self._store.since, conversation, number(request, "after"))
        return json({"messages": messages, "with_person": kept.with_person}, ensure_ascii=False)

    async def _listen(self, request: Request, conversation: str, _: Conversation) -> None:
        after = number(request, "after")
        try:
            self._events.check(conversation)
        except TooManyStreams:
            raise Problem(429, "too_many_windows", retry_after=30) from None
        response = await request.respond(content_type="text/event-stream; charset=utf-8", headers={"X-Accel-Buffering": "no"})
        async with stream(request, self.name(), self._events.listen(conversation, after)) as events:
            async for event in events:
                await response.send(event)

    async def _rate(self, request: Request, conversation: str, _: Conversation) -> HTTPResponse:
        body = object_of(request)
        seq, useful = number(body, "seq"), flag(body, "useful")
        reason = text_of(body, "reason", required=False)
        payload = await patiently(self._store.payload, conversation, seq)
        if payload is None:
            raise Problem(404, "no_such_message")
        await once(rate, services().state, conversation, payload, useful, public_text(reason)[:LONGEST_REASON] or None)
        return empty()

    async def _forget(self, _: Request, conversation: str, __: Conversation) -> HTTPResponse:
        """The visitor deletes their conversation, and everything that came of it."""
        await self._delete(conversation)
        return empty()

    async def _delete(self, conversation: str) -> None:
        person = await patiently(find_person, services().state, self._secret, conversation)
        await patiently(forget, services(), person, BY_PERSON)

    def _of_visitor(self, handler: Handler) -> Callable[[Request], Awaitable[HTTPResponse | None]]:
        """A handler for requests that carry the token of a conversation that is kept."""

        async def handle(request: Request) -> HTTPResponse | None:
            token = request.token
            conversation = conversation_of(self._secret, token) if token else ""
            kept = await patiently(self._store.get, conversation) if token else None
            if kept is None:
                raise Problem(401, "unknown_conversation")
            return await handler(request, conversation, kept)

        return handle

    async def _limit_address(self, request: Request) -> None:
        if request.method != "OPTIONS" and (wait := await self._by_address.retry_after(address_of(request))):
            raise Problem(429, "too_fast", retry_after=wait)

    async def _stop(self, _: Sanic, __: asyncio.AbstractEventLoop) -> None:
        self._events.close()
