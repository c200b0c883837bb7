"""A graph runner that calls the nodes one after the other.

Rasa hands the graph to dask, which plans, queues and copies it anew for every message, three times a message; a graph that
is a chain needs none of that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage


class InOrderGraphRunner(GraphRunner):
    """Runs the nodes that the targets need, each after those it needs itself."""

    def __init__(self, schema: GraphSchema, nodes: Mapping[str, GraphNode]) -> None:
        self._schema = schema
        self._nodes = nodes
        self._orders: dict[tuple[str, ...], list[str]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> InOrderGraphRunner:
        return cls.of(DaskGraphRunner.create(graph_schema, model_storage, execution_context, hooks))

    @classmethod
    def of(cls, runner: DaskGraphRunner) -> InOrderGraphRunner:
        """The same graph with the same loaded nodes."""
        return cls(runner._graph_schema, runner._instantiated_nodes)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The output of each target. ``inputs`` stand for nodes that are no part of the graph."""
        wanted = tuple(targets or self._schema.target_names)
        if wanted not in self._orders:
            self._orders[wanted] = self._order(wanted, set(inputs or ()))
        outputs: dict[str, tuple[str, Any]] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name in self._orders[wanted]:
            needs = self._schema.nodes[name].needs.values()
            outputs[name] = self._nodes[name](*(outputs[need] for need in needs))
        return {name: outputs[name][1] for name in wanted}

    def _order(self, targets: tuple[str, ...], given: set[str]) -> list[str]:
        order: list[str] = []

        def add(name: str) -> None:
            if name in given or name in order:
                return
            for need in self._schema.nodes[name].needs.values():
                add(need)
            order.append(name)

        for target in targets:
            add(target)
        return order
