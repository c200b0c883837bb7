"""Which places a message names, and which of them is the one whose rules apply.

Names come from the region tree; what a place is to the person (insured there, treated there …) is read from the words
around it, by the patterns of ``places.yml``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import jieba

from bot.understanding.normaliser import sound
from knowledge import files
from knowledge.regions import RegionTree

_SETTINGS = Path(__file__).with_name("places.yml")
MASK = "某地"
_NEUTRAL = "neutral"
_DENIED = "denied"
_CLAUSE_END = re.compile(r"[，。,.!！?？;；\s]")
_TAKEN_BACK = re.compile(r"\W*[哦噢啊呃哎呀诶]*(不对|说错|打错|讲错|搞错|错了|不是(?!\W*$)|不(?=\W))")
"""乐山 哦不对 是越西: what stands between a place and the one said instead."""
_ONLY_A_PLACE = re.compile(r"^\W*(我(们)?)?(是|在|人在|医保在)?(?P<name>\w{2,5}?)(的|嘞|勒|呢|那边|这边|那里|这里|人)*\W*$")
_REACH = 12
_JOINERS = ("的", "省", "市", " ", "")


@dataclass(frozen=True)
class Mention:
    """A place named in a message: where, which regions it may mean, and what it is to the person."""

    start: int
    end: int
    text: str
    paths: tuple[str, ...]
    role: str


@dataclass(frozen=True)
class _Role:
    name: str
    names: tuple[str, ...]
    before: re.Pattern[str] | None
    before_not: re.Pattern[str] | None
    after: re.Pattern[str] | None

    def fits(self, left: str, name: str, right: str) -> bool:
        if self.names and name not in self.names:
            return False
        if self.before_not and self.before_not.search(left):
            return False
        return bool((self.before and self.before.search(left)) or (self.after and self.after.match(right)))


class PlaceFinder:
    """Finds places by name and tells their roles."""

    def __init__(self, tree: RegionTree) -> None:
        self._tree = tree
        self._longest = max(map(len, tree.names))
        self._sounds: dict[tuple[str, ...], list[str]] = {}
        for name in tree.names:
            self._sounds.setdefault(tuple(map(sound, name)), []).append(name)
        self._words = jieba.dt
        self._words.initialize()
        self._first_characters = {name[0] for name in tree.names}
        settings = files.read_yaml(_SETTINGS)
        self._roles = [_role(name, role) for name, role in settings["roles"].items()]

    def find(self, text: str, words: Sequence[str] | None = None) -> tuple[list[Mention], str]:
        """All places in a normalised text, in order, with their roles; and the text with each place named 某地.

        ``words`` is the text cut into words, where that is known already. Which place it is says nothing about what is
        asked, so the masked text is what classifiers read.
        """
        spans = self._spans(text, words if words is not None else jieba.lcut(text, HMM=False)) or self._by_sound(text)
        mentions, masked, position = [], "", 0
        for n, (start, end, paths) in enumerate(spans):
            left = text[spans[n - 1][1] if n else 0 : start]
            right = text[end : spans[n + 1][0] if n + 1 < len(spans) else len(text)]
            name = text[start:end]
            taken_back = n + 1 < len(spans) and _TAKEN_BACK.match(right)
            mentions.append(Mention(start, end, name, paths, _DENIED if taken_back else self._role_of(left, name, right)))
            masked += text[position:start] + MASK
            position = end
        return mentions, masked + text[position:]

    def _spans(self, text: str, words: Sequence[str]) -> list[tuple[int, int, tuple[str, ...]]]:
        boundaries = set(accumulate(map(len, words), initial=0))
        spans: list[tuple[int, int, tuple[str, ...]]] = []
        start = 0
        while start < len(text):
            end, paths = self._longest_name(text, start, boundaries) if text[start] in self._first_characters else (start, ())
            if paths:
                spans.append((start, end, paths))
            start = max(end, start + 1)
        return spans

    def _by_sound(self, text: str) -> list[tuple[int, int, tuple[str, ...]]]:
        """The place that is all a message says, misspelt by its sound, with a character at least being right (沙弯区的)."""
        said = _ONLY_A_PLACE.match(text)
        if not said or self._words.FREQ.get(said["name"]):
            return []
        names = [name for name in self._sounds.get(tuple(map(sound, said["name"])), ()) if set(name) & set(said["name"])]
        return [(*said.span("name"), self._tree.names[names[0]])] if names else []

    def _longest_name(
        self, text: str, start: int, boundaries: set[int], within: Sequence[str] = ()
    ) -> tuple[int, tuple[str, ...]]:
        """The longest name at ``start``, together with a name inside it that follows (乐山 + 市中区)."""
        best: tuple[int, tuple[str, ...]] = (start, ())
        for end in range(min(len(text), start + self._longest), start + 1, -1):
            name = text[start:end]
            if within:
                inner = self._tree.inner_names.get(name, ())
                paths = tuple(p for p in inner if any(p != w and self._tree.within(p, w) for w in within))
            else:
                paths = self._tree.names.get(name, ())
            if not paths or not (within or start in boundaries or len(name) > 2):
                continue
            for joiner in _JOINERS:
                if text.startswith(joiner, end):
                    inner_end, inside = self._longest_name(text, end + len(joiner), boundaries, paths)
                    if inside and inner_end > best[0]:
                        best = (inner_end, inside)
            if end > best[0] and (within or _stands_alone(name, end, boundaries)):
                best = (end, paths)
        return best

    def _role_of(self, left: str, name: str, right: str) -> str:
        left = _CLAUSE_END.split(left)[-1][-_REACH:]
        right = _CLAUSE_END.split(right)[0][:_REACH]
        return next((role.name for role in self._roles if role.fits(left, name, right)), _NEUTRAL)


class PlaceRules:
    """How much a place's role counts, by item."""

    def __init__(self, tree: RegionTree, families: Mapping[str, str]) -> None:
        """``families`` gives each item's family."""
        self._tree = tree
        self._families = families
        self._weights: dict[str, dict[str, int]] = files.read_yaml(_SETTINGS)["weights"]

    def in_force(self, mentions: Sequence[Mention], item: str | None, near: str | None) -> str | None:
        """The path of the place that counts for an item, or None when none does or nothing tells which.

        The heaviest mention wins, the first among equals; a lighter one that lies inside it narrows it (乐山 … 市本级的).
        """
        best: tuple[int, str] | None = None
        for mention in mentions:
            path, weight = self._tree.choose(mention.paths, near), self._weight(mention.role, item)
            if not path or not weight:
                continue
            if best is None or self._inside(path, best[1]) or (weight > best[0] and not self._inside(best[1], path)):
                best = (max(weight, best[0]) if best and self._inside(path, best[1]) else weight, path)
        return best[1] if best else None

    def _weight(self, role: str, item: str | None) -> int:
        for key in (item, self._families.get(item or "")):
            if key in self._weights and role in self._weights[key]:
                return self._weights[key][role]
        return self._weights["default"][role]

    def _inside(self, path: str, other: str) -> bool:
        return path != other and self._tree.within(path, other)


def level_word(text: str, tree: RegionTree, near: str | None) -> str | None:
    """The region meant by 州上, 省上, 我们县 …: the place in force, moved up to that level."""
    if near is None:
        return None
    for word, level in tree.level_words.items():
        if word in text:
            return tree.ancestor_at(near, level)
    return None


def _stands_alone(name: str, end: int, boundaries: set[int]) -> bool:
    """A bare short name (安宁, 大理) must be a word of its own; a longer one, or with its last character, need not."""
    return len(name) > 2 or end in boundaries


def _role(name: str, settings: dict[str, Any]) -> _Role:
    def either(patterns: list[str]) -> str:
        return "|".join(f"(?:{pattern})" for pattern in patterns)

    def compiled(key: str, form: str) -> re.Pattern[str] | None:
        return re.compile(form.format(either(settings[key]))) if key in settings else None

    return _Role(
        name,
        names=tuple(settings.get("names", ())),
        before=compiled("before", "(?:{})$"),
        before_not=re.compile(settings["before_not"]) if "before_not" in settings else None,
        after=compiled("after", "(?:{})"),
    )
