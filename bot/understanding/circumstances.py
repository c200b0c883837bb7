"""Which circumstances (情形) a message gives away, and which it denies (不是门诊，是住院).

By lexicon first; a small model, learned from examples annotated with circumstances, finds those told in words that the
lexicon lacks (让我帮他去开, 孙孙上个月才生).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.understanding.features import SurfaceFeatures
from knowledge.catalogue import Catalogue

_ENOUGH = 8
"""How many examples must be annotated with a circumstance for the model to learn it."""
_DENIAL = re.compile(r"(不是|并非|没有|没得|没|未|无|不用|不属于|不算|非|除了|不想(要|上|参|参加|交)?)$")


@dataclass(frozen=True)
class Found:
    """Circumstance ids that a message states and that it denies."""

    stated: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()


class CircumstanceFinder:
    """Finds circumstances by the words people use for them (``says`` in ``circumstances.yml``); the longest word wins.

    Where no word speaks of a group of circumstances, the ``patterns`` of its members are tried, in their order.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._ids: dict[str, list[str]] = {}
        for circumstance in catalogue.circumstances.values():
            for word in {*circumstance.says, circumstance.label}:
                self._ids.setdefault(word, []).append(circumstance.id)
        words = sorted(self._ids, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, words)))
        self._groups = {circumstance.id: circumstance.group for circumstance in catalogue.circumstances.values()}
        self._ways = {c.id: re.compile("|".join(c.patterns)) for c in catalogue.circumstances.values() if c.patterns}

    def find(self, text: str) -> Found:
        stated: dict[str, None] = {}
        denied: dict[str, None] = {}
        for match in self._pattern.finditer(text):
            side = denied if _DENIAL.search(text[: match.start()]) else stated
            side.update(dict.fromkeys(self._ids[match.group()]))
        spoken_of = {self._groups[c] for c in (*stated, *denied)}
        for circumstance, way in self._ways.items():
            told = None if self._groups[circumstance] in spoken_of else way.search(text)
            if told:
                side = denied if _DENIAL.search(text[: told.start()]) else stated
                side[circumstance] = None
                spoken_of.add(self._groups[circumstance])
        return Found(tuple(stated), tuple(c for c in denied if c not in stated))


class CircumstanceModel:
    """A linear model a circumstance, over the n-grams of a sentence."""

    def __init__(self) -> None:
        self.known: list[str] = []
        """The circumstances it has learned."""
        self._features = SurfaceFeatures()
        self._weights: Any = None
        self._bias: Any = None

    @classmethod
    def train(
        cls, texts: Sequence[str], annotated: Sequence[Sequence[str]], by_word: Sequence[Sequence[str]], cost: float = 0.5
    ) -> CircumstanceModel:
        """Fit on texts, the circumstances each is annotated with, and those that the lexicon finds in it.

        Learned are the circumstances that enough examples are annotated with; to have one, a text is either annotated
        with it or holds a word of the lexicon.
        """
        from bot.understanding import fitting

        model = cls()
        counts = Counter(circumstance for row in annotated for circumstance in row)
        model.known = sorted(c for c, count in counts.items() if count >= _ENOUGH)
        if not model.known:
            return model
        vectors = model._features.fit(texts)
        present = [{*row, *found} for row, found in zip(annotated, by_word, strict=True)]
        model._weights, model._bias = fitting.yes_or_no(vectors, [[c in row for row in present] for c in model.known], cost)
        return model

    def scores(self, text: str) -> dict[str, float]:
        """A score for each circumstance it knows: the higher, the likelier stated."""
        if not self.known:
            return {}
        positions, values = self._features.one(text)
        return dict(zip(self.known, (values @ self._weights[positions] + self._bias).tolist(), strict=True))


def with_scores(found: Found, scores: dict[str, float], threshold: float, catalogue: Catalogue) -> Found:
    """What the lexicon found, and what scores beyond the threshold where no word speaks of that group of circumstances."""
    spoken_of = {catalogue.circumstances[c].group for c in (*found.stated, *found.denied)}
    likely = sorted((c for c, score in scores.items() if score > threshold), key=lambda c: -scores[c])
    best: dict[str, str] = {}
    for circumstance in likely:
        best.setdefault(catalogue.circumstances[circumstance].group, circumstance)
    return Found((*found.stated, *(c for group, c in best.items() if group not in spoken_of)), found.denied)
