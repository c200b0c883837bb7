"""The first step of understanding: one spelling for what people type and what speech recognition hears.

Width, traditional characters, emoji, fillers and repeated characters are evened out, and words misspelt by sound
(异地旧医, 生玉津贴) are set right against the domain's vocabulary. Only understanding sees the result; people are shown
their own words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import jieba
import opencc
import pypinyin

from knowledge import files
from knowledge.catalogue import Catalogue, load_catalogue
from knowledge.regions import load_regions

MAX_LENGTH = 500
"""Longer messages are understood by their beginning and end: what is asked stands at either."""

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\x00-\x08\x0b-\x1f\x7f]")
_PICTURES = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u20e3]")
_REPEATED = re.compile(r"([^\d\W])\1{2,}")
_REPEATED_MARK = re.compile(r"([^\w\s])(?:\s*\1)+")
_FILLER = re.compile(r"(?:^|(?<=[\s，。,.!！?？、]))(?:[嗯呃额唔喂诶欸哎]+[，,、 ]*)+|[嗯呃唔]+")
_CANTONESE_NOT = re.compile("唔(?=[使系该好知得要想明够啱见会识记])")
"""唔使, 要唔要: no filler."""
_PARTICLES = frozenset("吗嘛么呢吧啊")
"""What 医保嘛 ends with is no 码."""
_DIVISIONS = frozenset("区县市州省")
"""How a place ends: 沙弯区 may be misspelt, 沙湾去 goes somewhere."""
_LONGEST_TERM = 8
_SHORTEST_TERM = 3


def even_out(text: str) -> str:
    """Width, script, emoji, fillers and repetitions evened out; spaces single."""
    text = unicodedata.normalize("NFKC", text.encode("utf-8", "ignore").decode())  # half an emoji is no character
    if len(text) > MAX_LENGTH:
        text = text[: MAX_LENGTH // 2] + " " + text[-MAX_LENGTH // 2 :]
    text = _PICTURES.sub(" ", _INVISIBLE.sub("", text))
    text = _to_simplified().convert(text).lower()
    text = _REPEATED_MARK.sub(r"\1", _REPEATED.sub(r"\1", text))
    text = _FILLER.sub("", _CANTONESE_NOT.sub("不", text))
    return re.sub(r"\s+", " ", text).strip()


class Normaliser:
    """Sets words right by sound against a vocabulary."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._terms = {term for term in vocabulary if _SHORTEST_TERM <= len(term) <= _LONGEST_TERM}
        self._by_sound: dict[tuple[str, ...], list[str]] = {}
        sizes: dict[tuple[str, ...], set[int]] = {}
        for term in sorted(self._terms):
            sounds = tuple(map(sound, term))
            self._by_sound.setdefault(sounds, []).append(term)
            sizes.setdefault(sounds[:_SHORTEST_TERM], set()).add(len(term))
        self._sizes = {beginning: sorted(found, reverse=True) for beginning, found in sizes.items()}
        self._words = jieba.dt
        self._words.initialize()

    def __call__(self, text: str) -> str:
        """The text as understanding reads it."""
        text = even_out(text)
        for heard, word in _heard().items():
            text = heard.sub(word, text)
        return self.by_sound(text)

    def by_sound(self, text: str) -> str:
        """Replace each stretch that sounds like a term of the vocabulary, unless it is that or another real word."""
        sounds = tuple(map(sound, text))
        start = 0
        while start <= len(text) - _SHORTEST_TERM:
            for size in self._sizes.get(sounds[start : start + _SHORTEST_TERM], ()):
                stretch = text[start : start + size]
                if len(stretch) < size or stretch in self._terms or not stretch.isalpha():
                    continue
                terms = self._by_sound.get(sounds[start : start + size], ())
                term = next((term for term in terms if _may_stand_for(stretch, term)), None)
                if term and self._words.FREQ.get(stretch, 0) == 0:
                    text = text[:start] + term + text[start + size :]
                    start += size - 1
                    break
            start += 1
        return text


def _may_stand_for(stretch: str, term: str) -> bool:
    """Whether what sounds like a term may be it. The many names of places stand for what is one like-sounding character off."""
    wrong = [(said, meant) for said, meant in zip(stretch, term, strict=True) if said != meant]
    if term[-1] not in _DIVISIONS:
        return wrong[-1][0] not in _PARTICLES or stretch[-1] == term[-1]
    return len(wrong) == 1 and stretch[-1] == term[-1] and len({_syllable(character) for character in wrong[0]}) == 1


def domain_vocabulary(catalogue: Catalogue | None = None) -> set[str]:
    """What a misspelling may have meant: names of items and forms, words of aspects and circumstances, nearby places."""
    catalogue = catalogue or load_catalogue()
    words = {name for item in catalogue.items.values() for name in item.names}
    words |= {family.name for family in catalogue.families.values()}
    words |= set(files.read_yaml(Path(__file__).with_name("vocabulary.yml"))["terms"])
    words |= {name for path in load_regions().near() for name in path.split("/")}
    return {piece for word in words for piece in re.split(r"[（）()《》、/\s]", word) if piece}


@lru_cache(maxsize=1)
def _heard() -> dict[re.Pattern[str], str]:
    """What two-character words are taken for, by the pattern of what is heard."""
    heard = files.read_yaml(Path(__file__).with_name("vocabulary.yml"))["heard"]
    return {re.compile("|".join(ways)): word for word, ways in heard.items()}


@lru_cache(maxsize=1)
def _to_simplified() -> Any:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=2048)
def sound(character: str) -> str:
    """The toneless syllable of a character, with the sounds that people mix up made one."""
    syllable = _syllable(character)
    for initial, plain in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        if syllable.startswith(initial):
            syllable = plain + syllable[2:]
    if syllable.endswith(("ang", "eng", "ing")):
        syllable = syllable[:-1]
    return syllable


def _syllable(character: str) -> str:
    return str(pypinyin.lazy_pinyin(character)[0]) if character.isalpha() else character
