"""The guides whole, entry by entry, as one reads them: for pages, indexes and comparisons.

Which facts answer a question is :mod:`knowledge.query`'s business; here nothing is left out and nothing filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from knowledge.catalogue import Item
from knowledge.facts import Fact
from knowledge.models import EntryRow, FactRow, GuideRow
from knowledge.query import Source
from knowledge.regions import RegionTree


@dataclass(frozen=True)
class WholeEntry:
    """One item as one guide has it: every fact by key, why fields are empty, what was mended of the print."""

    item: str
    source: Source
    code: str | None
    facts: Mapping[str, list[Fact]]
    unknown: Mapping[str, str]
    mended: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class WholeGuide:
    source: Source
    entries: Mapping[str, WholeEntry]

    def entry(self, item: Item) -> WholeEntry | None:
        """The item's entry, or that of the item it is treated under where it has none."""
        return self.entries.get(item.id) or (self.entries.get(item.see[0]) if item.see else None)


class GuideBook:
    """All guides by jurisdiction, those of wider places first."""

    def __init__(self, guides: Mapping[str, WholeGuide], regions: RegionTree) -> None:
        self.guides = guides
        self._regions = regions

    def chain(self, region: str | None) -> list[WholeGuide]:
        """The guides that hold for a place, nearest first; for no place, the nation's."""
        places = self._regions.chain(region) if region else []
        holding = [guide for guide in self.guides.values() if guide.source.region in (None, *places)]
        return sorted(holding, key=lambda guide: places.index(guide.source.region) if guide.source.region else len(places))

    def answering(self, item: Item, region: str | None) -> WholeEntry | None:
        """The entry an answer for a place rests on; for no place, the widest guide's that has the item."""
        guides = self.chain(region) if region else list(self.guides.values())
        own = (guide.entries.get(item.id) for guide in guides)
        treated = (guide.entry(item) for guide in guides)
        return next(filter(None, own), None) or next(filter(None, treated), None)


def read_guidebook(engine: Engine, regions: RegionTree) -> GuideBook:
    """Read every guide out of the database. Raises ``sqlalchemy.exc.SQLAlchemyError`` when it cannot be read."""
    with Session(engine) as session:
        facts: dict[int, dict[str, list[Fact]]] = {}
        for entry, key, fact in session.execute(sa.select(FactRow.entry_id, FactRow.key, FactRow.fact).order_by(FactRow.id)):
            facts.setdefault(entry, {}).setdefault(key, []).append(fact)
        rows = session.execute(sa.select(GuideRow)).scalars().all()
        entries: dict[str, dict[str, WholeEntry]] = {guide.id: {} for guide in rows}
        sources = {guide.id: _source(guide, "") for guide in rows}
        for row in session.execute(sa.select(EntryRow).order_by(EntryRow.id)).scalars():
            source = Source(**{**vars(sources[row.guide_id]), "entry": row.title})
            entries[row.guide_id][row.item] = WholeEntry(
                row.item, source, row.code, facts.get(row.id, {}), row.unknown, tuple(row.mended)
            )
    widest_first = sorted(sources.values(), key=lambda source: _width(source.region, regions))
    return GuideBook({source.jurisdiction: WholeGuide(source, entries[source.id]) for source in widest_first}, regions)


def _width(region: str | None, regions: RegionTree) -> tuple[int, int]:
    return (len(regions.chain(region)), regions.preference(region)) if region else (0, 0)


def _source(guide: GuideRow, entry: str) -> Source:
    return Source(guide.id, guide.title, guide.year, guide.jurisdiction, guide.region, entry)
