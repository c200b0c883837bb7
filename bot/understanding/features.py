"""Sentences as vectors: characters and sounds first, sentence meaning on request.

The cheap vector (character 1-4-grams and pinyin 1-3-grams, tf-idf) takes a fraction of a millisecond; the meaning vector
(multilingual-e5-small, 384 numbers) some 7 ms, so it is a second look.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from hashlib import sha256
from typing import Any
from weakref import WeakValueDictionary

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
_REMEMBERED = 512


class SurfaceFeatures:
    """Character and sound n-grams of a sentence, tf-idf, each kind of length 1."""

    def __init__(self) -> None:
        self._readers: tuple[_Reader, ...] = ()

    def fit(self, texts: Sequence[str]) -> Any:
        """Learn the n-grams; returns the vectors of ``texts``, a sparse matrix of shape (len(texts), size)."""
        vectors, self._readers = _fitted(tuple(texts))
        return vectors

    @property
    def size(self) -> int:
        return sum(len(reader.weights) for reader in self._readers)

    def one(self, text: str) -> tuple[Any, Any]:
        """The vector of one text, as positions and values: what ``fit`` would give, without a matrix around it."""
        return _vector(self._readers, text)


class _Reader:
    """N-grams with their positions and weights, reading one text at a time."""

    def __init__(self, grams: Sequence[str], weights: Any) -> None:
        self._positions = {sys.intern(gram): position for position, gram in enumerate(grams)}
        self.weights = weights.astype(np.float32)

    def read(self, counts: Mapping[str, int]) -> tuple[Any, Any]:
        known = self._positions
        found = {known[gram]: count for gram, count in counts.items() if gram in known}
        positions = np.fromiter(found.keys(), dtype=np.int64, count=len(found))
        values = (1 + np.log(np.fromiter(found.values(), dtype=np.float32, count=len(found)))) * self.weights[positions]
        length = np.sqrt(values @ values)
        return positions, values / length if length else values

    def __reduce__(self) -> Any:
        return _reader, (list(self._positions), self.weights)


_readers: WeakValueDictionary[bytes, _Reader] = WeakValueDictionary()


def _reader(grams: Sequence[str], weights: Any) -> _Reader:
    """The reader of these n-grams, one a process: models that learned from the same texts share it, and what it read."""
    key = sha256("\n".join(grams).encode() + weights.tobytes()).digest()
    reader = _readers.get(key)
    if reader is None:
        reader = _readers[key] = _Reader(grams, weights)
    return reader


@lru_cache(maxsize=1)
def _fitted(texts: tuple[str, ...]) -> tuple[Any, tuple[_Reader, ...]]:
    """Vectors of texts, and what reads others alike. Several models learn from the same texts, one after the other."""
    from bot.understanding.fitting import ngrams

    vectors, learned = ngrams(texts, (character_grams, sound_grams))
    return vectors, tuple(_Reader(grams, weights) for grams, weights in learned)


@lru_cache(maxsize=64)
def _vector(readers: tuple[_Reader, ...], text: str) -> tuple[Any, Any]:
    positions, values, offset = [], [], 0
    for reader, counts in zip(readers, _counts(text), strict=True):
        found, weights = reader.read(counts)
        positions.append(found + offset)
        values.append(weights)
        offset += len(reader.weights)
    return np.concatenate(positions), np.concatenate(values)


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
    """How often each n-gram of either kind stands in a text, which may be its own end too."""
    return Counter(character_grams(text)), Counter(sound_grams(text))


@lru_cache(maxsize=_REMEMBERED * 8)
def _syllables(word: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(word))


def meaning(texts: Sequence[str]) -> Any:
    """Meaning vectors, shape (len(texts), 384), each of length :data:`MEANING_WEIGHT`. The last few hundred are kept."""
    if len(texts) > 1:  # the encoder lets other threads run
        encoder()  # loaded by one, before they all want it
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            vectors = list(threads.map(_meaning, texts))
    else:
        vectors = [_meaning(text) for text in texts]
    return np.array(vectors, dtype=np.float32).reshape(-1, MEANING_SIZE)


@lru_cache(maxsize=_REMEMBERED)
def _meaning(text: str) -> Any:
    return encoder()(text[:_LONGEST]) * MEANING_WEIGHT


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    """The sentence encoder of this process, loaded at the first call (a third of a second)."""
    return Encoder()
