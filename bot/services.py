"""What the rooms of the running server share: one of each, made at the first call."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import redis
from sqlalchemy.engine import Engine

from bot.settings import Settings, load_settings
from bot.state.database import open_state
from bot.watch.databases import watch_database
from knowledge.database import open_engine
from knowledge.query import KnowledgeBase


@dataclass(frozen=True)
class Services:
    settings: Settings
    knowledge: KnowledgeBase
    state: Engine
    redis: redis.Redis | None

    def close_connections(self) -> None:
        """Close what is open to the databases: a forked process must not use it."""
        self.knowledge.engine.dispose()
        self.state.dispose()


@lru_cache(maxsize=1)
def services() -> Services:
    """The services of this process, as the environment asks for them."""
    settings = load_settings()
    return Services(
        settings=settings,
        knowledge=KnowledgeBase(watch_database("knowledge", open_engine(settings.database, hurried=True))),
        state=watch_database("state", open_state(settings.state)),
        redis=redis.Redis.from_url(settings.redis, socket_connect_timeout=1, socket_timeout=2) if settings.redis else None,
    )
