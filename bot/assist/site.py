"""The assist, put into the server."""

from __future__ import annotations

import asyncio
import datetime
import logging

from sanic import Sanic

from bot.actions.actions import place_rules
from bot.assist.api import make_blueprint
from bot.assist.calls import forget_calls
from bot.assist.hearing import Ear
from bot.assist.learning import forget_questions
from bot.assist.listening import Listener
from bot.assist.live import LiveCalls
from bot.assist.pages import add_pages
from bot.background import in_thread
from bot.desk.conversations import forget_conversations
from bot.desk.talk_so_far import read_talk_from
from bot.services import services
from bot.state.times import now

_log = logging.getLogger(__name__)
_DAY_SECONDS = 86_400


def add_assist(app: Sanic) -> None:
    """Interface and pages. Call it after the listener that loads the agent is registered."""
    app.blueprint(make_blueprint())
    add_pages(app)
    app.register_listener(_start, "before_server_start")


async def _start(app: Sanic, _: asyncio.AbstractEventLoop) -> None:
    ear = Ear(app.ctx.agent)
    app.ctx.live_calls = LiveCalls(services().state, Listener(ear, services().knowledge, place_rules()))
    read_talk_from(app.ctx.agent.tracker_store)
    app.add_task(_forget_daily())


async def _forget_daily() -> None:
    """What people said is deleted when its time is over."""
    while True:
        before = now() - datetime.timedelta(days=services().settings.keep_days)
        for forget in (forget_calls, forget_conversations, forget_questions):
            try:
                await in_thread(forget, services().state, before)
            except Exception:
                _log.exception("what is old could not be deleted; it is tried again tomorrow")
        await asyncio.sleep(_DAY_SECONDS)
