"""What the handlers share: reading what is sent, checking names of things, sending events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, TypeVar

from pydantic import BaseModel, Extra, ValidationError, root_validator
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as sanic_json

from bot.accounts.access import Right, identify
from bot.accounts.refusal import Refusal
from bot.background import in_thread
from bot.services import services
from bot.watch.stopping import stream


class Sent(BaseModel):
    """What is sent, by its exact types; nothing that is not named. Half characters and NULs, which no database keeps, go."""

    class Config:
        extra = Extra.forbid

    @root_validator(pre=True)
    def _clean(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {key: _storable(value) for key, value in values.items()}


S = TypeVar("S", bound=Sent)


def body(request: Request, kind: type[S]) -> S:
    """The request's JSON object. Refuses (400) with the field that is wrong."""
    try:
        sent = json.loads(request.body)  # the standard parser: Sanic's takes what is no JSON (NaN, huge numbers)
    except (InvalidUsage, ValueError, RecursionError):
        raise Refusal(400, "not_json") from None
    if not isinstance(sent, dict) or "json" not in request.content_type:
        raise Refusal(400, "not_json")
    return _checked(kind, sent, "bad_field")


def query(request: Request, kind: type[S]) -> S:
    """The request's parameters, each once."""
    if any(len(values) > 1 for values in request.args.values()):
        raise Refusal(400, "bad_parameter", field=next(key for key, values in request.args.items() if len(values) > 1))
    parameters = {key: values[0] for key, values in request.get_args(keep_blank_values=True).items()}
    return _checked(kind, parameters, "bad_parameter")


def known_item(item: str) -> str:
    if item not in services().knowledge.catalogue.items:
        raise Refusal(400, "no_item", item=item)
    return item


def known_region(path: str) -> str:
    if path not in services().knowledge.regions.regions:
        raise Refusal(400, "no_region", region=path)
    return path


def reply(data: Any, status: int = 200) -> HTTPResponse:
    """JSON that no cache keeps; Chinese as it is."""
    return sanic_json(data, status, {"Cache-Control": "no-store"}, ensure_ascii=False, escape_forward_slashes=False)


async def send_events(request: Request, right: Right, event: str, states: AsyncIterator[tuple[int, str] | None]) -> None:
    """Server-sent events: each state as one event, a comment as heartbeat; ends when the person may no longer look."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    async with stream(request, "assist", states) as shown:
        response = await request.respond(content_type="text/event-stream; charset=utf-8", headers=headers)
        try:
            async for state in shown:
                if state is None:
                    identity = await in_thread(identify, request)
                    if identity is None or identity.role not in right.value:
                        break
                    await response.send(": still here\n\n")
                else:
                    await response.send(f"id: {state[0]}\nevent: {event}\ndata: {state[1]}\n\n")
        except (ConnectionError, asyncio.TimeoutError):
            return  # the screen is gone
    await response.eof()


def _checked(kind: type[S], values: dict[str, Any], reason: str) -> S:
    try:
        return kind(**values)
    except RecursionError:  # nested as deep as the parser just allows
        raise Refusal(400, "not_json") from None
    except (ValidationError, TypeError) as error:
        field = ".".join(map(str, error.errors()[0]["loc"])) if isinstance(error, ValidationError) else "?"
        raise Refusal(400, reason, field=field) from None


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\0", "")
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(one) for key, one in value.items()}
    return value
