"""Suggestions while a person types: items, forms and materials, common questions.

An index in memory, made once. A key (a name, a question, a form's title) is found by its words, by a part of it, by pinyin, by
pinyin initials, and misspelt; how well it is found is a score from 0 to 100.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import jieba
from rapidfuzz import fuzz, process

from bot.services import services
from bot.web.problems import load_words
from bot.web.shelf import guidebook
from bot.web.sounds import Sound, plain, sound
from knowledge import files
from knowledge.catalogue import Catalogue
from knowledge.guidebook import GuideBook

ITEM, FORM, QUESTION = "item", "form", "question"
LONGEST_QUERY = 60
MOST = 8
_LOWEST = 50.0
_SHARE_OF_BEST = 0.75
"""What is found so much worse than the best is left out."""
_FUZZY_CUTOFF = 80.0
_SHORTEST_FUZZY = 3
_MOST_OF_ONE_ITEM = 3
_KIND_BONUS = {ITEM: 3.0, QUESTION: 1.0, FORM: 0.0}
_LONGEST_MATERIAL, _MOST_ITEMS_OF_A_MATERIAL = 18, 3


@dataclass(frozen=True)
class Suggestion:
    """What is shown and what is sent for it."""

    kind: str
    label: str
    text: str
    item: str
    hint: str | None
    guide: str | None = None
    """The jurisdiction whose guide names it; None where it does not depend on the guide."""

    def shown(self) -> dict[str, str | None]:
        return {"text": self.text, "label": self.label, "kind": self.kind, "item": self.item, "hint": self.hint}


class Index:
    """All suggestions with the keys they are found by."""

    def __init__(self, suggestions: Iterable[tuple[Suggestion, tuple[str, ...]]]) -> None:
        pairs = [(suggestion, sound(key)) for suggestion, keys in suggestions for key in dict.fromkeys(keys)]
        self._suggestions = [suggestion for suggestion, _ in pairs]
        self._sounds = [key for _, key in pairs]
        self._plain = [key.plain for key in self._sounds]
        self._pinyin = [key.pinyin for key in self._sounds]

    def find(self, query: str, guides: dict[str, str]) -> list[Suggestion]:
        """The best for what is typed, best first. ``guides`` is the jurisdiction that answers for each item: suggestions
        of other guides, and of items without one, are left out."""
        best: dict[Suggestion, float] = {}
        for n, score in self._scores(plain(query)[:LONGEST_QUERY]).items():
            suggestion = self._suggestions[n]
            if suggestion.item in guides and suggestion.guide in (None, guides[suggestion.item]):
                score += _KIND_BONUS[suggestion.kind] - len(self._plain[n]) / 100
                best[suggestion] = max(score, best.get(suggestion, 0))
        enough = max(best.values(), default=0) * _SHARE_OF_BEST
        ranked = sorted((suggestion for suggestion in best if best[suggestion] >= enough), key=lambda found: -best[found])
        return list(_varied(ranked))[:MOST]

    def _scores(self, query: str) -> dict[int, float]:
        if not query:
            return {}
        if query.isascii():
            scores = {n: _by_sound(query, key) for n, key in enumerate(self._sounds)}
        else:
            words = [word for word in jieba.cut(query) if len(word) > 1]
            scores = {n: _by_part(query, words, text) for n, text in enumerate(self._plain)}
        if len(query) >= _SHORTEST_FUZZY:
            typed = sound(query).pinyin
            for near, score, n in process.extract(
                typed, self._pinyin, scorer=fuzz.partial_ratio, score_cutoff=_FUZZY_CUTOFF, limit=60
            ):
                if len(near) >= len(typed) // 2:
                    scores[n] = max(scores.get(n, 0), score * 0.75)
        return {n: score for n, score in scores.items() if score >= _LOWEST}


def _by_part(query: str, words: Sequence[str], text: str) -> float:
    """By characters: the whole, its beginning, a part, all characters in order with others between, its words."""
    if query in text:
        return 100 if query == text else 90 if text.startswith(query) else 82
    if len(text) >= 2 and text in query:
        return 72 + min(len(text), 8)
    if len(query) < 2:
        return 0
    if _in_order(query, text):
        return 76
    return 74 if len(words) > 1 and all(word in text for word in words) else 0


def _by_sound(query: str, key: Sound) -> float:
    """By letters: initials or whole pinyin, from a syllable's beginning on."""
    if query in key.initials:
        at_start = key.initials.startswith(query)
        return (96 if len(query) == len(key.initials) else 88) if at_start else 78 if len(query) > 1 else 0
    place = key.pinyin.find(query)
    while place >= 0:
        if place in key.starts:
            return 92 if place == 0 else 84
        place = key.pinyin.find(query, place + 1)
    if len(query) >= 3 and key.initials[:1] == query[:1] and _in_order(query, key.initials):
        return 74
    return 0


