"""Which intent a sentence has: a linear model over surface features, and a second look that adds meaning.

Both are linear support-vector machines whose decision values are turned into probabilities by one temperature each,
fitted on held-out folds. The second look is taken only when the first is unsure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Sequence

import numpy as np
import scipy.sparse as sp
from scipy.optimize import minimize_scalar
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.understanding.features import SurfaceFeatures, meaning

_FOLDS = 4


@dataclass(frozen=True)
class Linear:
    """Weights of a one-vs-rest linear model: ``scores = x @ weights + bias``, made probabilities by ``temperature``."""

    weights: Any
    bias: Any
    temperature: float

    def scores(self, surface: sp.csr_matrix, extra: Any | None = None) -> Any:
        """Decision values, shape (rows, classes)."""
        width = surface.shape[1]
        scores = surface @ self.weights[:width] + self.bias
        return scores if extra is None else scores + extra @ self.weights[width:]

    def probabilities(self, surface: sp.csr_matrix, extra: Any | None = None) -> Any:
        return _softmax(self.scores(surface, extra) * self.temperature)


class IntentModel:
    """The trained classifier."""

    def __init__(self, surface: SurfaceFeatures, classes: list[str], first: Linear, second: Linear, sure: float) -> None:
        self.surface = surface
        self.classes = classes
        self._first = first
        self._second = second
        self._sure = sure

    @classmethod
    def train(cls, texts: Sequence[str], intents: Sequence[str], sure: float = 0.9, cost: float = 0.5) -> IntentModel:
        """Fit on parallel sequences. ``sure``: the probability from which the first look stands alone."""
        surface = SurfaceFeatures()
        classes = sorted(set(intents))
        labels = np.array([classes.index(intent) for intent in intents])
        plain = surface.fit(texts)
        rich = sp.hstack([plain, sp.csr_matrix(meaning(texts))], format="csr")
        return cls(surface, classes, _fit(plain, labels, cost), _fit(rich, labels, cost), sure)

    def rank(self, text: str) -> list[tuple[str, float]]:
        """All intents with their probabilities, likeliest first."""
        vector = self.surface.transform([text])
        probabilities = self._first.probabilities(vector)[0]
        if probabilities.max() < self._sure:
            probabilities = self._second.probabilities(vector, meaning([text]))[0]
        order = np.argsort(-probabilities)
        return [(self.classes[n], float(probabilities[n])) for n in order]


def _fit(vectors: sp.csr_matrix, labels: Any, cost: float) -> Linear:
    held_out = np.zeros((len(labels), labels.max() + 1))
    for train, test in StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(vectors, labels):
        model = LinearSVC(C=cost, random_state=0).fit(vectors[train], labels[train])
        held_out[test] = model.decision_function(vectors[test])
    model = LinearSVC(C=cost, random_state=0).fit(vectors, labels)
    return Linear(model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32), _temperature(held_out, labels))


def _temperature(scores: Any, labels: Any) -> float:
    """The factor that makes softmax probabilities of held-out scores most likely."""

    def loss(log_factor: float) -> float:
        probabilities = _softmax(scores * np.exp(log_factor))
        return float(-np.log(probabilities[np.arange(len(labels)), labels] + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2, 4), method="bounded").x))


def _softmax(scores: Any) -> Any:
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)
