"""``/assist/api``: thin handlers; ``bot/assist/openapi.yml`` describes them."""

from __future__ import annotations

import logging
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from sanic import Blueprint
from sanic.exceptions import MethodNotSupported, NotFound, PayloadTooLarge
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.accounts.refusal import Refusal
from bot.assist.api import calls, day, desk, guides, learning, session
from bot.assist.api.common import reply
from knowledge import files

_log = logging.getLogger(__name__)

PREFIX = "/assist/api"
_REASONS = (
    (MethodNotSupported, 405, "wrong_method"),
    (NotFound, 404, "not_found"),
    (PayloadTooLarge, 413, "too_large"),
    (SQLAlchemyError, 503, "unavailable"),
)


def make_blueprint() -> Blueprint:
    """Every route of the interface, and errors as ``{"error": sentence}``."""
    blueprint = Blueprint("assist_api", url_prefix=PREFIX)
    for room in (session, calls, guides, learning, desk, day):
        room.add_routes(blueprint)
    blueprint.add_route(_describe, "/openapi.json", name="describe")
    blueprint.add_route(_nowhere, "/<path:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], name="nowhere")
    blueprint.exception(Refusal)(_refused)
    for error, status, reason in _REASONS:
        blueprint.exception(error)(partial(_refused_for, status, reason))
    return blueprint


async def _refused(_: Request, refusal: Refusal) -> HTTPResponse:
    return reply({"error": refusal.sentence}, status=refusal.status)


async def _refused_for(status: int, reason: str, request: Request, error: Exception) -> HTTPResponse:
    if status >= 500:
        _log.error("a request could not be served", exc_info=error)
    return await _refused(request, Refusal(status, reason))


async def _nowhere(_: Request, path: str) -> HTTPResponse:
    raise Refusal(404, "not_found")


async def _describe(_: Request) -> HTTPResponse:
    return reply(_description())


@lru_cache(maxsize=1)
def _description() -> Any:
    return files.read_yaml(Path(__file__).parents[1] / "openapi.yml")
