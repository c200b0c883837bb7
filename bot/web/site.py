"""Everything a browser gets that is no conversation, put into the server."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.limits import Limiter, address_of
from bot.services import services
from bot.settings import Settings
from bot.web.api import make_api
from bot.web.files import add_files
from bot.web.pages import add_pages, problem_page
from bot.web.places import find_places
from bot.web.problems import Problem, answer_problem, as_problem
from bot.web.security import secure
from bot.web.suggest import suggest

_FOR_PROGRAMS = ("/api/", "/webhooks/")


def add_web(app: Sanic, settings: Settings) -> None:
    """Pages, API, files, and the headers that every response of the server carries."""
    limiter = Limiter("address", settings.address_limit, shared=services().redis)
    app.blueprint(make_api(limiter))
    add_files(app)
    add_pages(app)
    app.register_middleware(partial(_limit_guides, limiter), "request")
    app.error_handler.add(Exception, _problem)
    app.register_listener(_warm_up, "before_server_start")
    secure(app, settings.origins, settings.public_url.startswith("https:"))


async def _limit_guides(limiter: Limiter, request: Request) -> None:
    """The pages that look things up count against the address they are asked from; so does the interface."""
    if request.path.startswith("/guide") and (wait := await limiter.retry_after(address_of(request))):
        raise Problem(429, "too_fast", retry_after=wait)


async def _problem(request: Request, error: Exception) -> HTTPResponse:
    """A page for a person with a browser, JSON for programs."""
    if "text/html" in request.headers.get("Accept", "") and not request.path.startswith(_FOR_PROGRAMS):
        return problem_page(request, as_problem(error))
    return await answer_problem(request, error)


async def _warm_up(_: Sanic, __: asyncio.AbstractEventLoop) -> None:
    """The indexes are made before anybody waits for them; without a knowledge base, when there is one."""
    with contextlib.suppress(SQLAlchemyError):
        suggest(find_places("成都")[0]["name"], None)
