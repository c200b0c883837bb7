"""Everything a browser gets that is no conversation, put into the server."""

from __future__ import annotations

import asyncio
import contextlib

from sanic import Sanic
from sqlalchemy.exc import SQLAlchemyError

from bot.limits import Limiter
from bot.services import services
from bot.settings import Settings
from bot.web.api import make_api
from bot.web.files import add_files
from bot.web.places import find_places
from bot.web.problems import answer_problem
from bot.web.security import secure
from bot.web.suggest import suggest


def add_web(app: Sanic, settings: Settings) -> None:
    """Pages, API, files, and the headers that every response of the server carries."""
    app.blueprint(make_api(Limiter("address", settings.address_limit, shared=services().redis)))
    add_files(app)
    app.error_handler.add(Exception, answer_problem)
    app.register_listener(_warm_up, "before_server_start")
    secure(app, settings.origins, settings.public_url.startswith("https:"))


async def _warm_up(_: Sanic, __: asyncio.AbstractEventLoop) -> None:
    """The indexes are made before anybody waits for them; without a knowledge base, when there is one."""
    with contextlib.suppress(SQLAlchemyError):
        suggest(find_places("成都")[0]["name"], None)
