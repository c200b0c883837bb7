"""Which circumstances (情形) a message gives away, and which it denies (不是门诊，是住院)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.catalogue import Catalogue

_DENIAL = re.compile(r"(不是|并非|没有|没得|没|未|无|不用|不属于|不算|非|除了)$")


@dataclass(frozen=True)
class Found:
    """Circumstance ids that a message states and that it denies."""

    stated: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()


class CircumstanceFinder:
    """Finds circumstances by the words people use for them (``says`` in ``circumstances.yml``); the longest word wins."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._ids: dict[str, list[str]] = {}
        for circumstance in catalogue.circumstances.values():
            for word in {*circumstance.says, circumstance.label}:
                self._ids.setdefault(word, []).append(circumstance.id)
        words = sorted(self._ids, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, words)))

    def find(self, text: str) -> Found:
        stated: dict[str, None] = {}
        denied: dict[str, None] = {}
        for match in self._pattern.finditer(text):
            side = denied if _DENIAL.search(text[: match.start()]) else stated
            side.update(dict.fromkeys(self._ids[match.group()]))
        return Found(tuple(stated), tuple(c for c in denied if c not in stated))
