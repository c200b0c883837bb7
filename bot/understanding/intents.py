"""Which intent a sentence has: a linear model over surface features, and a second look that adds meaning.

Both are linear support-vector machines whose decision values are turned into probabilities by one temperature each,
fitted on held-out folds. The second look is taken only when the first is unsure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from joblib import Parallel, delayed
from scipy.optimize import minimize_scalar
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.understanding.features import SurfaceFeatures, meaning

_FOLDS = 2
_TOLERANCE = 1e-3


@dataclass(frozen=True)
class Linear:
    """Weights of a one-vs-rest linear model: ``scores = x @ weights + bias``, made probabilities by ``temperature``."""

    weights: Any
    bias: Any
    temperature: float

    def probabilities(self, vector: tuple[Any, Any], extra: Any = ()) -> Any:
        """Probabilities of the classes for one sentence: positions and values of its n-grams, and its meaning."""
        positions, values = vector
        scores = values @ self.weights[positions] + self.bias
        if len(extra):
            scores = scores + extra @ self.weights[-len(extra) :]
        return _softmax(scores * self.temperature)


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
        first, second = _fit([plain, rich], labels, cost)
        return cls(surface, classes, first, second, sure)

    def rank(self, text: str) -> list[tuple[str, float]]:
        """All intents with their probabilities, likeliest first."""
        vector = self.surface.one(text)
        probabilities = self._first.probabilities(vector)
        if probabilities.max() < self._sure:
            probabilities = self._second.probabilities(vector, meaning([text])[0])
        order = np.argsort(-probabilities)
        return [(self.classes[n], float(probabilities[n])) for n in order]


def _fit(inputs: Sequence[sp.csr_matrix], labels: Any, cost: float) -> list[Linear]:
    """One model for each input, all on the same labels; the fits of all folds run side by side."""
    rows = np.arange(len(labels))
    splits = [*StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(rows, labels), (rows, rows)]
    tasks = [(vectors, train) for vectors in inputs for train, _ in splits]
    fits = iter(
        Parallel(n_jobs=-1, prefer="threads")(
            delayed(LinearSVC(C=cost, tol=_TOLERANCE, random_state=0).fit)(vectors[train], labels[train])
            for vectors, train in tasks
        )
    )
    models = []
    for vectors in inputs:
        held_out = np.zeros((len(labels), labels.max() + 1))
        for _, test in splits[:-1]:
            held_out[test] = next(fits).decision_function(vectors[test])
        whole = next(fits)
        temperature = _temperature(held_out, labels)
        models.append(Linear(whole.coef_.T.astype(np.float32), whole.intercept_.astype(np.float32), temperature))
    return models


def _temperature(scores: Any, labels: Any) -> float:
    """The factor that makes softmax probabilities of held-out scores most likely."""

    def loss(log_factor: float) -> float:
        probabilities = _softmax(scores * np.exp(log_factor))
        return float(-np.log(probabilities[np.arange(len(labels)), labels] + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2, 4), method="bounded").x))


def _softmax(scores: Any) -> Any:
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)
