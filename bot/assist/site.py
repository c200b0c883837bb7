"""The assist, put into the server."""

from __future__ import annotations

import asyncio

from sanic import Sanic

from bot.actions.actions import place_rules
from bot.assist.api import make_blueprint
from bot.assist.hearing import Ear
from bot.assist.listening import Listener
from bot.assist.live import LiveCalls
from bot.assist.pages import add_pages
from bot.runtime.model import TrainedModel
from bot.services import services


def add_assist(app: Sanic) -> None:
    """Interface and pages."""
    app.blueprint(make_blueprint())
    add_pages(app)
    app.register_listener(_start, "before_server_start")


async def _start(app: Sanic, _: asyncio.AbstractEventLoop) -> None:
    def listener(model: TrainedModel) -> Listener:
        return Listener(Ear(model), services().knowledge, place_rules())

    live_calls = app.ctx.live_calls = LiveCalls(services().state, listener(app.ctx.agent.model))
    app.ctx.agent.whenever_changed(lambda model: live_calls.listen_with(listener(model)))
