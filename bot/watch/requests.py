"""Every HTTP request: its id, its line in the log, its count. Only the template of an address is told, never the address."""

from __future__ import annotations

import logging
import re
import uuid
from functools import cache
from time import perf_counter
from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from structlog.contextvars import bind_contextvars, clear_contextvars

from bot.privacy import mask
from bot.state.patience import new_patience
from bot.watch.metrics import series

ID_HEADER = "X-Request-ID"
UNMATCHED = "unmatched"

_log = logging.getLogger(__name__)
_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
_PROBES = frozenset({"/health", "/ready", "/metrics"})
"""Asked every few seconds by machines: in the log of those who look closely only."""


class WatchedRequest(Request):
    """A request that knows when it began, whose id every line logged for it bears, and which waits so long and no longer."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.begun = perf_counter()
        self._id = _given_id(self.headers.get(ID_HEADER, "")) or uuid.uuid4().hex
        clear_contextvars()  # a connection carries one request after the other
        bind_contextvars(request_id=self._id)
        new_patience()


def add_requests(app: Sanic) -> None:
    """Call it before any other response middleware is registered: the first registered runs last and sees the response."""
    app.register_middleware(_begin, "request")
    app.register_middleware(_end, "response")


@cache
def template(path: str) -> str:
    """A route as it is told: ``/assist/api/calls/<call_id>``."""
    return "/" + re.sub(r":[^>]*>", ">", path)


async def _begin(request: WatchedRequest) -> None:
    if request.route:
        bind_contextvars(route=template(request.route.path), **_channel(request.route.path))


async def _end(request: WatchedRequest, response: HTTPResponse) -> None:
    response.headers[ID_HEADER] = request.id
    if request.app.ctx.stopping.is_set() and request.stream:
        request.stream.keep_alive = False
    seconds = perf_counter() - request.begun
    labels = (template(request.route.path), request.method) if request.route else (UNMATCHED, UNMATCHED)
    series("requests", *labels, response.status).inc()
    series("request_seconds", *labels).observe(seconds)
    level = logging.DEBUG if labels[0] in _PROBES else logging.INFO
    _log.log(level, "request", extra={"method": request.method, "status": response.status, "ms": round(seconds * 1000, 1)})


def _given_id(text: str) -> str | None:
    """The id a proxy gave, if it is one: no text of any length, nobody's number."""
    return text if _SANE.fullmatch(text) and mask(text) == text else None


def _channel(path: str) -> dict[str, str]:
    first, _, rest = path.partition("/")
    if first == "webhooks":
        return {"channel": rest.partition("/")[0]}
    return {"channel": "assist"} if first == "assist" else {}
