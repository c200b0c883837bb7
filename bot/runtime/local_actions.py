"""Rasa's custom actions run in the server's own process instead of over HTTP.

A stock set-up posts the tracker and the domain to an action server for every action, and checks what comes back against
a JSON schema. Here the action is called at once. ``rasa run actions`` serves the same actions for those who scale the
two apart.
"""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import Action, RemoteAction
from rasa.core.agent import Agent
from rasa.shared.core.events import deserialise_events
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

ACTIONS_PACKAGE = "bot.actions"


class LocalAction(RemoteAction):
    """A custom action called in this process."""

    def __init__(self, name: str, executor: ActionExecutor) -> None:
        super().__init__(name, EndpointConfig(enable_selective_domain=True))  # so that the call carries no domain
        self._executor = executor

    async def run(self, output_channel: Any, nlg: Any, tracker: Any, domain: Any) -> list[Any]:
        """Events of the action: what it says, then what it sets."""
        result = await self._executor.run(self._action_call_format(tracker, domain))
        uttered = await self._utter_responses(result["responses"], output_channel, nlg, tracker)
        return [*uttered, *deserialise_events(result["events"])]


def run_actions_here(agent: Agent) -> None:
    """Make a loaded agent call the actions of ``bot.actions`` in this process."""
    executor = ActionExecutor()
    executor.register_package(ACTIONS_PACKAGE)
    predict = agent.processor.predict_next_with_tracker_if_should

    def predict_local(tracker: Any) -> tuple[Action, Any]:
        action, prediction = predict(tracker)
        if isinstance(action, RemoteAction) and action.name() in executor.actions:
            action = LocalAction(action.name(), executor)
        return action, prediction

    agent.processor.predict_next_with_tracker_if_should = predict_local
