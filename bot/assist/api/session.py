"""Logging in and out."""

from __future__ import annotations

from functools import lru_cache

from pydantic import constr
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot.accounts import audit, people, sessions
from bot.accounts.access import COOKIE, Right, may
from bot.accounts.refusal import Refusal
from bot.accounts.sessions import Identity
from bot.assist.api.common import Sent, body, reply
from bot.background import in_thread
from bot.limits import Limiter, address_of
from bot.services import services
from bot.state.times import in_china

LOGINS_A_MINUTE = 120
"""From one address, behind which a whole hall of agents may be."""


class Login(Sent):
    name: constr(strict=True, min_length=1, max_length=64)  # type: ignore[valid-type]
    password: constr(strict=True, min_length=1, max_length=256)  # type: ignore[valid-type]


def add_routes(blueprint: Blueprint) -> None:
    blueprint.add_route(log_in, "/session", methods=["POST"], name="log_in")
    blueprint.add_route(who_am_i, "/session", methods=["GET"], name="who_am_i")
    blueprint.add_route(log_out, "/session", methods=["DELETE"], name="log_out")


async def log_in(request: Request) -> HTTPResponse:
    """A form of another site can send no JSON, and a browser tells where a request comes from: neither logs anyone in."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Refusal(403, "no_csrf")
    if await _limiter().retry_after(address_of(request)):
        raise Refusal(429, "too_fast")
    login = body(request, Login)
    state, settings = services().state, services().settings
    try:
        right = await in_thread(people.check_password, state, login.name, login.password)
    except people.LockedError as error:
        raise Refusal(423, "locked", until=f"{in_china(error.until):%H:%M}") from None
    if not right:
        raise Refusal(401, "wrong_password")
    secret = await in_thread(sessions.begin, state, login.name)
    await in_thread(audit.note, state, login.name, "log_in")
    role = await in_thread(people.role_of, state, login.name)
    response = _session(Identity(login.name, role or "", sessions.csrf(settings.secret, secret)))
    response.cookies[COOKIE] = secret
    response.cookies[COOKIE].update({"httponly": True, "samesite": "Strict", "path": "/assist"})
    response.cookies[COOKIE]["max-age"] = int(sessions.LONGEST.total_seconds())
    if settings.public_url.startswith("https:"):
        response.cookies[COOKIE]["secure"] = True
    return response


@may(Right.ANYTHING)
async def who_am_i(_: Request, identity: Identity) -> HTTPResponse:
    return _session(identity)


@may(Right.ANYTHING)
async def log_out(request: Request, identity: Identity) -> HTTPResponse:
    if secret := request.cookies.get(COOKIE):
        await in_thread(sessions.end, services().state, secret)
        await in_thread(audit.note, services().state, identity.name, "log_out")
    response = empty()
    response.cookies[COOKIE] = ""
    response.cookies[COOKIE].update({"path": "/assist", "max-age": 0})
    return response


@lru_cache(maxsize=1)
def _limiter() -> Limiter:
    """Checking a password is costly by intent: no address may ask for it without end."""
    return Limiter("login", LOGINS_A_MINUTE, shared=services().redis)


def _session(identity: Identity) -> HTTPResponse:
    return reply({"user": {"name": identity.name, "role": identity.role}, "csrf": identity.csrf})
