"""The queue of the knowledge clerks."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, constr
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.accounts import audit
from bot.accounts.access import Right, may
from bot.accounts.refusal import Refusal
from bot.accounts.sessions import Identity
from bot.answering.decision import OUT_OF_SCOPE
from bot.assist import learning
from bot.assist.api.common import Sent, body, known_item, query, reply
from bot.background import in_thread
from bot.services import services

_LARGEST_ID = 2**31 - 1


class Queue(Sent):
    state: Literal["open", "example", "gap", "drop"] = Field("open")


class Decision(Sent):
    decision: Literal["example", "gap", "drop"]
    item: constr(strict=True, max_length=64) | None = None  # type: ignore[valid-type]
    text: constr(strict=True, min_length=2, max_length=200) | None = None  # type: ignore[valid-type]
    note: constr(strict=True, max_length=500) | None = None  # type: ignore[valid-type]


def add_routes(blueprint: Blueprint) -> None:
    blueprint.add_route(questions, "/learning", methods=["GET"], name="list_learning")
    blueprint.add_route(decide, r"/learning/<question:int>", methods=["POST"], name="decide")


@may(Right.LEARNING)
async def questions(request: Request, identity: Identity) -> HTTPResponse:
    state = query(request, Queue).state
    found = await in_thread(learning.questions, services().state, state)
    await in_thread(audit.note, services().state, identity.name, "learning_list")
    return reply({"questions": found})


@may(Right.LEARNING)
async def decide(request: Request, identity: Identity, question: int) -> HTTPResponse:
    sent = body(request, Decision)
    item = sent.item if sent.item in (None, OUT_OF_SCOPE) else known_item(sent.item)
    if sent.decision == learning.EXAMPLE and not item:
        raise Refusal(400, "example_needs_item")
    if not 0 < question <= _LARGEST_ID:
        raise Refusal(404, "no_question")
    decided = await in_thread(learning.decide, services().state, question, sent.decision, item, sent.text, sent.note)
    await in_thread(audit.note, services().state, identity.name, f"learning_{sent.decision}", str(question))
    return reply(decided)
