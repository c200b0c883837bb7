"""Texts cut into pieces of words, as the model learned them: the likeliest way to cut (Viterbi over a unigram model)."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

import numpy as np

from bot.understanding.encoder.weights import Weights

_SPACE = "\u2581"
_UNKNOWN_COSTS = 10.0


class Pieces:
    """The pieces of the model. They are known by their hashes (64 bits): the 250,000 words themselves would take 40 MB."""

    def __init__(self, weights: Weights) -> None:
        words = weights.pieces()  # as bytes: 午 and HS are the same two bytes to the hash of a str
        hashes = np.fromiter(map(hash, words), np.int64, len(words))
        self._numbers = np.argsort(hashes, kind="stable")
        self._hashes = hashes[self._numbers]
        self._scores = weights.scores
        self._longest = max(map(len, words))
        self._unknown = weights.unknown
        self._unknown_score = float(weights.scores.min()) - _UNKNOWN_COSTS
        self._replacements = weights.replacements

    def numbers(self, text: str) -> list[int]:
        """The numbers of the pieces of a text, in order."""
        text = re.sub(" +", " ", text.translate(self._replacements))
        text = (text if text.startswith(" ") else f" {text}").replace(" ", _SPACE)
        best = [0.0] + [-np.inf] * len(text)
        last: list[tuple[int, int]] = [(0, self._unknown)] * (len(text) + 1)
        known = self._known(text)
        for start in range(len(text)):
            ends = [*known[start], (start + 1, self._unknown, self._unknown_score)]
            for end, number, score in ends:
                if best[start] + score > best[end]:
                    best[end], last[end] = best[start] + score, (start, number)
        cut = []
        end = len(text)
        while end:
            end, number = last[end]
            cut.append(number)
        return cut[::-1]

    def _known(self, text: str) -> list[list[tuple[int, int, float]]]:
        """For each place of the text, the pieces that begin there: where each ends, its number, its score."""
        encoded = text.encode()
        edges = [0, *accumulate(len(character.encode()) for character in text)]
        spans = [
            (start, end)
            for start, edge in enumerate(edges)
            for end in range(start + 1, bisect_right(edges, edge + self._longest, start))
        ]
        hashes = np.fromiter((hash(encoded[edges[start] : edges[end]]) for start, end in spans), np.int64, len(spans))
        at = np.searchsorted(self._hashes, hashes).clip(max=len(self._hashes) - 1)
        found: list[list[tuple[int, int, float]]] = [[] for _ in text]
        for hit in np.flatnonzero(self._hashes[at] == hashes).tolist():
            start, end = spans[hit]
            number = int(self._numbers[at[hit]])
            if number != self._unknown:
                found[start].append((end, number, float(self._scores[number])))
        return found
