"""Asking the knowledge base: which facts hold for an item, in a place, under circumstances.

The rules are in :meth:`KnowledgeBase.look_up`; what comes back is a :class:`Finding` or, where no guide up the chain has
the item, a :class:`NotListed`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from knowledge.catalogue import Catalogue, Circumstance, Item, load_catalogue
from knowledge.facts import COMPLAINT_KINDS, OVERVIEW, OVERVIEW_ASPECTS, Fact, fact_keys
from knowledge.models import BuildRow, EntryRow, FactRow, GuideRow
from knowledge.regions import RegionTree, load_regions


@dataclass(frozen=True)
class Source:
    """A guide and the title of its entry, as an answer names them."""

    id: str
    title: str
    year: int | None
    jurisdiction: str
    region: str | None
    entry: str


@dataclass(frozen=True)
class OpenQuestion:
    """Circumstances that exclude each other, of which the person's would change the answer."""

    group: str
    asks: str
    choices: tuple[Circumstance, ...]


@dataclass(frozen=True)
class Finding:
    """The facts that answer, each with its source.

    ``nearest`` is the nearest guide that has the item; ``sources`` all that gave a fact, nearest first. ``wider`` names the
    keys that came from a wider guide; ``gaps`` the keys that no guide up the chain holds, with the guide's own words where
    it says why. ``treated_as`` tells where a guide deals with the item under another one.
    """

    item: Item
    region: str | None
    nearest: Source
    facts: dict[str, list[Fact]]
    sources: tuple[Source, ...]
    wider: dict[str, Source] = field(default_factory=dict)
    gaps: dict[str, str | None] = field(default_factory=dict)
    open_questions: tuple[OpenQuestion, ...] = ()
    treated_as: Item | None = None
    own_guide: Source | None = None
    """The nearest guide up the chain, where it does not list the item and a wider one had to answer."""
    unlisted_district: str | None = None
    """The person's district, where the guide gives the numbers of others but not its own."""
    decisive: tuple[str, ...] = ()
    """Rules of eligibility that speak of just this person's circumstances (灵活就业人员 … 不享受生育津贴)."""


@dataclass(frozen=True)
class NotListed:
    """No guide up the chain lists the item. ``guides`` are those that were looked into, nearest first."""

    item: Item
    region: str | None
    guides: tuple[Source, ...]


# Statements are made once: making one takes longer than SQLite takes to answer it.
_CHAIN = (
    sa.select(
        GuideRow.id,
        GuideRow.title,
        GuideRow.year,
        GuideRow.jurisdiction,
        GuideRow.region,
        EntryRow.id.label("entry_id"),
        EntryRow.title.label("entry"),
        EntryRow.unknown,
    )
    .outerjoin(EntryRow, sa.and_(EntryRow.guide_id == GuideRow.id, EntryRow.item == sa.bindparam("item")))
    .where(sa.or_(GuideRow.region.in_(sa.bindparam("places", expanding=True)), GuideRow.region.is_(None)))
)
_WIDEST = (
    sa.select(GuideRow.region)
    .where(sa.exists().where(EntryRow.guide_id == GuideRow.id, EntryRow.item == sa.bindparam("item")))
    .order_by(GuideRow.rank)
    .limit(1)
)
_FACTS = (
    sa.select(FactRow.entry_id, FactRow.key, FactRow.fact)
    .where(FactRow.entry_id.in_(sa.bindparam("entries", expanding=True)), FactRow.key.in_(sa.bindparam("keys", expanding=True)))
    .order_by(FactRow.id)
)


@dataclass(frozen=True)
class _Entry:
    id: int
    unknown: dict[str, str]
    source: Source


