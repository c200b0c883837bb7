"""One server for everything: Rasa's channels, the assistant."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from rasa.core.channels import BUILTIN_CHANNELS, channel
from rasa.shared.utils.common import class_from_module_path
from rasa.shared.utils.io import read_config_file
from sanic import Sanic

from bot.assist.site import add_assist
from bot.retention import forget_daily
from bot.runtime.assistant import Assistant, Memory
from bot.runtime.live_model import follow, live_archive
from bot.runtime.locks import ProcessLocks, SharedLocks
from bot.runtime.memory import ProcessMemory, SharedMemory
from bot.runtime.model import load_model
from bot.services import services
from bot.settings import Settings
from bot.state.schema import upgrade
from bot.watch.logs import configure_logging
from bot.watch.processes import share_metrics
from bot.watch.requests import WatchedRequest
from bot.watch.site import add_watch
from bot.web.protocol import CarefulProtocol
from bot.web.site import add_web
from bot.workers import run_workers

_log = logging.getLogger(__name__)
_M_ARENA_MAX = -8
"""The number of that option in glibc's malloc.h."""
LARGEST_REQUEST = 1_000_000
"""Bytes."""


def serve(settings: Settings) -> None:
    """Run the server until it is stopped."""
    _share_one_heap()
    configure_logging(settings)
    share_metrics(settings.workers)
    started = time.perf_counter()
    app = make_app(settings)
    app.ctx.agent = load_assistant(settings, SharedMemory(services().state, settings.secret))
    app.ctx.agent.model.understand("您好")  # the first message loads dictionaries: not while a person waits
    _log.info("loaded after %.1f s", time.perf_counter() - started)
    services().close_connections()  # each worker makes its own
    gc.freeze()  # what is loaded stays, and is shared by the workers as long as nobody writes to it
    run = partial(app.run, access_log=False, protocol=CarefulProtocol)
    if settings.workers == 1:
        run(host=settings.host, port=settings.port)
    else:
        run_workers(lambda queue: run(sock=queue), settings.host, settings.port, settings.workers)


def make_app(settings: Settings) -> Sanic:
    """The Sanic application with every route. ``app.ctx.agent`` must be the assistant before it is run."""
    app = Sanic("yibao", configure_logging=False, request_class=WatchedRequest)
    app.config.REQUEST_MAX_SIZE = LARGEST_REQUEST
    app.config.PROXIES_COUNT = settings.proxies
    channels = list(_channels())
    add_watch(app, settings, [each.name() for each in channels])
    channel.register(channels, app, "/webhooks/")
    add_web(app, settings)
    app.register_listener(partial(_begin, settings), "before_server_start")
    app.register_listener(partial(_end, settings), "after_server_stop")
    add_assist(app)
    forget_daily(app)
    upgrade(services().state)
    return app


def load_assistant(settings: Settings, memory: Memory | None = None) -> Assistant:
    """The trained model that should answer, ready to. Without a ``memory``, conversations end with the process.

    Raises ``FileNotFoundError`` when there is no model and ``ValueError`` when it cannot be answered from.
    """
    locks = SharedLocks(settings.redis, settings.secret) if settings.redis else ProcessLocks()
    return Assistant(load_model(live_archive(Path(settings.model))), memory or ProcessMemory(), locks)


def _channels() -> Iterable[channel.InputChannel]:
    """The front doors that ``credentials.yml`` opens: Rasa's by their names, others by their classes."""
    for name, credentials in (read_config_file("credentials.yml") or {}).items():
        yield (BUILTIN_CHANNELS.get(name) or class_from_module_path(name)).from_credentials(credentials)


def _share_one_heap() -> None:
    """Let all threads take memory from one heap: else glibc gives each its own, and what is free in one serves no other."""
    if set_option := getattr(ctypes.CDLL(None), "mallopt", None):  # other C libraries have none
        set_option(_M_ARENA_MAX, 1)


async def _begin(settings: Settings, app: Sanic, _: asyncio.AbstractEventLoop) -> None:
    if settings.events:
        from bot.events import TurnEvents  # brings the clients of RabbitMQ, for those who publish alone

        app.ctx.events = TurnEvents(settings.events, settings.secret)
        app.ctx.agent.after_each_turn(app.ctx.events.publish_turn)
    app.ctx.following = asyncio.create_task(follow(app.ctx.agent, Path(settings.model)))
    _log.info("ready on http://%s:%s", settings.host, settings.port)


async def _end(settings: Settings, app: Sanic, _: asyncio.AbstractEventLoop) -> None:
    app.ctx.following.cancel()
    if settings.events:
        await app.ctx.events.close()
