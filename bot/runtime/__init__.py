"""How Rasa runs here: the same graph, policies and actions, without the detours a stock set-up takes for every message."""

from __future__ import annotations

from rasa.core.agent import Agent

from bot.runtime.graph_runner import InOrderGraphRunner
from bot.runtime.local_actions import run_actions_here
from bot.runtime.predictions import remember_predictions


def without_detours(agent: Agent) -> None:
    """Make a loaded agent run its graph in order, know the rules by heart, and call the actions in this process."""
    agent.processor.graph_runner = InOrderGraphRunner.of(agent.processor.graph_runner)
    remember_predictions(agent)
    run_actions_here(agent)
