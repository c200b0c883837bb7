"""Which intent a sentence has: a linear model over its surface, and a second look at its meaning when that is unsure.

Surface: a linear support-vector machine over character and sound n-grams. Meaning: another over how near the sentence
encoder's vector is to those of a thousand examples (an approximate Gaussian kernel). The scores are turned into
probabilities by factors fitted on held-out examples; the second look adds the meaning's scores to the surface's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.understanding.features import MEANING_WEIGHT, SurfaceFeatures, meaning
from bot.watch.metrics import step

Ranking = list[tuple[str, float]]
"""Intents with their probabilities, likeliest first."""
Encode = Callable[[Sequence[str]], Any]
_FOLDS = 2
_TOLERANCE = 1e-3
_LANDMARKS = 1000
_NEARNESS_WEIGHT = 2.0


@dataclass(frozen=True)
class BySurface:
    """A linear model over n-grams. The weights (n-grams × classes) are kept in 16 bits: they are the most of the memory."""

    weights: Any
    bias: Any

    def __call__(self, positions: Any, values: Any) -> Any:
        """Scores of one sentence given by the positions and values of its n-grams, one a class."""
        return values @ self.weights[positions].astype(np.float32) + self.bias


@dataclass(frozen=True)
class ByMeaning:
    """A linear model over how near a meaning vector is to those of some examples."""

    landmarks: Any
    weights: Any
    bias: Any

    def __call__(self, vectors: Any) -> Any:
        """Scores of meaning vectors, one a class."""
        return _nearness(vectors, self.landmarks) @ self.weights + self.bias


@dataclass(frozen=True)
class Calibration:
    """Factors that make probabilities of scores: of the surface alone, and of surface and meaning together."""

    alone: float
    surface: float
    meaning: float


class IntentModel:
    """The trained classifier."""

    def __init__(
        self,
        surface: SurfaceFeatures,
        classes: list[str],
        by_surface: BySurface,
        by_meaning: ByMeaning,
        calibration: Calibration,
    ) -> None:
        self.surface = surface
        self.classes = classes
        self._by_surface = by_surface
        self._by_meaning = by_meaning
        self._calibration = calibration

    @classmethod
    def train(cls, texts: Sequence[str], intents: Sequence[str], cost: float = 0.5, encode: Encode = meaning) -> IntentModel:
        """Fit on parallel sequences. ``encode`` gives the meaning vectors of texts."""
        from bot.understanding import fitting

        surface = SurfaceFeatures()
        classes = sorted(set(intents))
        labels = np.array([classes.index(intent) for intent in intents])
        ngrams = surface.fit(texts)
        vectors = encode(texts)
        landmarks, mix = fitting.landmarks(vectors, _LANDMARKS)
        mix = mix * _NEARNESS_WEIGHT
        near = _nearness(vectors, landmarks) @ mix
        of_surface, of_meaning = fitting.classifiers((ngrams, near), labels, _FOLDS, cost, _TOLERANCE)
        return cls(
            surface,
            classes,
            BySurface(of_surface.weights.astype(np.float16), of_surface.bias),
            ByMeaning(landmarks, mix @ of_meaning.weights, of_meaning.bias),
            _calibrate(of_surface.held_out, of_meaning.held_out, labels),
        )

    def rank(self, text: str, second_look: float) -> Ranking:
        """All intents with their probabilities, likeliest first.

        ``second_look``: the probability from which the first look stands without a second.
        """
        scores = self._by_surface(*self.surface.one(text))
        probabilities = _softmax(scores * self._calibration.alone)
        if probabilities.max() < second_look:
            with step("second_look"):
                probabilities = self._twice(scores, meaning([text])[0])
        return self._sorted(probabilities)

    def speaks_for(self, words: str, intent: str) -> float:
        """How much more a few words speak, by their surface, for an intent than for the others on average."""
        scores = self._by_surface(*self.surface.one(words))
        return float(scores[self.classes.index(intent)] - scores.mean())

    def both_looks(self, texts: Sequence[str], encode: Encode = meaning) -> Iterator[tuple[Ranking, Ranking]]:
        """For each text, the ranking by the first look alone and the one after the second."""
        for text, vector in zip(texts, encode(texts), strict=True):
            scores = self._by_surface(*self.surface.one(text))
            yield self._sorted(_softmax(scores * self._calibration.alone)), self._sorted(self._twice(scores, vector))

    def _twice(self, scores: Any, vector: Any) -> Any:
        meant = self._by_meaning(vector)
        return _softmax(scores * self._calibration.surface + meant * self._calibration.meaning)

    def _sorted(self, probabilities: Any) -> Ranking:
        return [(self.classes[n], float(probabilities[n])) for n in np.argsort(-probabilities)]


def _nearness(vectors: Any, landmarks: Any) -> Any:
    """A Gaussian kernel. All vectors have one length, so their product tells the distance."""
    return np.exp(2 * (vectors @ landmarks.T - MEANING_WEIGHT**2))


def _calibrate(surface: Any, meant: Any, labels: Any) -> Calibration:
    """The factors under which the held-out labels are likeliest."""
    from bot.understanding.fitting import factors

    rows = np.arange(len(labels))

    def loss(factors: Any, *scores: Any) -> float:
        probabilities = _softmax(sum(np.exp(factor) * part for factor, part in zip(factors, scores, strict=True)))
        return float(-np.log(probabilities[rows, labels] + 1e-12).mean())

    return Calibration(*factors(loss, [1.5], surface), *factors(loss, [1.0, 0.0], surface, meant))


def _softmax(scores: Any) -> Any:
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)
