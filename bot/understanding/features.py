"""Sentences as vectors: characters and sounds first, sentence meaning on request.

The cheap vector (character 1-4-grams and pinyin 1-3-grams, tf-idf) takes a fraction of a millisecond; the meaning vector
(multilingual-e5-small, 384 numbers) some 7 ms, so it is a second look.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from pypinyin import lazy_pinyin
from pypinyin.seg.simpleseg import seg

from bot.understanding.encoder import Encoder

MEANING_SIZE = 384
MEANING_WEIGHT = 2.0
"""How heavy the meaning vector (length 1) stands beside the tf-idf vector (length 1 a part)."""
_LONGEST = 128
"""Characters whose meaning is read."""
_CHARACTERS, _SOUNDS = 4, 3
"""The longest n-grams."""
_REMEMBERED = 4096


class SurfaceFeatures:
    """Character and sound n-grams of a sentence, tf-idf, each kind of length 1."""

    def __init__(self) -> None:
        self._readers: list[_Reader] = []

    def fit(self, texts: Sequence[str]) -> Any:
        """Learn the n-grams; returns the vectors of ``texts``, a sparse matrix of shape (len(texts), size)."""
        from bot.understanding.fitting import ngrams

        vectors, learned = ngrams(texts, (character_grams, sound_grams))
        self._readers = [_Reader(vocabulary, weights) for vocabulary, weights in learned]
        return vectors

    @property
    def size(self) -> int:
        return sum(len(reader.weights) for reader in self._readers)

    def one(self, text: str) -> tuple[Any, Any]:
        """The vector of one text, as positions and values: what ``fit`` would give, without a matrix around it."""
        positions, values, offset = [], [], 0
        for reader, counts in zip(self._readers, _counts(text), strict=True):
            found, weights = reader.read(counts)
            positions.append(found + offset)
            values.append(weights)
            offset += len(reader.weights)
        return np.concatenate(positions), np.concatenate(values)


class _Reader:
    """N-grams with their positions and weights, reading one text at a time. Several models share the n-grams' strings."""

    def __init__(self, vocabulary: Mapping[str, int], weights: Any) -> None:
        self._vocabulary = vocabulary
        self.weights = weights.astype(np.float32)

    def read(self, counts: Mapping[str, int]) -> tuple[Any, Any]:
        vocabulary = self._vocabulary
        found = {vocabulary[gram]: count for gram, count in counts.items() if gram in vocabulary}
        positions = np.fromiter(found.keys(), dtype=np.int64, count=len(found))
        values = (1 + np.log(np.fromiter(found.values(), dtype=np.float32, count=len(found)))) * self.weights[positions]
        length = np.sqrt(values @ values)
        return positions, values / length if length else values

    def __getstate__(self) -> tuple[list[str], Any]:
        return sorted(self._vocabulary, key=self._vocabulary.__getitem__), self.weights

    def __setstate__(self, state: tuple[list[str], Any]) -> None:
        grams, self.weights = state
        self._vocabulary = {sys.intern(gram): position for position, gram in enumerate(grams)}


def character_grams(text: str) -> list[str]:
    """The character n-grams of a text."""
    text = text.lower()
    return [text[n : n + size] for size in range(1, _CHARACTERS + 1) for n in range(len(text) - size + 1)]


def sound_grams(text: str) -> list[str]:
    """The n-grams of the toneless syllables of a text; what is not Chinese stands for itself."""
    sounds = [sound for word in seg(text) for sound in _syllables(word)]
    grams = list(sounds)
    for size in range(2, _SOUNDS + 1):
        grams += map(" ".join, zip(*(sounds[n:] for n in range(size)), strict=False))
    return grams


@lru_cache(maxsize=64)
def _counts(text: str) -> tuple[Counter[str], Counter[str]]:
    """How often each n-gram of either kind stands in a text. Three models read the same text, one after the other."""
    return Counter(character_grams(text)), Counter(sound_grams(text))


@lru_cache(maxsize=_REMEMBERED * 4)
def _syllables(word: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(word))


def meaning(texts: Sequence[str]) -> Any:
    """Meaning vectors, shape (len(texts), 384), each of length :data:`MEANING_WEIGHT`. The last few thousand are kept."""
    return np.array([_meaning(text) for text in texts], dtype=np.float32).reshape(-1, MEANING_SIZE)


@lru_cache(maxsize=_REMEMBERED)
def _meaning(text: str) -> Any:
    return encoder()(text[:_LONGEST]) * MEANING_WEIGHT


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    """The sentence encoder of this process, loaded at the first call (a third of a second)."""
    return Encoder()
