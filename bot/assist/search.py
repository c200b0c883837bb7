"""Looking for anything the guides hold by its words: items, forms, materials, phones, places, remarks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.answering.sections import number_with_place
from bot.understanding.normaliser import even_out
from bot.web.links import guide_path
from knowledge.compare import fact_line
from knowledge.guidebook import GuideBook
from knowledge.query import KnowledgeBase

MOST_HITS = 30
_MOST_OF_A_KIND = 8
_BEFORE, _LONGEST_EXCERPT = 20, 80
_KINDS = ("item", "form", "phone", "place", "material", "remark")
"""The kinds, the most useful first."""
_FACTS = {"materials": "material", "phones": "phone", "remarks": "remark"}


@dataclass(frozen=True)
class _Entry:
    """Something that can be found: ``text`` is what is searched, ``home`` the place of its guide."""

    kind: str
    title: str
    excerpt: str
    text: str
    item: str | None = None
    jurisdiction: str | None = None
    home: str | None = None


def search(book: GuideBook, knowledge: KnowledgeBase, question: str, region: str | None) -> list[dict[str, Any]]:
    """What holds every word of the question: by title first, then by kind, then the nearer to the region the sooner."""
    words = [word for word in re.split(r"[\s，。、,.;；]+", even_out(question)) if word]
    if not words:
        return []
    chain = knowledge.regions.chain(region) if region else []

    def order(entry: _Entry) -> tuple[Any, ...]:
        in_title = all(word in even_out(entry.title) for word in words)
        near = chain.index(entry.home) if entry.home in chain else len(chain) + (entry.home is not None)
        return not in_title, _KINDS.index(entry.kind), near, len(entry.text)

    found = [entry for entry in _entries(book, knowledge) if all(word in entry.text for word in words)]
    counts: Counter[str] = Counter()
    hits = []
    seen: dict[tuple[str | None, ...], _Entry] = {}
    for entry in sorted(found, key=order):
        seen.setdefault(_sameness(entry), entry)
    for entry in seen.values():
        counts[entry.kind] += 1
        if counts[entry.kind] <= _MOST_OF_A_KIND:
            hits.append(_hit(entry, words, region if entry.home in chain else None))
    return hits[:MOST_HITS]


def _sameness(entry: _Entry) -> tuple[str | None, ...]:
    """A number that a guide prints with each of its items is one number."""
    return entry.kind, None if entry.kind == "phone" else entry.title, entry.excerpt, entry.jurisdiction


def _hit(entry: _Entry, words: Sequence[str], region: str | None) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "title": entry.title,
        "excerpt": _around(entry.excerpt, words),
        "item": entry.item,
        "jurisdiction": entry.jurisdiction,
        "link": guide_path(entry.jurisdiction, entry.item, region) if entry.item and entry.jurisdiction else None,
    }


def _around(text: str, words: Sequence[str]) -> str:
    """As much of a text as fits a line of results, from shortly before the first word found."""
    lower = text.lower()
    found = min((place for place in (lower.find(word) for word in words) if place >= 0), default=0)
    start = max(0, min(found - _BEFORE, len(text) - _LONGEST_EXCERPT))
    end = start + _LONGEST_EXCERPT
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


@lru_cache(maxsize=1)
def _entries(book: GuideBook, knowledge: KnowledgeBase) -> tuple[_Entry, ...]:
    return (*_items(knowledge), *_facts(book, knowledge), *_places(knowledge))


def _items(knowledge: KnowledgeBase) -> Iterator[_Entry]:
    for item in knowledge.catalogue.items.values():
        yield _Entry("item", item.name, item.means, even_out(f"{item.means} {' '.join(item.names)}"), item.id)


def _places(knowledge: KnowledgeBase) -> Iterator[_Entry]:
    for path in knowledge.regions.regions:
        yield _Entry("place", path, path.replace("/", ""), even_out(f"{path} {path.replace('/', '')}"))


def _facts(book: GuideBook, knowledge: KnowledgeBase) -> Iterator[_Entry]:
    for guide in book.guides.values():
        for item, entry in guide.entries.items():
            title = f"{knowledge.catalogue.items[item].name}·{guide.source.title}"
            place = (item, guide.source.jurisdiction, guide.source.region)
            for key, kind in _FACTS.items():
                for fact in entry.facts.get(key, ()):
                    line = number_with_place(fact) if kind == "phone" else fact_line(fact)
                    yield _Entry(kind, title, line, even_out(f"{title} {line}"), *place)
                    if form := fact.get("form"):
                        yield _Entry("form", form, title, even_out(f"{form} {title}"), *place)
