"""What pages and suggestions rest on, read once for each build of the knowledge base."""

from __future__ import annotations

from functools import lru_cache

from bot.services import services
from knowledge.guidebook import GuideBook, read_guidebook


def guidebook() -> GuideBook:
    """The guides as they are now. Raises ``sqlalchemy.exc.SQLAlchemyError`` when the database cannot be read."""
    return _read(services().knowledge.version())


@lru_cache(maxsize=1)
def _read(_: str | None) -> GuideBook:
    knowledge = services().knowledge
    return read_guidebook(knowledge.engine, knowledge.regions)
