"""What the rules say for an intent and the action before it, worked out once.

Every rule here is one intent and its action, and no slot or entity takes part, so the policy's prediction depends on
nothing else. With any further policy in the model nothing is remembered.
"""

from __future__ import annotations

import copy
import time
from typing import Any

from rasa.core.agent import Agent
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy


def remember_predictions(agent: Agent) -> None:
    """Let a loaded agent ask its policy once for each intent and latest action."""
    processor = agent.processor
    if not _rules_alone(processor.model_metadata.predict_schema):
        return
    predict = processor._predict_next_with_tracker
    known: dict[tuple[Any, ...], PolicyPrediction] = {}

    def remembered(tracker: Any) -> PolicyPrediction:
        if tracker.followup_action or tracker.active_loop_name:
            return predict(tracker)
        message = tracker.latest_message
        key = (tracker.latest_action_name, message.intent.get("name") if message else None)
        if key not in known:
            known[key] = predict(tracker)
        return _afresh(known[key])

    processor._predict_next_with_tracker = remembered


def _rules_alone(schema: Any) -> bool:
    policies = [node.uses for node in schema.nodes.values() if issubclass(node.uses, Policy)]
    return policies == [RulePolicy]


def _afresh(prediction: PolicyPrediction) -> PolicyPrediction:
    """The prediction with events of its own: they carry the time at which they enter a conversation."""
    again = copy.copy(prediction)
    again.events = [copy.copy(event) for event in prediction.events]
    for event in again.events:
        event.timestamp = time.time()
    return again
