"""How the server stops: it says so, ends its streams, finishes the turns it began, and goes, within some five seconds.

``app.ctx.stopping`` is set from then on. While work is finished, requests are still taken: a load balancer that asks
``/ready`` sends them elsewhere, those already on their way are answered. ``YIBAO_DRAIN_SECONDS`` gives it the time to notice.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from functools import partial
from typing import Any, TypeVar

from sanic import Sanic
from sanic.request import Request

from bot.background import finish_work
from bot.settings import Settings
from bot.watch.metrics import series

FINISH_SECONDS = 4.0
_log = logging.getLogger(__name__)
T = TypeVar("T")


def add_stopping(app: Sanic, settings: Settings) -> None:
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = FINISH_SECONDS
    app.register_listener(_prepare, "before_server_start")
    app.register_listener(partial(_stop, settings.drain_seconds), "before_server_stop")


@contextlib.asynccontextmanager
async def stream(request: Request, channel: str, states: AsyncIterator[T]) -> AsyncGenerator[AsyncIterator[T], None]:
    """``states`` until the server stops, as an open stream of a channel; its connection ends with it."""
    request.stream.keep_alive = False
    until_stopped = _until(request.app.ctx.stopping, states)
    series("streams", channel).inc()
    try:
        yield until_stopped
    finally:
        series("streams", channel).dec()
        await until_stopped.aclose()
        await states.aclose()  # type: ignore[attr-defined]


async def _until(stop: asyncio.Event, states: AsyncIterator[T]) -> AsyncGenerator[T, None]:
    stopped = asyncio.ensure_future(stop.wait())
    coming: asyncio.Future[T] | None = None
    try:
        while True:
            coming = asyncio.ensure_future(states.__anext__())
            await asyncio.wait({coming, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not coming.done():
                return
            yield coming.result()
    except StopAsyncIteration:
        return
    finally:
        stopped.cancel()
        if coming and not coming.done():
            coming.cancel()
            with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
                await coming


async def _prepare(app: Sanic, _: Any) -> None:
    app.ctx.stopping = asyncio.Event()


async def _stop(drain_seconds: int, app: Sanic, _: Any) -> None:
    _log.info("stopping")
    app.ctx.stopping.set()
    await asyncio.sleep(drain_seconds)
    if left := await finish_work(FINISH_SECONDS):
        _log.warning("%d pieces of work were not finished in time", left)
