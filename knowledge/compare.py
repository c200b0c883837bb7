"""What two guides say differently of the same items."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from knowledge.facts import Fact


@dataclass(frozen=True)
class Difference:
    """One item and fact key on which two guides differ; ``None`` where a guide does not have the item."""

    item: str
    key: str
    first: tuple[str, ...] | None
    second: tuple[str, ...] | None


def differences(first: dict[str, dict[str, list[Fact]]], second: dict[str, dict[str, list[Fact]]]) -> list[Difference]:
    """Compare two guides' exports item by item, key by key; width, spaces and punctuation do not count."""
    found = []
    for item in dict.fromkeys([*first, *second]):
        if item not in first or item not in second:
            found.append(Difference(item, "", _if_has(first, item), _if_has(second, item)))
            continue
        for key in dict.fromkeys([*first[item], *second[item]]):
            a, b = first[item].get(key, []), second[item].get(key, [])
            if [plain_fact(x) for x in a] != [plain_fact(x) for x in b]:
                found.append(Difference(item, key, tuple(map(fact_line, a)), tuple(map(fact_line, b))))
    return found


def fact_line(fact: Fact) -> str:
    """A fact as one line of text."""
    if "kind" in fact and "number" in fact:
        return " ".join(filter(None, (fact.get("place"), fact["number"], f"({fact['kind']})")))
    return f"{fact['text']}（{fact['when']}）" if fact["when"] else str(fact["text"])


def _if_has(guide: dict[str, dict[str, list[Fact]]], item: str) -> tuple[str, ...] | None:
    return () if item in guide else None


def plain_fact(fact: Fact) -> str:
    """A fact as it is compared: width, spaces and punctuation do not count."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", fact_line(fact)))
