"""One item in two guides, side by side, with the lines that differ marked."""

from __future__ import annotations

from typing import Any

from bot.answering.wording import load_wording
from bot.assist.shelf import Shelf
from knowledge.catalogue import Item
from knowledge.compare import fact_line, plain
from knowledge.facts import Fact

_ORDER = ("eligibility", "materials", "time_limit", "channels", "process", "phones", "office_hours", "address", "level")
_ORDER += ("progress", "remarks", "legal_basis")


def compare(shelf: Shelf, item: Item, left: str, right: str) -> dict[str, Any] | None:
    """The rows of an item for two guides, given by id; ``None`` when neither has it."""
    one, other = (shelf.facts[guide].get(item.id, {}) for guide in (left, right))
    if not one and not other:
        return None
    names = load_wording().aspects
    keys = [key for key in _ORDER if key in one or key in other]
    return {
        "item": item.id,
        "name": item.name,
        "left": shelf.guides[left],
        "right": shelf.guides[right],
        "rows": [_row(key, names[key], one.get(key, []), other.get(key, [])) for key in keys],
    }


def _row(key: str, name: str, left: list[Fact], right: list[Fact]) -> dict[str, Any]:
    in_left, in_right = {plain(fact) for fact in left}, {plain(fact) for fact in right}
    return {
        "aspect": key,
        "name": name,
        "left": [{"text": fact_line(fact), "same": plain(fact) in in_right} for fact in left],
        "right": [{"text": fact_line(fact), "same": plain(fact) in in_left} for fact in right],
        "same": [plain(fact) for fact in left] == [plain(fact) for fact in right],
    }
