"""What only training needs: vectorizers, support-vector machines, the kernel's landmarks, calibration.

Apart from the models, so that a server, which only reads them, loads neither scikit-learn nor SciPy (90 MB).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
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


def linear(vectors: Any, labels: Any, cost: float, tolerance: float = 1e-4) -> tuple[Any, Any]:
    """Weights (features × classes; one column for a yes or no) and bias of a linear support-vector machine, float32."""
    model = LinearSVC(C=cost, tol=tolerance, random_state=0).fit(vectors, labels)
    return model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)


def yes_or_no(vectors: Any, answers: Sequence[Sequence[bool]], cost: float) -> tuple[Any, Any]:
    """One linear model for each of several yes-or-no questions: their weights and biases side by side."""
    fitted = [linear(vectors, answer, cost) for answer in answers]
    return np.hstack([weights for weights, _ in fitted]), np.hstack([bias for _, bias in fitted])


def landmarks(vectors: Any, count: int) -> tuple[Any, Any]:
    """Some of the vectors, and the matrix that makes features of the nearness to them (Nyström's method)."""
    fitted = Nystroem(gamma=1.0, n_components=min(count, len(vectors)), random_state=0).fit(vectors)
    return fitted.components_.astype(np.float32), fitted.normalization_.T.astype(np.float32)


def folds(labels: Any, count: int) -> Iterator[tuple[Any, Any]]:
    """Rows to learn from and rows to test on, each label evenly in every fold."""
    yield from StratifiedKFold(count, shuffle=True, random_state=0).split(labels, labels)


def factors(loss: Callable[..., float], start: Sequence[float], *scores: Any) -> list[float]:
    """The positive factors of scores under which a loss is least."""
    return [float(factor) for factor in np.exp(minimize(loss, start, args=scores, method="Nelder-Mead").x)]
