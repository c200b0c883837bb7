"""The figures as a page: table, confusion matrix, reliability curve, and every miss."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

from bot.evaluation.run import Result, misses, table
from bot.evaluation.scoring import Score
from knowledge.catalogue import load_catalogue

_BINS = 10


def write_page(results: Sequence[Result], folder: Path) -> Path:
    """Write ``index.html`` into ``folder``. Returns its path."""
    matplotlib.use("Agg")
    scores = [one for result in results for one in result.scores]
    parts = [
        "<!doctype html><meta charset=utf-8><title>Evaluation</title>",
        "<style>body{font:15px/1.5 sans-serif;max-width:70rem;margin:2rem auto}pre{white-space:pre-wrap}</style>",
        "<h1>Evaluation</h1>",
        f"<pre>{html.escape(table(results))}</pre>",
        "<h2>Reliability: how often an answer given with a confidence is the right item</h2>",
        _picture(_reliability(scores)),
        "<h2>Confusion: item expected (rows) against what came (columns)</h2>",
        _picture(_confusion(scores)),
        "<h2>Misses</h2>",
        *(f"<pre>{html.escape(miss)}</pre>" for miss in misses(results)),
    ]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "index.html"
    path.write_text("\n".join(parts), encoding="utf-8")
    return path


def _answered(scores: Sequence[Score]) -> list[tuple[float, bool]]:
    return [
        (one.got["confidence"], one.measures["item"])
        for one in scores
        if "item" in one.measures and one.got["type"] == "answer"
    ]


def _reliability(scores: Sequence[Score]) -> Any:
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(5, 5))
    points = _answered(scores)
    for low in np.arange(_BINS) / _BINS:
        inside = [(confidence, right) for confidence, right in points if low <= confidence < low + 1 / _BINS + 1e-9]
        if inside:
            mean, share = (float(np.mean(column)) for column in zip(*inside, strict=True))
            axes.scatter(mean, share, s=10 + 2 * len(inside), color="tab:blue")
            axes.annotate(str(len(inside)), (mean, share))
    axes.plot([0, 1], [0, 1], linestyle=":", color="grey")
    axes.set(xlabel="confidence", ylabel="share right", xlim=(0, 1.02), ylim=(0, 1.05))
    return figure


def _confusion(scores: Sequence[Score]) -> Any:
    from matplotlib import pyplot

    rows = list(load_catalogue().items)
    columns = [*rows, "clarify", "fallback", "other"]
    matrix = np.zeros((len(rows), len(columns)))
    for one in scores:
        if "item" in one.measures:
            came = (one.got.get("item") or {}).get("id") if one.got["type"] == "answer" else one.got["type"]
            expected = came if one.measures["item"] else one.expected.items[0]
            matrix[rows.index(str(expected)), columns.index(came if came in columns else "other")] += 1
    figure, axes = pyplot.subplots(figsize=(13, 12))
    axes.imshow(np.log1p(matrix), cmap="Blues")
    axes.set_xticks(range(len(columns)), columns, rotation=90, fontsize=7)
    axes.set_yticks(range(len(rows)), rows, fontsize=7)
    for (row, column), count in np.ndenumerate(matrix):
        if count and rows[row] != columns[column]:
            axes.text(column, row, int(count), ha="center", va="center", color="tab:red", fontsize=7)
    figure.tight_layout()
    return figure


def _picture(figure: Any) -> str:
    from matplotlib import pyplot

    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    pyplot.close(figure)
    return f'<img alt="" src="data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}">'
