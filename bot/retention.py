"""What people said is deleted when its time is over, as ``bot/state/tables.py`` lists it table by table."""

from __future__ import annotations

import asyncio
import datetime
import logging

import sqlalchemy as sa
from sanic import Sanic
from sqlalchemy.engine import Engine

from bot.background import in_thread
from bot.services import services
from bot.state.database import long_work
from bot.state.tables import KEEPING, Keeping
from bot.state.times import now

_log = logging.getLogger(__name__)
_DAY_SECONDS = 86_400


def forget_daily(app: Sanic) -> None:
    """Let the server delete what is old when it starts, and every day."""
    app.register_listener(_begin, "after_server_start")
    app.register_listener(_end, "before_server_stop")


def forget_old(state: Engine, keep_days: int) -> None:
    """Delete what is older than ``keep_days``, or what its table says. What cannot be deleted now is named in the log."""
    for keeping in KEEPING:
        name = keeping.row.__tablename__
        try:
            if gone := _forget(state, keeping, keep_days):
                _log.info("%s: %d were old enough to be deleted", name, gone)
        except Exception:
            _log.exception("%s: what is old could not be deleted; it is tried again tomorrow", name)


def _forget(state: Engine, keeping: Keeping, keep_days: int) -> int:
    days = min(keep_days, keeping.most_days or keep_days) + keeping.more_days
    old = keeping.old(now() - datetime.timedelta(days=days))
    table = keeping.row.__table__
    forget = sa.update(table).values(**keeping.emptied) if keeping.emptied else sa.delete(table)
    with long_work(state) as connection:
        return int(connection.execute(forget.where(old)).rowcount)


async def _begin(app: Sanic, _: asyncio.AbstractEventLoop) -> None:
    app.ctx.forgetting = asyncio.create_task(_daily())


async def _end(app: Sanic, _: asyncio.AbstractEventLoop) -> None:
    app.ctx.forgetting.cancel()


async def _daily() -> None:
    while True:
        await in_thread(forget_old, services().state, services().settings.keep_days)
        await asyncio.sleep(_DAY_SECONDS)
