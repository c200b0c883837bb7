"""What every response says about its own safety, and which other sites may use the assistant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty

_OPEN = re.compile(r"/(api|webhooks/web|widget)(/|$|\.js$)")
"""What a page of another site may ask for: the assistant; never the pages or the office's own screens."""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
)


def secure(app: Sanic, origins: Sequence[str], https: bool) -> None:
    """Headers on every response; ``origins`` may embed the assistant and ask it."""
    ancestors = " ".join(["'self'", *(origin for origin in origins)])
    app.register_middleware(partial(_preflight, frozenset(origins)), "request")
    app.register_middleware(partial(_headers, _POLICY.format(ancestors=ancestors), https), "response")
    app.register_middleware(partial(_cross_origin, frozenset(origins)), "response")


async def _preflight(origins: frozenset[str], request: Request) -> HTTPResponse | None:
    """The browser's question whether another site's page may send a request."""
    if request.method != "OPTIONS" or "Access-Control-Request-Method" not in request.headers or not _OPEN.match(request.path):
        return None
    headers = {
        "Access-Control-Allow-Methods": "GET, POST, DELETE",
        "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
        "Access-Control-Max-Age": "86400",
    }
    return empty(headers=headers if _allowed(request, origins) else None)


async def _cross_origin(origins: frozenset[str], request: Request, response: HTTPResponse) -> None:
    if not _OPEN.match(request.path):
        return
    response.headers["Vary"] = ", ".join(filter(None, [response.headers.get("Vary"), "Origin"]))
    if allowed := _allowed(request, origins):
        response.headers["Access-Control-Allow-Origin"] = allowed
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"


def _allowed(request: Request, origins: frozenset[str]) -> str | None:
    origin: str | None = request.headers.get("Origin")
    return "*" if origin and "*" in origins else origin if origin in origins else None


async def _headers(policy: str, https: bool, request: Request, response: HTTPResponse) -> None:
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(self)")
    headers.setdefault("Cache-Control", "no-store")
    headers.setdefault("Content-Security-Policy", policy)
    if https:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
