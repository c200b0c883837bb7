"""Everything a browser gets that is no conversation, put into the server."""

from __future__ import annotations

from sanic import Sanic

from bot.settings import Settings
from bot.web.files import add_files
from bot.web.problems import answer_problem
from bot.web.security import secure


def add_web(app: Sanic, settings: Settings) -> None:
    """Pages, API, files, and the headers that every response of the server carries."""
    add_files(app)
    app.error_handler.add(Exception, answer_problem)
    secure(app, settings.origins, settings.public_url.startswith("https:"))
