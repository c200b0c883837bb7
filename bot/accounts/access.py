"""Who may do what: the one place where roles are turned into rights, and a request into a person."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from enum import Enum
from functools import wraps
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.accounts import sessions
from bot.accounts.people import AGENT, CLERK, ROLES, SUPERVISOR, SYSTEM
from bot.accounts.refusal import Refusal
from bot.accounts.sessions import Identity
from bot.background import in_thread
from bot.services import services

COOKIE = "assist_session"
CSRF_HEADER = "X-CSRF-Token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Right(Enum):
    """A right and the roles that have it."""

    ANYTHING = ROLES
    CALLS = (AGENT, SUPERVISOR, SYSTEM)
    DESK = (AGENT, SUPERVISOR)
    LEARNING = (CLERK, SUPERVISOR)
    SUPERVISION = (SUPERVISOR,)


Handler = Callable[..., Awaitable[HTTPResponse | None]]


def may(right: Right) -> Callable[[Handler], Handler]:
    """A handler for those who have the right; it gets their :class:`Identity` after the request.

    Refuses with 401 who is not known, with 403 whose role does not reach or whose write does not repeat the CSRF token.
    """

    def guard(handler: Handler) -> Handler:
        @wraps(handler)
        async def guarded(request: Request, *args: Any, **named: Any) -> HTTPResponse | None:
            identity = await in_thread(identify, request)
            if identity is None:
                raise Refusal(401, "not_logged_in")
            if identity.csrf and request.method not in _SAFE and not _repeats(request, identity.csrf):
                raise Refusal(403, "no_csrf")
            if identity.role not in right.value:
                raise Refusal(403, "role_too_low")
            return await handler(request, identity, *args, **named)

        return guarded

    return guard


def identify(request: Request) -> Identity | None:
    """Who sends the request: by its bearer token if it has one, else by its session cookie."""
    state, key = services().state, services().settings.secret
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme:
        return sessions.of_token(state, token.strip()) if scheme.lower() == "bearer" else None
    secret = request.cookies.get(COOKIE)
    return sessions.of_session(state, key, secret) if secret else None


def _repeats(request: Request, csrf: str) -> bool:
    return hmac.compare_digest(request.headers.get(CSRF_HEADER, "").encode(), csrf.encode())