class KnowledgeBase:
    """Read access to the built database. Safe to share between threads; holds nothing but the catalogue in memory."""

    def __init__(self, engine: Engine, catalogue: Catalogue | None = None, regions: RegionTree | None = None) -> None:
        self.engine = engine
        self.catalogue = catalogue or load_catalogue()
        self.regions = regions or load_regions()

    @property
    def is_file(self) -> bool:
        """Whether the database is a file of this machine, not a server."""
        return str(self.engine.dialect.name) == "sqlite"

    def look_up(
        self,
        item_id: str,
        aspects: Sequence[str],
        region: str | None = None,
        circumstances: Iterable[str] = (),
    ) -> Finding | NotListed:
        """The facts of an item for a place, circumstances and aspects.

        Field by field, the nearest guide up the chain (county, city, province, nation) that holds the fact answers; a
        sibling's never does. With no place, the widest guide that has the item answers. Raises ``KeyError`` for an
        unknown item, region or circumstance and ``sqlalchemy.exc.SQLAlchemyError`` when the database cannot be read.
        """
        item = self.catalogue.items[item_id]
        known = self.catalogue.with_implied(frozenset(circumstances))
        treated_as = None
        with self.engine.connect() as connection:
            guides, entries = self._chain(connection, item_id, region)
            if not entries and item.see:
                treated_as, known = self.catalogue.items[item.see[0]], known | {item.see[1]}
                guides, entries = self._chain(connection, treated_as.id, region)
            if not entries:
                return NotListed(item, region, tuple(guides))
            keys = self._keys(aspects)
            held = self._facts(connection, entries, [*keys, _RULES, _REMARKS])
            own = guides[0] if region else entries[0].source
        facts: dict[str, list[Fact]] = {}
        wider: dict[str, Source] = {}
        gaps: dict[str, str | None] = {}
        for key in keys:
            for entry in entries:
                found = self._applying(held.get((entry.id, key), []), entry, key, aspects, region, known)
                if found:
                    facts[key] = found
                    if entry is not entries[0]:
                        wider[key] = entry.source
                    break
            else:
                if key not in _OPTIONAL:
                    gaps[key] = entries[0].unknown.get(_FIELDS.get(key, key))
        remarks = held.get((entries[0].id, _REMARKS))
        if remarks and _REMARKS not in facts and (_RULES in gaps or wider):
            facts[_REMARKS] = remarks  # what the nearer guide says there may settle what a wider one had to fill in
        used = {fact["source"] for values in facts.values() for fact in values}
        return Finding(
            item,
            region,
            entries[0].source,
            facts,
            tuple(e.source for e in entries if e.source.id in used) or (entries[0].source,),
            wider,
            gaps,
            self._open_questions(facts, known),
            treated_as,
            own if own.id != entries[0].source.id else None,
            self._unlisted_district(held.get((entries[0].id, "phones"), []), entries[0], region) if "phones" in gaps else None,
            _decisive(held, entries[0].id, keys, known),
        )

    def export(self) -> dict[str, dict[str, dict[str, list[Fact]]]]:
        """Every fact of every guide: ``{guide id: {item id: {key: [facts]}}}``."""
        rows = (
            sa.select(EntryRow.guide_id, EntryRow.item, FactRow.key, FactRow.fact)
            .join(FactRow, FactRow.entry_id == EntryRow.id)
            .order_by(EntryRow.id, FactRow.id)
        )
        result: dict[str, dict[str, dict[str, list[Fact]]]] = {}
        with Session(self.engine) as session:
            for guide, item, key, fact in session.execute(rows):
                result.setdefault(guide, {}).setdefault(item, {}).setdefault(key, []).append(fact)
        return result

    def version(self) -> str | None:
        """The fingerprint of the data the database was built from; None when nothing was built yet."""
        with Session(self.engine) as session:
            version: str | None = session.execute(sa.select(BuildRow.fingerprint)).scalar()
            return version

    def _chain(self, connection: Connection, item: str, region: str | None) -> tuple[list[Source], list[_Entry]]:
        """The guides that hold for a region or one above it, and the item's entries in them; nearest first.

        With no region, those from the widest guide that lists the item.
        """
        place = region or self._widest(connection, item)
        places = self.regions.chain(place) if place else []
        rows = connection.execute(_CHAIN, {"item": item, "places": places}).all()
        rows.sort(key=lambda row: places.index(row.region) if row.region else len(places))
        guides = [Source(row.id, row.title, row.year, row.jurisdiction, row.region, row.entry or "") for row in rows]
        listed = [(row, guide) for row, guide in zip(rows, guides, strict=True) if row.entry_id is not None]
        return guides, [_Entry(row.entry_id, row.unknown, guide) for row, guide in listed]

    @staticmethod
    def _widest(connection: Connection, item: str) -> str | None:
        """The place of the widest guide that lists the item; ``None`` is the nation's."""
        place: str | None = connection.execute(_WIDEST, {"item": item}).scalar()
        return place

    @staticmethod
    def _keys(aspects: Sequence[str]) -> list[str]:
        wanted = [a for aspect in aspects for a in (OVERVIEW_ASPECTS if aspect == OVERVIEW else (aspect,))]
        return fact_keys(wanted)

    @staticmethod
    def _facts(connection: Connection, entries: list[_Entry], keys: list[str]) -> dict[tuple[int, str], list[Fact]]:
        rows = connection.execute(_FACTS, {"entries": [entry.id for entry in entries], "keys": keys})
        held: dict[tuple[int, str], list[Fact]] = {}
        for entry_id, key, fact in rows:
            held.setdefault((entry_id, key), []).append(fact)
        return held

    def _applying(
        self,
        facts: list[Fact],
        entry: _Entry,
        key: str,
        aspects: Sequence[str],
        region: str | None,
        known: frozenset[str],
    ) -> list[Fact]:
        """The facts that hold, or may hold, for this person."""
        if key == "phones":
            return self._phones(facts, entry, aspects, region)
        return [
            fact
            for fact in facts
            if not any(self.catalogue.excluded(c, known) for c in fact.get("circumstances", ())) and not _waived(fact, known)
        ]

    def _phones(self, facts: list[Fact], entry: _Entry, aspects: Sequence[str], region: str | None) -> list[Fact]:
        """The numbers of the person's district, and those that hold for all districts; all of them while it is unknown."""
        complaint = "complaint" in aspects
        inquiry = "phone" in aspects or OVERVIEW in aspects
        district = self._district(region, entry.source.region)
        kept = []
        for fact in facts:
            if not (complaint if fact["kind"] in COMPLAINT_KINDS else inquiry):
                continue
            by_district = fact["kind"] == "inquiry" and fact.get("place")
            if not (district and by_district) or fact["place"] == district:
                kept.append(fact)
        return kept

    def _unlisted_district(self, numbers: list[Fact], entry: _Entry, region: str | None) -> str | None:
        """The person's district, where the guide has numbers by district but none for it."""
        district = self._district(region, entry.source.region)
        by_district = [fact["place"] for fact in numbers if fact["kind"] == "inquiry" and fact.get("place")]
        return district if by_district and district not in by_district else None

    def _district(self, region: str | None, guide_region: str | None) -> str | None:
        """The name of the division right below the guide's region in which ``region`` lies."""
        if not region or not guide_region or region == guide_region:
            return None
        chain = self.regions.chain(region)
        return self.regions.regions[chain[chain.index(guide_region) - 1]].name if guide_region in chain else None

    def _open_questions(self, facts: dict[str, list[Fact]], known: frozenset[str]) -> tuple[OpenQuestion, ...]:
        """Groups of which the person's circumstance is unknown and would change the answer; the weightiest first.

        What implies another circumstance (a third party implies an accident) is asked only once that one is known.
        """
        groups: dict[str, dict[str, int]] = {}
        for values in facts.values():
            for fact in values:
                for circumstance in fact.get("circumstances", ()):
                    group = self.catalogue.circumstances[circumstance].group
                    supposed = known.issuperset(self.catalogue.circumstances[circumstance].implies)
                    if supposed and not any(self.catalogue.circumstances[c].group == group for c in known):
                        counts = groups.setdefault(group, {})
                        counts[circumstance] = counts.get(circumstance, 0) + 1
        questions = []
        for group, counts in sorted(groups.items(), key=lambda pair: -sum(pair[1].values())):
            members = [c for c in self.catalogue.circumstances.values() if c.group == group]
            asks = next((c.asks for c in members if c.asks), None)
            choices = tuple(c for c in members if c.id in counts)
            if asks and len(choices) > 1:
                questions.append(OpenQuestion(group, asks, choices))
        return tuple(questions)


def _waived(fact: Fact, known: frozenset[str]) -> bool:
    return bool(fact.get("waived_when")) and known.issuperset(fact["waived_when"])


def _decisive(held: dict[tuple[int, str], list[Fact]], entry: int, keys: list[str], known: frozenset[str]) -> tuple[str, ...]:
    """What the nearest guide says of just these circumstances: rules of eligibility, and why something is not needed."""
    rules = [
        fact["text"]
        for fact in held.get((entry, _RULES), ())
        if fact.get("circumstances") and known.issuperset(fact["circumstances"])
    ]
    waivers = [
        fact["waived"] for key in keys for fact in held.get((entry, key), ()) if "waived" in fact and _waived(fact, known)
    ]
    return tuple(dict.fromkeys([*rules, *waivers]))


_RULES = "eligibility"
_REMARKS = "remarks"
_OPTIONAL = frozenset({"level"})
"""Keys that no guide need have: their lack is no gap."""
_FIELDS = {"office_hours": "hours", "time_limit": "time_limits"}
"""Fact keys whose field in a guide file has another name."""
