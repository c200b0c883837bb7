"""Calls: opened, spoken in, followed, corrected, closed."""

from __future__ import annotations

import datetime
from typing import Literal

from pydantic import Field, StrictBool, StrictStr, conlist, constr, validator
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot.accounts import audit
from bot.accounts.access import Right, may
from bot.accounts.refusal import Refusal
from bot.accounts.sessions import Identity
from bot.assist.api.common import Sent, body, known_item, known_region, query, reply, send_events
from bot.assist.calls import Call, Piece, list_calls, open_call, read_call
from bot.assist.closing import close, summary
from bot.assist.learning import judge
from bot.assist.live import LiveCalls
from bot.assist.view import call_state
from bot.background import in_thread
from bot.services import services
from bot.state.times import iso
from bot.watch.metrics import step
from knowledge.facts import ASPECTS


class NewCall(Sent):
    external_id: constr(strict=True, min_length=1, max_length=128) | None = None  # type: ignore[valid-type]
    region: constr(strict=True, max_length=100) | None = None  # type: ignore[valid-type]
    line: constr(strict=True, max_length=32) | None = None  # type: ignore[valid-type]


class NewPiece(Sent):
    id: constr(strict=True, min_length=1, max_length=64)  # type: ignore[valid-type]
    speaker: Literal["caller", "agent"]
    text: constr(strict=True, max_length=1000)  # type: ignore[valid-type]
    final: StrictBool
    at: StrictStr

    @validator("at")
    def _is_a_time(cls, at: str) -> str:
        datetime.datetime.fromisoformat(at.upper().replace("Z", "+00:00")[:40])
        return at


class Choice(Sent):
    item: StrictStr | None = None
    region: StrictStr | None = None
    circumstances: dict[StrictStr, StrictBool | None] | None = None
    aspects: conlist(StrictStr, max_items=13) | None = None  # type: ignore[valid-type]


class Feedback(Sent):
    item: StrictStr
    right: StrictBool
    right_item: StrictStr | None = None


class Closing(Sent):
    outcome: Literal["answered", "transferred", "callback", "unanswered", "abandoned"]
    note: constr(strict=True, max_length=1000) | None = None  # type: ignore[valid-type]


class WhichCalls(Sent):
    open: Literal["true", "false"] = Field("true")


def add_routes(blueprint: Blueprint) -> None:
    blueprint.add_route(new_call, "/calls", methods=["POST"], name="open_call")
    blueprint.add_route(calls, "/calls", methods=["GET"], name="list_calls")
    one = r"/calls/<call_id:[0-9a-f]{32}>"
    blueprint.add_route(read, one, methods=["GET"], name="read_call")
    blueprint.add_route(choose, one, methods=["PATCH"], name="choose")
    blueprint.add_route(push, f"{one}/pieces", methods=["POST"], name="push_piece")
    blueprint.add_route(follow, f"{one}/events", methods=["GET"], name="follow_call")
    blueprint.add_route(give_feedback, f"{one}/feedback", methods=["POST"], name="judge")
    blueprint.add_route(close_call, f"{one}/close", methods=["POST"], name="close_call")


@may(Right.CALLS)
async def new_call(request: Request, identity: Identity) -> HTTPResponse:
    sent = body(request, NewCall)
    region = known_region(sent.region) if sent.region else services().settings.home_region
    call_id = await in_thread(open_call, services().state, sent.external_id, sent.line, region)
    await _note(identity, "call_open", call_id)
    return reply({"call": call_id}, status=201)


@may(Right.CALLS)
async def calls(request: Request, identity: Identity) -> HTTPResponse:
    only_open = query(request, WhichCalls).open == "true"
    found = await in_thread(list_calls, services().state, only_open)
    ids = [call.id for call in found]
    await in_thread(audit.note_seen, services().state, identity.name, "calls_list", ids)
    return reply({"calls": [_row(call) for call in found]})


@may(Right.CALLS)
async def read(_: Request, identity: Identity, call_id: str) -> HTTPResponse:
    call = await in_thread(read_call, services().state, call_id)
    await _note(identity, "call_read", call_id)
    return reply(await in_thread(call_state, call))


@may(Right.CALLS)
async def push(request: Request, identity: Identity, call_id: str) -> HTTPResponse:
    """Not in the audit log piece by piece: the call's opening is."""
    sent = body(request, NewPiece)
    with step("call_piece"):
        revision = await _live(request).push(call_id, Piece(sent.id, sent.speaker, sent.text, sent.final, sent.at))
    return reply({"revision": revision}, status=202)


@may(Right.CALLS)
async def follow(request: Request, identity: Identity, call_id: str) -> None:
    await in_thread(read_call, services().state, call_id)
    await _note(identity, "call_follow", call_id)
    await send_events(request, Right.CALLS, "state", _live(request).watch(call_id))


@may(Right.CALLS)
async def choose(request: Request, identity: Identity, call_id: str) -> HTTPResponse:
    sent = body(request, Choice)
    _check(sent)

    def change(call: Call) -> bool:
        if call.until:
            raise Refusal(409, "call_closed")
        for name in sent.__fields_set__ - {"circumstances"}:
            setattr(call.chosen, name, getattr(sent, name))
        if "circumstances" in sent.__fields_set__:
            wanted = {**call.chosen.circumstances, **sent.circumstances} if sent.circumstances is not None else {}
            call.chosen.circumstances = {c: holds for c, holds in wanted.items() if holds is not None}
        return True

    call = await _live(request).change(call_id, change)
    await _note(identity, "call_choose", call_id)
    return reply(await in_thread(call_state, call))


@may(Right.CALLS)
async def give_feedback(request: Request, identity: Identity, call_id: str) -> HTTPResponse:
    sent = body(request, Feedback)
    known_item(sent.item)
    right_item = known_item(sent.right_item) if sent.right_item else None

    def change(call: Call) -> bool:
        call.feedback[sent.item] = {"right": sent.right, "right_item": right_item}
        return True

    call = await _live(request).change(call_id, change)
    await in_thread(judge, services().state, call, sent.item, sent.right, right_item)
    await _note(identity, "call_feedback", call_id)
    return empty()


@may(Right.CALLS)
async def close_call(request: Request, identity: Identity, call_id: str) -> HTTPResponse:
    sent = body(request, Closing)
    call = await _live(request).change(call_id, lambda call: close(call, sent.outcome, sent.note))
    await _note(identity, "call_close", call_id)
    return reply(await in_thread(summary, services().state, call))


def _check(sent: Choice) -> None:
    catalogue = services().knowledge.catalogue
    if sent.item:
        known_item(sent.item)
    if sent.region:
        known_region(sent.region)
    for circumstance in sent.circumstances or ():
        if circumstance not in catalogue.circumstances:
            raise Refusal(400, "no_circumstance", circumstance=circumstance)
    for aspect in sent.aspects or ():
        if aspect not in ASPECTS:
            raise Refusal(400, "no_aspect", aspect=aspect)


def _row(call: Call) -> dict[str, object]:
    catalogue = services().knowledge.catalogue
    asked = call.asked()
    return {
        "call": call.id,
        "status": "closed" if call.until else "open",
        "since": iso(call.since),
        "line": call.line,
        "last_words": asked[-1] if asked else None,
        "region": call.region[0] if call.region else None,
        "item": {"item": call.item, "name": catalogue.items[call.item].name} if call.item else None,
    }


async def _note(identity: Identity, what: str, call_id: str | None) -> None:
    await in_thread(audit.note, services().state, identity.name, what, call_id)


def _live(request: Request) -> LiveCalls:
    live: LiveCalls = request.app.ctx.live_calls
    return live
