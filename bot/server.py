"""One server for everything: Rasa's channels, the actions in the same process."""

from __future__ import annotations

import asyncio
import logging
import time
from functools import partial

import redis
from rasa.core import run
from rasa.core.agent import Agent, load_agent
from rasa.core.channels import channel
from rasa.core.lock_store import RedisLockStore
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.model import get_latest_model
from sanic import Sanic

from bot.assist.site import add_assist
from bot.retention import forget_daily
from bot.runtime import without_detours
from bot.runtime.memory import ConversationMemory
from bot.services import services
from bot.settings import Settings
from bot.state.database import create_tables
from bot.watch.logs import configure_logging as configure_logging  # the command line has it from here
from bot.watch.requests import WatchedRequest
from bot.watch.site import add_watch
from bot.web.site import add_web

_log = logging.getLogger(__name__)
_LARGEST_REQUEST = 1_000_000


def serve(settings: Settings) -> None:
    """Run the server until it is stopped."""
    configure_logging(settings)
    app = make_app(settings)
    app.run(host=settings.host, port=settings.port, workers=1, access_log=False)


def make_app(settings: Settings) -> Sanic:
    """The Sanic application with every route; the model is loaded when it starts."""
    channels = run.create_http_input_channels(None, "credentials.yml")
    app = Sanic("yibao", configure_logging=False, request_class=WatchedRequest)
    app.config.REQUEST_MAX_SIZE = _LARGEST_REQUEST
    app.config.PROXIES_COUNT = settings.proxies
    add_watch(app, settings, [each.name() for each in channels])
    channel.register(channels, app, "/webhooks/")
    add_web(app, settings)
    app.register_listener(partial(_load, settings), "before_server_start")
    add_assist(app)
    forget_daily(app)
    app.register_listener(run.close_resources, "after_server_stop")
    create_tables(services().state)
    return app


async def load_local_agent(
    settings: Settings, loop: asyncio.AbstractEventLoop | None = None, memory: TrackerStore | None = None
) -> Agent:
    """The trained model with the actions in this process. Without a ``memory``, conversations end with the process.

    Raises ``FileNotFoundError`` when there is no model and ``ValueError`` when it cannot be loaded.
    """
    model = get_latest_model(settings.model)
    if model is None:
        raise FileNotFoundError(f"no trained model in {settings.model!r}: run `make train` first")
    endpoints = AvailableEndpoints.read_endpoints("endpoints.yml")
    endpoints.tracker_store = memory
    endpoints.lock_store = _locks(settings)
    agent = await load_agent(model_path=model, endpoints=endpoints, loop=loop)
    if not agent.is_ready():
        raise ValueError(f"the model {model} cannot be loaded (the reason is logged above): run `make train`")
    without_detours(agent)
    return agent


def _locks(settings: Settings) -> RedisLockStore | None:
    """One person's messages one after the other: over all servers where they share a Redis, else in this process."""
    if settings.redis is None:
        return None
    where = redis.connection.parse_url(settings.redis)
    return RedisLockStore(**{key: where[key] for key in ("host", "port", "db", "username", "password") if key in where})


async def _load(settings: Settings, app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
    started = time.perf_counter()
    app.ctx.agent = await load_local_agent(settings, loop, ConversationMemory(services().state, settings.secret))
    await app.ctx.agent.parse_message("您好")  # the first message loads dictionaries: not while a person waits
    _log.info("ready on http://%s:%s after %.1f s", settings.host, settings.port, time.perf_counter() - started)
