"""Finding a place: by a part of its name, by pinyin, by initials, or step by step from the provinces down."""

from __future__ import annotations

import heapq
from functools import lru_cache
from typing import Any

from bot.services import services
from bot.web.shelf import guidebook
from bot.web.sounds import Sound, plain, sound
from knowledge.regions import Region

LONGEST_QUERY = 30
MOST = 10
_LEVELS = ("province", "city", "county", "unit")


def find_places(query: str) -> list[dict[str, Any]]:
    """At most ten regions for what is typed, the likeliest first."""
    typed = plain(query)[:LONGEST_QUERY]
    if not typed:
        return []
    tree = services().knowledge.regions
    called = set(tree.names.get(query.strip(), ()))
    found = []
    for order, (region, names, whole) in enumerate(_index()):
        score = 5 if region.path in called else max((_match(typed, name) for name in names), default=0)
        score = score or int(len(typed) > 2 and typed in whole)
        if score:
            found.append((-score, tree.preference(region.path), _LEVELS.index(region.level), order, region))
    return [_shown(row[-1]) for row in heapq.nsmallest(MOST, found, key=lambda row: row[:4])]


def children(path: str | None) -> list[dict[str, Any]]:
    """The divisions of a region, in the order of their codes; the provinces, for none."""
    return [_shown(region) for region in services().knowledge.regions.regions.values() if region.parent == path]


def _match(typed: str, name: Sound) -> int:
    """4 for the whole name to 1 for its initials; 0 for none."""
    if typed == name.plain:
        return 4
    if name.plain.startswith(typed) or (typed.isascii() and name.pinyin.startswith(typed)):
        return 3
    if not typed.isascii():
        return 2 if typed in name.plain else 0
    return int(name.initials.startswith(typed))


@lru_cache(maxsize=1)
def _index() -> list[tuple[Region, tuple[Sound, ...], str]]:
    """Each region with the sounds of its names, and its path as people run it together (乐山市市中区)."""
    return [
        (region, tuple(sound(name) for name in {region.name, region.official_name}), plain(region.path))
        for region in services().knowledge.regions.regions.values()
    ]


def _shown(region: Region) -> dict[str, Any]:
    has_guide = any(guide.source.region for guide in guidebook().chain(region.path))
    return {"path": region.path, "name": region.name, "has_guide": has_guide}
