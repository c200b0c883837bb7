"""What supervisors see: the day, and the audit log."""

from __future__ import annotations

import datetime

from pydantic import Field, constr
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.accounts import audit
from bot.accounts.access import Right, may
from bot.accounts.refusal import Refusal
from bot.accounts.sessions import Identity
from bot.assist.api.common import Sent, query, reply
from bot.assist.day import day
from bot.background import in_thread
from bot.services import services
from bot.state.times import in_china, now


class WhichDay(Sent):
    date: constr(regex=r"^\d{4}-\d{2}-\d{2}$") | None = None  # type: ignore[valid-type]


class WhichEntries(Sent):
    who: constr(max_length=64) | None = None  # type: ignore[valid-type]
    subject: constr(max_length=128) | None = None  # type: ignore[valid-type]
    before: int | None = Field(None, ge=1, le=2**31 - 1)


def add_routes(blueprint: Blueprint) -> None:
    blueprint.add_route(read_day, "/day", name="read_day")
    blueprint.add_route(read_audit, "/audit", name="read_audit")


@may(Right.SUPERVISION)
async def read_day(request: Request, _: Identity) -> HTTPResponse:
    asked = query(request, WhichDay).date
    try:
        date = datetime.date.fromisoformat(asked) if asked else in_china(now()).date()
        return reply(await in_thread(day, services().state, date))
    except (ValueError, OverflowError):
        raise Refusal(400, "bad_parameter", field="date") from None


@may(Right.SUPERVISION)
async def read_audit(request: Request, identity: Identity) -> HTTPResponse:
    asked = query(request, WhichEntries)
    entries = await in_thread(audit.entries, services().state, asked.who, asked.subject, asked.before)
    await in_thread(audit.note, services().state, identity.name, "audit_read")
    return reply({"entries": entries})
