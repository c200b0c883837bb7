"""Conversations that people take over, and duty."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from pydantic import StrictBool, constr
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot.accounts import audit
from bot.accounts.access import Right, may
from bot.accounts.refusal import Refusal
from bot.accounts.sessions import Identity
from bot.assist.api.common import Sent, body, reply, send_events
from bot.background import in_thread
from bot.channels import outbox
from bot.desk import conversations, duty
from bot.desk.handover import wording
from bot.desk.live import desk_state, watch_desk
from bot.services import services

_CONVERSATION = re.compile(r"[a-z]{1,16}:[0-9A-Za-z:_-]{1,100}")


class AgentMessage(Sent):
    id: constr(strict=True, min_length=1, max_length=64)  # type: ignore[valid-type]
    text: constr(strict=True, min_length=1, max_length=1000, strip_whitespace=True)  # type: ignore[valid-type]


class OnDuty(Sent):
    on: StrictBool


def add_routes(blueprint: Blueprint) -> None:
    blueprint.add_route(desk, "/desk", methods=["GET"], name="read_desk")
    blueprint.add_route(follow, "/desk/events", methods=["GET"], name="follow_desk")
    blueprint.add_route(take, "/desk/<conversation>/take", methods=["POST"], name="take")
    blueprint.add_route(answer, "/desk/<conversation>/messages", methods=["POST"], name="answer_citizen")
    blueprint.add_route(give_back, "/desk/<conversation>/close", methods=["POST"], name="give_back")
    blueprint.add_route(read_duty, "/duty", methods=["GET"], name="read_duty")
    blueprint.add_route(set_duty, "/duty", methods=["PUT"], name="set_duty")


@may(Right.DESK)
async def desk(_: Request, identity: Identity) -> HTTPResponse:
    await _note(identity, "desk_read")
    return reply(await in_thread(desk_state, services().state, identity.name))


@may(Right.DESK)
async def follow(request: Request, identity: Identity) -> None:
    await _note(identity, "desk_follow")
    await send_events(request, Right.DESK, "desk", watch_desk(services().state, identity.name))


@may(Right.DESK)
async def take(_: Request, identity: Identity, conversation: str) -> HTTPResponse:
    conversation = _known(conversation)
    taken = await in_thread(conversations.take, services().state, conversation, identity.name)
    await _note(identity, "desk_take", conversation)
    return reply(taken)


@may(Right.DESK)
async def answer(request: Request, identity: Identity, conversation: str) -> HTTPResponse:
    """Kept first, then delivered: words that did not reach the front door go out when they are sent again."""
    conversation, sent, state = _known(conversation), body(request, AgentMessage), services().state
    to_deliver = await in_thread(conversations.add_answer, state, conversation, identity.name, sent.id, sent.text)
    delivered = not to_deliver or await outbox.deliver(conversation, sent.text)
    if to_deliver and delivered:
        await in_thread(conversations.mark_delivered, state, conversation, sent.id)
    await _note(identity, "desk_answer", conversation)
    return reply({"delivered": delivered}, status=202)


@may(Right.DESK)
async def give_back(_: Request, identity: Identity, conversation: str) -> HTTPResponse:
    conversation = _known(conversation)
    await in_thread(conversations.give_back, services().state, conversation, identity.name)
    await outbox.deliver(conversation, wording()["given_back"])
    await _note(identity, "desk_close", conversation)
    return empty()


@may(Right.DESK)
async def read_duty(_: Request, identity: Identity) -> HTTPResponse:
    return reply(await _duty(identity))


@may(Right.DESK)
async def set_duty(request: Request, identity: Identity) -> HTTPResponse:
    on = body(request, OnDuty).on
    await in_thread(duty.set_duty, services().state, identity.name, on)
    await _note(identity, "duty_on" if on else "duty_off")
    return reply(await _duty(identity))


async def _duty(identity: Identity) -> dict[str, Any]:
    people = await in_thread(duty.on_duty, services().state)
    return {"on": identity.name in people, "people": len(people)}


def _known(conversation: str) -> str:
    """The id as it was before it was put into the address."""
    conversation = unquote(conversation)
    if not _CONVERSATION.fullmatch(conversation):
        raise Refusal(404, "no_conversation")
    return conversation


async def _note(identity: Identity, what: str, conversation: str | None = None) -> None:
    await in_thread(audit.note, services().state, identity.name, what, conversation)
