"""``/health``, ``/ready`` and ``/metrics``, and the listeners behind them, put into the server."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import os
from collections.abc import Iterable
from functools import partial
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest, multiprocess
from prometheus_client.registry import Collector
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json, raw

from bot.background import in_thread
from bot.limits import address_of
from bot.services import services
from bot.settings import Settings
from bot.watch.gauges import Gauges
from bot.watch.metrics import metrics
from bot.watch.processes import FOLDER, forget_metrics
from bot.watch.pulse import TOO_LATE_SECONDS, Pulse
from bot.watch.readiness import HELPS, readiness_of
from bot.watch.requests import add_requests
from bot.watch.stopping import add_stopping
from bot.watch.turns import count_from_zero

_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")


def add_watch(app: Sanic, settings: Settings, channels: Iterable[str]) -> None:
    """Call it first of all rooms: its part of a response comes last. ``channels`` are the front doors' names."""
    count_from_zero(channels)
    add_requests(app)
    add_stopping(app, settings)
    app.ctx.pulse, app.ctx.readiness = Pulse(), readiness_of(app, services())
    app.register_listener(_begin, "after_server_start")  # to load the model holds the loop up
    app.register_listener(_end, "after_server_stop")
    app.add_route(_health, "/health", name="health")
    app.add_route(_ready, "/ready", name="ready")
    app.add_route(partial(_metrics, settings), "/metrics", name="metrics")


async def _health(request: Request) -> HTTPResponse:
    """The process answers, and in time. No database counts here: a restart would not mend it."""
    lag = request.app.ctx.pulse.lag
    late = lag > TOO_LATE_SECONDS
    return json({"status": "late" if late else "ok", "lag": round(lag, 3)}, status=503 if late else 200)


async def _ready(request: Request) -> HTTPResponse:
    """A message would be answered here; else which part it is that fails, and since when."""
    parts, failing = await request.app.ctx.readiness.look()
    stopping = request.app.ctx.stopping.is_set()
    ready = all(holds for part, holds in parts.items() if part not in HELPS) and not stopping
    told = {"ready": ready, **parts, **({"failing": failing} if failing else {}), **({"stopping": True} if stopping else {})}
    return json(told, status=200 if ready else 503)


async def _metrics(settings: Settings, request: Request) -> HTTPResponse:
    """For who watches: from this machine, or with the token."""
    if not _may_watch(request, settings):
        return json({"error": "metrics are for this machine, or with the bearer token YIBAO_METRICS_TOKEN"}, status=403)
    parts, _ = await request.app.ctx.readiness.look()
    app = request.app
    gauges = Gauges(services(), app.ctx.agent.model.name, parts, app.ctx.stopping.is_set())
    return raw(await in_thread(exposition, gauges), content_type=CONTENT_TYPE_LATEST)


def _may_watch(request: Request, settings: Settings) -> bool:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    if settings.metrics_token and hmac.compare_digest(token.encode(), settings.metrics_token.encode()):
        return True
    if not settings.proxies and any(name in request.headers for name in _FORWARDED):
        return False  # a proxy on this machine that nobody told us of: its visitors are not this machine
    try:
        return ipaddress.ip_address(address_of(request)).is_loopback and ipaddress.ip_address(request.ip).is_loopback
    except ValueError:
        return False


def exposition(gauges: Collector) -> bytes:
    """The metrics of this process, or of all that share a folder."""
    now = CollectorRegistry()
    now.register(gauges)
    if FOLDER in os.environ:
        multiprocess.MultiProcessCollector(now)  # type: ignore[no-untyped-call]
        return generate_latest(now)
    return generate_latest(metrics().registry) + generate_latest(now)


async def _begin(app: Sanic, _: Any) -> None:
    app.ctx.beating = asyncio.create_task(app.ctx.pulse.beat())


async def _end(app: Sanic, _: Any) -> None:
    app.ctx.beating.cancel()
    forget_metrics(os.getpid())