def _in_order(query: str, text: str) -> bool:
    """Whether the characters stand in the text one after the other, with few others between."""
    first = place = text.find(query[0])
    for character in query[1:]:
        place = text.find(character, place + 1) if place >= 0 else -1
    return place >= 0 and place - first < 2 * len(query)


def _varied(ranked: Iterable[Suggestion]) -> Iterator[Suggestion]:
    """In order, at most a few of one item, nothing shown twice."""
    of_item: Counter[str] = Counter()
    labels = set()
    for suggestion in ranked:
        if of_item[suggestion.item] < _MOST_OF_ONE_ITEM and suggestion.label not in labels:
            of_item[suggestion.item] += 1
            labels.add(suggestion.label)
            yield suggestion


def suggest(query: str, region: str | None) -> list[Suggestion]:
    """At most eight suggestions for what a person in a place has typed so far."""
    book = guidebook()
    return _index(book).find(query, _answering(book, region))


@lru_cache(maxsize=1)
def load_questions() -> dict[str, dict[str, list[str]]]:
    """Common questions by item, and the items asked for most (``questions.yml``)."""
    data: dict[str, dict[str, list[str]]] = files.read_yaml(Path(__file__).with_name("questions.yml"))
    return data


@lru_cache(maxsize=64)
def _answering(book: GuideBook, region: str | None) -> dict[str, str]:
    """The jurisdiction whose guide answers, for each item that one answers."""
    entries = {item.id: book.answering(item, region) for item in services().knowledge.catalogue.items.values()}
    return {item: entry.source.jurisdiction for item, entry in entries.items() if entry}


@lru_cache(maxsize=1)
def _index(book: GuideBook) -> Index:
    catalogue = services().knowledge.catalogue
    return Index([*_items(catalogue), *_questions(catalogue), *_forms(catalogue, book)])


def _items(catalogue: Catalogue) -> Iterator[tuple[Suggestion, tuple[str, ...]]]:
    for item in catalogue.items.values():
        yield Suggestion(ITEM, item.name, item.name, item.id, item.means), (*item.names, item.means)


def _questions(catalogue: Catalogue) -> Iterator[tuple[Suggestion, tuple[str, ...]]]:
    for item, questions in load_questions()["questions"].items():
        for question in questions:
            yield Suggestion(QUESTION, question, question, item, catalogue.items[item].name), (question,)


def _forms(catalogue: Catalogue, book: GuideBook) -> Iterator[tuple[Suggestion, tuple[str, ...]]]:
    """Forms, and materials that few items ask for, by the guides that name them."""
    words = load_words()["suggestions"]
    named = {
        (fact.get("form") or str(fact["text"]), "form" in fact, item, jurisdiction)
        for jurisdiction, guide in book.guides.items()
        for item, entry in guide.entries.items()
        for fact in entry.facts.get("materials", ())
    }
    items_of = Counter(name for name, _ in {(name, item) for name, _, item, _ in named})
    for name, is_form, item, jurisdiction in sorted(named):
        if is_form or (len(name) <= _LONGEST_MATERIAL and items_of[name] <= _MOST_ITEMS_OF_A_MATERIAL):
            business = catalogue.items[item].name
            label = words["form"].format(name=name) if is_form else name
            text, hint = words["ask_materials"].format(item=business), words["needed_for"].format(item=business)
            yield Suggestion(FORM, label, text, item, hint, jurisdiction), (name,)
