"""One server for everything: Rasa's channels, the actions in the same process, health and readiness."""

from __future__ import annotations

import asyncio
import logging
import time
from functools import partial
from typing import Any

import redis
import structlog
from rasa.core import run
from rasa.core.agent import Agent, load_agent
from rasa.core.channels import channel
from rasa.core.lock_store import RedisLockStore
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.model import get_latest_model
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json
from sqlalchemy.engine import Engine

from bot.assist.site import add_assist
from bot.retention import forget_daily
from bot.runtime import without_detours
from bot.runtime.memory import ConversationMemory
from bot.services import services
from bot.settings import Settings
from bot.state.database import create_tables
from bot.web.protocol import CarefulProtocol
from bot.web.site import add_web
from knowledge.database import is_current

_log = logging.getLogger(__name__)
_LARGEST_REQUEST = 1_000_000
_HIDDEN = ("text", "user_text", "parse_data_text", "parse_data_entities", "slot_values", "rasa_events", "prediction_events")


def serve(settings: Settings) -> None:
    """Run the server until it is stopped."""
    configure_logging(settings)
    app = make_app(settings)
    app.run(host=settings.host, port=settings.port, workers=1, access_log=False, protocol=CarefulProtocol)


def make_app(settings: Settings) -> Sanic:
    """The Sanic application with every route; the model is loaded when it starts."""
    channels = run.create_http_input_channels(None, "credentials.yml")
    app = Sanic("yibao", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = _LARGEST_REQUEST
    app.config.PROXIES_COUNT = settings.proxies
    channel.register(channels, app, "/webhooks/")
    add_web(app, settings)
    app.register_listener(partial(_load, settings), "before_server_start")
    add_assist(app)
    forget_daily(app)
    app.register_listener(run.close_resources, "after_server_stop")
    create_tables(services().state)
    app.add_route(_health, "/health", name="health")
    app.add_route(partial(_ready, services().knowledge.engine), "/ready", name="ready")
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


def configure_logging(settings: Settings) -> None:
    """Plain logs at the chosen level. What people say is dropped before anything is written."""
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True)
    for chatty in ("rasa", "apscheduler", "matplotlib", "sanic.access", "jieba", "rasa_sdk", "urllib3"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            _without_personal_data,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(max(logging.WARNING, logging.getLevelName(settings.log_level))),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _without_personal_data(_: Any, __: str, event: Any) -> Any:
    for key in _HIDDEN:
        event.pop(key, None)
    return event


async def _load(settings: Settings, app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
    started = time.perf_counter()
    app.ctx.agent = await load_local_agent(settings, loop, ConversationMemory(services().state, settings.secret))
    await app.ctx.agent.parse_message("您好")  # the first message loads dictionaries: not while a person waits
    _log.info("ready on http://%s:%s after %.1f s", settings.host, settings.port, time.perf_counter() - started)


async def _health(_: Request) -> HTTPResponse:
    """The process answers."""
    return json({"status": "ok"})


async def _ready(database: Engine, request: Request) -> HTTPResponse:
    """A message would be answered: the model is loaded and the knowledge base readable and up to date."""
    agent = getattr(request.app.ctx, "agent", None)
    checks = {"model": bool(agent and agent.is_ready()), "knowledge": is_current(database)}
    return json({"ready": all(checks.values()), **checks}, status=200 if all(checks.values()) else 503)
