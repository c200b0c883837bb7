"""What a guide page shows: one entry whole, in order, beside what the wider guides say of the same item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.answering.wording import Wording, load_wording
from bot.services import services
from bot.web.links import guide_path
from bot.web.problems import Problem, load_words
from bot.web.shelf import guidebook
from bot.web.titles import guide_name, place_name
from knowledge.catalogue import Item
from knowledge.compare import fact_line, plain_fact
from knowledge.facts import Fact
from knowledge.guidebook import WholeEntry, WholeGuide

_LOOKED_FOR = ("materials", "time_limit", "channels", "process", "address", "office_hours", "phones")
_FIELDS = {"office_hours": "hours", "time_limit": "time_limits"}


@dataclass(frozen=True)
class Group:
    """Facts that hold together: always (no ``title``), in a case, or along a branch."""

    title: str | None
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Phone:
    kind: str
    place: str | None
    number: str
    own: bool
    """Whether it is the number of the district the page is for."""


@dataclass(frozen=True)
class Compared:
    """What one other guide says of one aspect, nothing perhaps; ``same`` as the page's own."""

    guide: str
    lines: tuple[tuple[str, bool], ...]
    """Each with whether the page's own guide says it too."""
    same: bool


@dataclass(frozen=True)
class GuidePage:
    """Everything the template needs; texts only, no mark-up."""

    item: Item
    guide: str
    place: str
    district: str | None
    path: str
    code: str | None
    main: Mapping[str, tuple[str, tuple[Group, ...]]]
    side: Mapping[str, tuple[str, tuple[Group, ...]]]
    phones: tuple[Phone, ...]
    notices: tuple[str, ...]
    nearer: tuple[str, str] | None
    comparison: tuple[tuple[str, tuple[str, ...], tuple[Compared, ...]], ...]
    compared: tuple[tuple[str, str], ...]
    districts: tuple[tuple[str, str, bool], ...]


def guide_page(jurisdiction: str, item_id: str, place: str | None) -> GuidePage:
    """The page of an item in a guide, for a place within it. Raises :class:`Problem` (404) that says what is unknown."""
    book, knowledge = guidebook(), services().knowledge
    guide, item = book.guides.get(jurisdiction), knowledge.catalogue.items.get(item_id)
    if guide is None:
        raise Problem(404, "unknown_jurisdiction")
    if item is None:
        raise Problem(404, "unknown_item")
    entry, region = guide.entry(item), guide.source.region
    if entry is None:
        raise Problem(404, "unknown_entry", guide=guide_name(guide.source), item=item.name)
    if place and not (place in knowledge.regions.regions and (not region or knowledge.regions.within(place, region))):
        raise Problem(404, "unknown_place")
    others = [other for other in book.chain(region) if other is not guide and other.entry(item)]
    sections, nearer = load_words()["sections"], _nearer(item, guide, place)
    return GuidePage(
        item=item,
        guide=guide_name(guide.source),
        place=place_name(guide.source),
        district=_shown_place(guide, place) if place and place != region and not nearer else None,
        path=guide_path(jurisdiction, item_id, place),
        code=entry.code,
        main=_sections(entry, sections["main"]),
        side=_sections(entry, sections["side"]),
        phones=_phones(entry, _district(place, region)),
        notices=tuple(_notices(item, guide, entry, None if nearer else place)),
        nearer=nearer,
        comparison=tuple(_comparison(item, entry, others)),
        compared=tuple((guide_name(x.source), guide_path(x.source.jurisdiction, item_id, place)) for x in others),
        districts=_districts(jurisdiction, item_id, region, entry, place),
    )


def _sections(entry: WholeEntry, names: Mapping[str, str]) -> dict[str, tuple[str, tuple[Group, ...]]]:
    return {
        key: (name, tuple(_groups(key, entry.facts[key])))
        for key, name in names.items()
        if key != "phones" and key in entry.facts
    }


def _groups(key: str, facts: Sequence[Fact]) -> Iterable[Group]:
    """What always holds first, then case by case (of a process: branch by branch), each in the guide's order."""
    grouped: dict[str | None, dict[str, None]] = {}
    if key != "process":
        grouped[None] = {}
    for fact in facts:
        title = "；".join(filter(None, (fact.get("branch"), fact["when"]))) or None
        grouped.setdefault(title, {})[_line(fact)] = None
    return (Group(title, tuple(lines)) for title, lines in grouped.items() if lines)


def _line(fact: Fact) -> str:
    """A fact's text, with what its details say beyond it."""
    words, text = load_words()["materials"], str(fact["text"])
    details = [
        words["seal"].format(seal=fact["seal"]) if "seal" in fact and fact["seal"] not in text else None,
        words[fact["original"]] if "original" in fact and not ("复印" in text or "原件" in text) else None,
        words["copies"].format(copies=fact["copies"]) if "copies" in fact and "份" not in text else None,
        words["attachment"].format(attachment=fact["attachment"]) if fact.get("attachment", text) not in text else None,
        fact.get("waived"),
    ]
    said = "，".join(detail for detail in details if detail)
    return (words["window"] if fact.get("window") else "") + text + (f"（{said}）" if said else "")


