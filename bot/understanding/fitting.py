"""What only training needs: vectorizers, support-vector machines, the kernel's landmarks, calibration.

Apart from the models, so that a server, which only reads them, loads neither scikit-learn nor SciPy (90 MB).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from joblib import Parallel, delayed
from scipy.optimize import minimize
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.kernel_approximation import Nystroem
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

Analyse = Callable[[str], list[str]]
_RAREST = 2
"""In how many examples an n-gram must stand."""


def ngrams(texts: Sequence[str], kinds: Sequence[Analyse]) -> tuple[Any, list[tuple[list[str], Any]]]:
    """The tf-idf vectors of texts by n-grams of several kinds, and for each kind its n-grams in order, with their weights."""
    parts = [TfidfVectorizer(analyzer=kind, sublinear_tf=True, min_df=_RAREST, dtype=np.float32) for kind in kinds]
    vectors = sp.hstack([part.fit_transform(texts) for part in parts], format="csr", dtype=np.float32)
    return vectors, [(part.get_feature_names_out().tolist(), part.idf_) for part in parts]


def side_by_side(parts: Sequence[Any]) -> Any:
    """Matrices of the same texts, sparse or not, as one sparse matrix."""
    return sp.hstack([sp.csr_matrix(part) for part in parts], format="csr")


def linear(examples: Iterable[tuple[Any, Any]], cost: float, tolerance: float = 1e-4) -> list[tuple[Any, Any]]:
    """A linear support-vector machine for each pair of vectors and labels, as many at once as there are cores.

    Each is given by its weights (features × classes; one column for a yes or no) and bias, float32. In processes, not in
    threads: these would draw from one sequence of random numbers, and no two trainings be alike.
    """
    at_once = Parallel(n_jobs=-1, mmap_mode="c")
    fitted: list[tuple[Any, Any]] = at_once(delayed(_linear)(vectors, labels, cost, tolerance) for vectors, labels in examples)
    return fitted


def _linear(vectors: Any, labels: Any, cost: float, tolerance: float) -> tuple[Any, Any]:
    model = LinearSVC(C=cost, tol=tolerance, random_state=0).fit(vectors, labels)
    return model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)


def yes_or_no(vectors: Any, answers: Sequence[Sequence[bool]], cost: float) -> tuple[Any, Any]:
    """One linear model for each of several yes-or-no questions: their weights and biases side by side."""
    fitted = linear(((vectors, answer) for answer in answers), cost)
    return np.hstack([weights for weights, _ in fitted]), np.hstack([bias for _, bias in fitted])


class Classifier(NamedTuple):
    """A linear model of several classes, and the scores (examples × classes) that models without the example give it."""

    weights: Any
    bias: Any
    held_out: Any


def classifiers(views: Sequence[Any], labels: Any, folds: int, cost: float, tolerance: float) -> list[Classifier]:
    """A classifier for each view (a matrix) of the same labelled examples; each label stands evenly in every fold."""
    splits = list(StratifiedKFold(folds, shuffle=True, random_state=0).split(labels, labels))
    parts = [np.arange(len(labels)), *(train for train, _ in splits)]
    fitted = iter(linear(((view[rows], labels[rows]) for view in views for rows in parts), cost, tolerance))
    found = []
    for view in views:
        weights, bias = next(fitted)
        held_out = np.zeros((len(labels), len(bias)))
        for (_, test), (others, shift) in zip(splits, islice(fitted, len(splits)), strict=True):
            held_out[test] = view[test] @ others + shift
        found.append(Classifier(weights, bias, held_out))
    return found


def landmarks(vectors: Any, count: int) -> tuple[Any, Any]:
    """Some of the vectors, and the matrix that makes features of the nearness to them (Nyström's method)."""
    fitted = Nystroem(gamma=1.0, n_components=min(count, len(vectors)), random_state=0).fit(vectors)
    return fitted.components_.astype(np.float32), fitted.normalization_.T.astype(np.float32)


def factors(loss: Callable[..., float], start: Sequence[float], *scores: Any) -> list[float]:
    """The positive factors of scores under which a loss is least."""
    return [float(factor) for factor in np.exp(minimize(loss, start, args=scores, method="Nelder-Mead").x)]
