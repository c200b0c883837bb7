"""Which intent a sentence has: a linear model over its surface, and a second look at its meaning when that is unsure.

Surface: a linear support-vector machine over character and sound n-grams. Meaning: another over the sentence encoder's
vectors, trained on a share of the examples, since encoding takes the most of the time. The scores are turned into
probabilities by factors fitted on held-out examples; the second look adds the meaning's scores to the surface's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.understanding.features import SurfaceFeatures, meaning

_FOLDS = 2
_TOLERANCE = 1e-3
_MEANING_EXAMPLES = 70
"""How many examples of an intent the meaning model learns from at least, if it has them; of many, a third."""


@dataclass(frozen=True)
class Linear:
    """Weights of a linear model: ``scores = x @ weights + bias``, one a class."""

    weights: Any
    bias: Any

    def of_ngrams(self, positions: Any, values: Any) -> Any:
        """Scores of one sentence given by the positions and values of its n-grams."""
        return values @ self.weights[positions] + self.bias

    def of_vectors(self, vectors: Any) -> Any:
        return vectors @ self.weights + self.bias


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
        by_surface: Linear,
        by_meaning: Linear,
        calibration: Calibration,
        sure: float,
    ) -> None:
        self.surface = surface
        self.classes = classes
        self._by_surface = by_surface
        self._by_meaning = by_meaning
        self._calibration = calibration
        self._sure = sure

    @classmethod
    def train(cls, texts: Sequence[str], intents: Sequence[str], sure: float = 0.9, cost: float = 0.5) -> IntentModel:
        """Fit on parallel sequences. ``sure``: the probability from which the first look stands alone."""
        surface = SurfaceFeatures()
        classes = sorted(set(intents))
        labels = np.array([classes.index(intent) for intent in intents])
        ngrams = surface.fit(texts)
        chosen = _spread(labels)
        vectors = meaning([texts[row] for row in chosen])
        by_surface, by_meaning = _fit(ngrams, labels, cost), _fit(vectors, labels[chosen], cost)
        held_out = [np.zeros((len(chosen), len(classes))) for _ in range(2)]
        for train, test in StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(vectors, labels[chosen]):
            unseen = np.setdiff1d(np.arange(len(labels)), chosen[test])
            held_out[0][test] = _fit(ngrams[unseen], labels[unseen], cost).of_vectors(ngrams[chosen[test]])
            held_out[1][test] = _fit(vectors[train], labels[chosen[train]], cost).of_vectors(vectors[test])
        return cls(surface, classes, by_surface, by_meaning, _calibrate(held_out[0], held_out[1], labels[chosen]), sure)

    def rank(self, text: str, second_look: bool = True) -> list[tuple[str, float]]:
        """All intents with their probabilities, likeliest first. Without the second look: sooner, and less surely."""
        scores, factors = self._by_surface.of_ngrams(*self.surface.one(text)), self._calibration
        probabilities = _softmax(scores * factors.alone)
        if second_look and probabilities.max() < self._sure:
            meant = self._by_meaning.of_vectors(meaning([text])[0])
            probabilities = _softmax(scores * factors.surface + meant * factors.meaning)
        order = np.argsort(-probabilities)
        return [(self.classes[n], float(probabilities[n])) for n in order]

    def speaks_for(self, words: str, intent: str) -> float:
        """How much more a few words speak, by their surface, for an intent than for the others on average."""
        scores = self._by_surface.of_ngrams(*self.surface.one(words))
        return float(scores[self.classes.index(intent)] - scores.mean())


def _spread(labels: Any) -> Any:
    """Rows of a share of each label's examples, evenly spread over those it has."""
    rows = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    wanted = [min(len(one), max(_MEANING_EXAMPLES, len(one) // 3)) for one in rows]
    picked = [one[np.linspace(0, len(one) - 1, count).astype(int)] for one, count in zip(rows, wanted, strict=True)]
    return np.sort(np.concatenate(picked))


def _fit(vectors: Any, labels: Any, cost: float) -> Linear:
    model = LinearSVC(C=cost, tol=_TOLERANCE, random_state=0).fit(vectors, labels)
    return Linear(model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32))


def _calibrate(surface: Any, meant: Any, labels: Any) -> Calibration:
    """The factors under which the held-out labels are likeliest."""
    rows = np.arange(len(labels))

    def loss(factors: Any, *scores: Any) -> float:
        probabilities = _softmax(sum(np.exp(factor) * part for factor, part in zip(factors, scores, strict=True)))
        return float(-np.log(probabilities[rows, labels] + 1e-12).mean())

    (alone,) = np.exp(minimize(loss, [1.5], args=(surface,), method="Nelder-Mead").x)
    both = np.exp(minimize(loss, [1.0, 0.0], args=(surface, meant), method="Nelder-Mead").x)
    return Calibration(float(alone), float(both[0]), float(both[1]))


def _softmax(scores: Any) -> Any:
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)