def _phones(entry: WholeEntry, district: str | None) -> tuple[Phone, ...]:
    kinds = load_wording().phone_kinds
    phones = [
        Phone(kinds[fact["kind"]], fact.get("place"), fact["number"], bool(district) and fact.get("place") == district)
        for fact in entry.facts.get("phones", ())
    ]
    return tuple(sorted(phones, key=lambda phone: not phone.own))


def _notices(item: Item, guide: WholeGuide, entry: WholeEntry, place: str | None) -> Iterable[str]:
    words, fields = load_words()["notices"], load_words()["mended_fields"]
    name = guide_name(guide.source)
    if entry.item != item.id:
        yield words["treated_as"].format(guide=name, item=item.name, entry=entry.source.entry)
    if place and _is_wider(guide, place):
        own = guidebook().chain(place)[0]
        phrase = "not_in_own" if own is not guide and own.source.region else "foreign"
        yield words[phrase].format(place=place.replace("/", ""), guide=name, own=guide_name(own.source))
    missing = [_missing(key, title, entry) for key, title in _wanted(entry).items() if key not in entry.facts]
    if missing:
        hotlines = Wording.hotlines(services().knowledge.catalogue.hotlines)
        yield words["gap"].format(guide=name, names="、".join(missing), hotlines=hotlines)
    if entry.mended:
        mended = dict.fromkeys(fields.get(mend["field"], mend["field"]) for mend in entry.mended)
        yield words["mended"].format(names="、".join(mended))


def _wanted(entry: WholeEntry) -> dict[str, str]:
    """What a person looks for on a page, and what the guide left blank: said, where it does not give it."""
    sections = load_words()["sections"]
    names = {**sections["main"], **sections["side"], **load_wording().aspects}
    blank = [key for key in names if _FIELDS.get(key, key) in entry.unknown]
    return {key: names[key] for key in (*_LOOKED_FOR, *blank)}


def _missing(key: str, title: str, entry: WholeEntry) -> str:
    reason = entry.unknown.get(_FIELDS.get(key, key))
    return load_words()["notices"]["gap_reason"].format(name=title, reason=reason) if reason else title


def _shown_place(guide: WholeGuide, place: str) -> str:
    """The place a page is for; with whose guide it is, where that is a wider place's."""
    name = place.replace("/", "")
    if not _is_wider(guide, place):
        return name
    by_wider: str = load_words()["notices"]["by_wider"]
    return by_wider.format(place=name, wider=place_name(guide.source))


def _is_wider(guide: WholeGuide, place: str) -> bool:
    """Whether the guide is that of a wider place than the city (or municipality) a place lies in."""
    return guide.source.region not in {place, services().knowledge.regions.jurisdiction_of(place)}


def _nearer(item: Item, guide: WholeGuide, place: str | None) -> tuple[str, str] | None:
    """The guide that answers for the place instead of this one: its name, and its page."""
    answering = guidebook().answering(item, place) if place else None
    if answering is None or answering.source.jurisdiction == guide.source.jurisdiction:
        return None
    return guide_name(answering.source), guide_path(answering.source.jurisdiction, item.id, place)


def _comparison(
    item: Item, own: WholeEntry, others: Sequence[WholeGuide]
) -> Iterable[tuple[str, tuple[str, ...], tuple[Compared, ...]]]:
    """By aspect: what this guide says, and what each wider one does."""
    names = load_words()["sections"]
    for key, name in {**names["main"], **names["side"]}.items():
        mine = own.facts.get(key, [])
        compared = tuple(_compared(key, mine, other.entry(item)) for other in others)
        if any(other.lines for other in compared):
            yield name, tuple(dict.fromkeys(map(fact_line, mine))), compared


def _compared(key: str, mine: Sequence[Fact], other: WholeEntry | None) -> Compared:
    theirs = other.facts.get(key, []) if other else []
    said = {plain_fact(fact) for fact in mine}
    lines = tuple({fact_line(fact): plain_fact(fact) in said for fact in theirs}.items())
    return Compared(guide_name(other.source) if other else "", lines, said == {plain_fact(fact) for fact in theirs})


def _district(place: str | None, region: str | None) -> str | None:
    """The division right below the guide's region in which a place lies, by name."""
    tree = services().knowledge.regions
    if not place or not region or place == region:
        return None
    chain = tree.chain(place)
    return tree.regions[chain[chain.index(region) - 1]].name


def _districts(
    jurisdiction: str, item: str, region: str | None, entry: WholeEntry, place: str | None
) -> tuple[tuple[str, str, bool], ...]:
    """Links to the page for each district that has a number of its own: name, address, whether it is this page's."""
    tree, named = services().knowledge.regions, {fact.get("place") for fact in entry.facts.get("phones", ())}
    return tuple(
        (child.name, guide_path(jurisdiction, item, child.path), child.name == _district(place, region))
        for child in (tree.children(region) if region else ())
        if child.name in named
    )


def item_links(item: Item, region: str | None) -> dict[str, Any] | None:
    """Where the item's page for a place is; None when no guide up its chain has it."""
    entry = guidebook().answering(item, region)
    if entry is None:
        return None
    path = guide_path(entry.source.jurisdiction, item.id, region)
    return {"item": item, "path": path, "guide": guide_name(entry.source), "note": None}
