"""One item in two guides, side by side, with the lines that differ marked."""

from __future__ import annotations

from typing import Any

from bot.answering.wording import load_wording
from knowledge.catalogue import Item
from knowledge.compare import fact_line, plain_fact
from knowledge.facts import Fact
from knowledge.guidebook import WholeGuide

_ORDER: tuple[str, ...] = (
    *("eligibility", "materials", "time_limit", "channels", "process", "phones", "office_hours", "address"),
    *("level", "progress", "remarks", "legal_basis"),
)


def compare(item: Item, left: WholeGuide, right: WholeGuide) -> dict[str, Any] | None:
    """The rows of an item for two guides; ``None`` when neither has it."""
    one, other = (guide.entries[item.id].facts if item.id in guide.entries else {} for guide in (left, right))
    if not one and not other:
        return None
    names = load_wording().aspects
    keys = [key for key in _ORDER if key in one or key in other]
    return {
        "item": item.id,
        "name": item.name,
        "left": guide_row(left),
        "right": guide_row(right),
        "rows": [_row(key, names[key], one.get(key, []), other.get(key, [])) for key in keys],
    }


def guide_row(guide: WholeGuide) -> dict[str, Any]:
    """A guide as the interface shows it."""
    source = guide.source
    return {
        "id": source.id,
        "title": source.title,
        "year": source.year,
        "jurisdiction": source.jurisdiction,
        "region": source.region,
    }


def _row(key: str, name: str, left: list[Fact], right: list[Fact]) -> dict[str, Any]:
    in_left, in_right = {plain_fact(fact) for fact in left}, {plain_fact(fact) for fact in right}
    return {
        "aspect": key,
        "name": name,
        "left": [{"text": fact_line(fact), "same": plain_fact(fact) in in_right} for fact in left],
        "right": [{"text": fact_line(fact), "same": plain_fact(fact) in in_left} for fact in right],
        "same": [plain_fact(fact) for fact in left] == [plain_fact(fact) for fact in right],
    }
