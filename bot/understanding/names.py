"""Items and forms called by name: exactly, or misspelt a little."""

from __future__ import annotations

import re

from rapidfuzz import fuzz, process

from knowledge.catalogue import Catalogue

_DECORATION = re.compile(r"[^\w]|^(我要|我想|想|要|办理?|问(一下|下)?|请问)+|(怎么|如何|咋个?)?(办理?|弄|申请|指南|呢|吗|啊)+$")
_CLOSE_ENOUGH = 92
_SHORTEST_FUZZY = 5


class ItemNames:
    """All names of all items."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._items: dict[str, str] = {}
        for item in catalogue.items.values():
            for name in item.names:
                self._items.setdefault(_bare(name), item.id)

    def whole(self, text: str) -> str | None:
        """The item whose name the whole text is, give or take a letter; None otherwise."""
        bare = _bare(text)
        if bare in self._items:
            return self._items[bare]
        if len(bare) < _SHORTEST_FUZZY:
            return None
        found = process.extractOne(bare, self._items.keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
        return self._items[found[0]] if found else None


def _bare(text: str) -> str:
    return _DECORATION.sub("", _DECORATION.sub("", text)).lower()
