"""The encoder's layers as an ONNX graph: matrices in 8 bits a column, what enters them rounded to 8 bits text by text."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from bot.understanding.encoder.weights import Weights

_MORE = "com.microsoft"
"""The operators that ONNX Runtime adds to the standard."""
_OPSETS = (("", 17), (_MORE, 1))
_FORMAT = 8


def graph(weights: Weights) -> bytes:
    """The graph from a text's embedded pieces (``pieces``, n × width) to their mean after all layers (``mean``, width)."""
    return _Graph(weights).build()


class _Graph:
    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._sizes = weights.sizes
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def build(self) -> bytes:
        width = self._sizes.width
        self._constant("first", np.array([0]))
        self._constant("thirds", np.array([width] * 3))
        states = "pieces"
        for layer in range(self._sizes.layers):
            states = self._layer(f"l{layer}", states)
        self._nodes.append(helper.make_node("ReduceMean", [states], ["mean"], axes=[0], keepdims=0))
        made = helper.make_graph(
            self._nodes,
            "encoder",
            [helper.make_tensor_value_info("pieces", TensorProto.FLOAT, ["n", width])],
            [helper.make_tensor_value_info("mean", TensorProto.FLOAT, [width])],
            self._constants,
        )
        opsets = [helper.make_opsetid(*opset) for opset in _OPSETS]
        model: onnx.ModelProto = helper.make_model(made, opset_imports=opsets, ir_version=_FORMAT)
        return bytes(model.SerializeToString())

    def _layer(self, name: str, states: str) -> str:
        width, inner = self._sizes.width, self._sizes.inner
        asked = self._linear(states, [f"{name}.{part}" for part in "qkv"], width)
        parts = [f"{asked}.{part}" for part in "qkv"]
        self._node("Split", [asked, "thirds"], *parts, axis=1)
        heads = [self._node("Unsqueeze", [part, "first"], f"{part}.one") for part in parts]
        seen = self._node("MultiHeadAttention", heads, f"{name}.seen", domain=_MORE, num_heads=self._sizes.heads)
        seen = self._linear(self._node("Squeeze", [seen, "first"], f"{seen}.flat"), [f"{name}.ao"], width)
        states = self._norm(f"{name}.aln", states, seen)
        thought = self._linear(states, [f"{name}.fi"], width)
        thought = self._node("Gelu", [thought], f"{thought}.gelu", domain=_MORE)
        return self._norm(f"{name}.oln", states, self._linear(thought, [f"{name}.fo"], inner))

    def _linear(self, states: str, names: list[str], width: int) -> str:
        """One matrix, or several side by side that read the same states."""
        matrix = np.concatenate([self._weights.rows(f"{name}.w", width) for name in names]).T
        scales = np.abs(matrix).max(axis=0) / 127
        name = names[0]
        inputs = [
            states,
            self._constant(f"{name}.w", np.rint(matrix / scales).astype(np.int8)),
            self._constant(f"{name}.scale", scales),
            self._constant(f"{name}.zero", np.zeros(len(scales), np.int8)),
            self._constant(f"{name}.b", np.concatenate([self._weights.vector(f"{one}.b") for one in names])),
        ]
        return self._node("DynamicQuantizeMatMul", inputs, f"{name}.out", domain=_MORE)

    def _norm(self, name: str, states: str, change: str) -> str:
        inputs = [
            self._node("Add", [states, change], f"{name}.sum"),
            self._constant(f"{name}.w", self._weights.vector(f"{name}.w")),
            self._constant(f"{name}.b", self._weights.vector(f"{name}.b")),
        ]
        return self._node("LayerNormalization", inputs, f"{name}.out", epsilon=self._sizes.epsilon, axis=-1)

    def _node(self, kind: str, inputs: list[str], *outputs: str, **settings: Any) -> str:
        self._nodes.append(helper.make_node(kind, inputs, list(outputs), **settings))
        return outputs[0]

    def _constant(self, name: str, values: Any) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name
