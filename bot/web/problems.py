"""What went wrong, as a sentence with a way on: JSON for programs, a page for people."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path
from typing import Any

from sanic.exceptions import InvalidUsage, SanicException, ServiceUnavailable
from sanic.request import Request
from sanic.response import HTTPResponse, json
from sqlalchemy.exc import SQLAlchemyError

from bot.answering.wording import Wording
from knowledge import files
from knowledge.catalogue import load_catalogue

_log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def load_words() -> dict[str, Any]:
    """The web's own phrases, ``wording.yml``."""
    words: dict[str, Any] = files.read_yaml(Path(__file__).with_name("wording.yml"))
    return words


class Problem(SanicException):
    """A request that cannot be answered as asked: an HTTP status and a phrase of ``wording.yml``."""

    def __init__(self, status: int, phrase: str | int, retry_after: int | None = None, **values: object) -> None:
        super().__init__(str(phrase), status_code=status, quiet=True)
        hotlines = Wording.hotlines(load_catalogue().hotlines)
        self.sentence: str = load_words()["problems"][phrase].format(hotlines=hotlines, seconds=retry_after, **values)
        self.headers = {} if retry_after is None else {"Retry-After": str(retry_after)}


def as_problem(error: Exception) -> Problem:
    """Any error as something that may be said to the public; what is our own fault is logged."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, InvalidUsage):
        return Problem(400, 400)
    if isinstance(error, SQLAlchemyError):
        _log.error("a database cannot be used: %s", type(getattr(error, "orig", error)).__name__)
        return Problem(503, 503, retry_after=5)
    status = getattr(error, "status_code", 500)
    if isinstance(error, ServiceUnavailable):
        _log.info("a browser went away before its answer")
    elif status >= 500:
        _log.error("a request failed", exc_info=error)
    return Problem(status, status if status in load_words()["problems"] else 500 if status >= 500 else 400)


async def answer_problem(_: Request, error: Exception) -> HTTPResponse:
    """The exception handler of front doors: JSON."""
    problem = as_problem(error)
    return json({"error": problem.sentence}, problem.status_code, problem.headers, ensure_ascii=False)
