"""What people said is deleted when its time is over: every table that holds such things, in one list."""

from __future__ import annotations

import asyncio
import datetime
import logging
from collections.abc import Callable

from sanic import Sanic
from sqlalchemy.engine import Engine

from bot.assist.calls import forget_calls
from bot.assist.learning import forget_questions
from bot.background import in_thread
from bot.channels.web_store import forget_talks
from bot.desk import talk_so_far
from bot.desk.conversations import forget_conversations
from bot.runtime.memory import forget_silent
from bot.services import services
from bot.state.times import now

Forget = Callable[[Engine, datetime.datetime], int]
"""Deletes what is older than a time (UTC); returns how much that was."""

_log = logging.getLogger(__name__)
_DAY_SECONDS = 86_400


def forget_daily(app: Sanic) -> None:
    """Let the server delete what is old when it starts, and every day."""
    app.register_listener(_begin, "after_server_start")
    app.register_listener(_end, "before_server_stop")


def forget_old(state: Engine, keep_days: int) -> None:
    """Delete what is older than ``keep_days``, and the last turns sooner. What cannot be deleted now is named in the log."""
    kept: dict[Forget, int] = {
        forget_silent: keep_days,
        forget_talks: keep_days,
        forget_conversations: keep_days,
        forget_calls: keep_days,
        forget_questions: keep_days,
        talk_so_far.forget_turns: min(keep_days, talk_so_far.KEPT_DAYS),
    }
    for forget, days in kept.items():
        try:
            if gone := forget(state, now() - datetime.timedelta(days=days)):
                _log.info("%s: %d were old enough to be deleted", forget.__name__, gone)
        except Exception:
            _log.exception("%s failed; it is tried again tomorrow", forget.__name__)


async def _begin(app: Sanic, _: asyncio.AbstractEventLoop) -> None:
    app.ctx.forgetting = asyncio.create_task(_daily())


async def _end(app: Sanic, _: asyncio.AbstractEventLoop) -> None:
    app.ctx.forgetting.cancel()


async def _daily() -> None:
    while True:
        await in_thread(forget_old, services().state, services().settings.keep_days)
        await asyncio.sleep(_DAY_SECONDS)
