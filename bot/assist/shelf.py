"""Everything the guides say, in memory, for looking around in it: read again when the knowledge base was built anew."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.services import services
from knowledge.facts import Fact
from knowledge.models import GuideRow


@dataclass(frozen=True, eq=False)
class Shelf:
    """``guides`` by id as the interface shows them; ``facts`` by guide, item and key."""

    guides: dict[str, dict[str, Any]]
    facts: dict[str, dict[str, dict[str, list[Fact]]]]


def shelf() -> Shelf:
    """The guides as they stand. Raises ``sqlalchemy.exc.SQLAlchemyError`` when the knowledge base cannot be read."""
    return _read(services().knowledge.version())


@lru_cache(maxsize=1)
def _read(_: str | None) -> Shelf:
    knowledge = services().knowledge
    with Session(knowledge.engine) as session:
        guides = {
            row.id: {
                "id": row.id,
                "title": row.title,
                "year": row.year,
                "jurisdiction": row.jurisdiction,
                "region": row.region,
            }
            for row in session.execute(sa.select(GuideRow)).scalars()
        }
    return Shelf(guides, knowledge.export())
