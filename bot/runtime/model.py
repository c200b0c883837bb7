"""A trained Rasa model as far as answering needs it: how a message is understood, which action replies, what utterances say.

Rasa's own loader imports every policy and classifier that Rasa has, and TensorFlow with them: 3 seconds and 350 MB for
nothing that this model uses. A model with anything else in it than the components of ``bot.nlu`` and rules of one intent
and its action is refused: it is for ``rasa run``.
"""

from __future__ import annotations

import json
import pickle
import tarfile
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from tarsafe import TarSafe

_OURS = "bot.nlu."
_RULES = "rasa.core.policies.rule_policy.RulePolicy"
_FRAME = (  # nodes of every model, and what stands for them here
    "rasa.graph_components.",
    "rasa.nlu.classifiers.regex_message_handler.",  # /intent{…} as a message is for developers
    "rasa.core.policies.ensemble.",  # of one policy
)
_LISTENING = "action_listen"
_OF_OTHER_CODE = (AttributeError, ImportError, TypeError, pickle.UnpicklingError)


@dataclass(frozen=True)
class TrainedModel:
    """A loaded model. ``actions`` gives the action that replies to each intent."""

    name: str
    components: tuple[Any, ...]
    actions: Mapping[str, str]
    fallback: str
    utterances: TemplatedNaturalLanguageGenerator
    slots: tuple[str, ...]

    def understand(self, text: str) -> dict[str, Any]:
        """What the components find in a message: ``text`` as they read it, ``intent``, ``intent_ranking``, ``entities`` …"""
        messages = [Message({TEXT: text})]
        for component in self.components:
            messages = component.process(messages)
        return {INTENT: {"name": None, "confidence": 0.0}, ENTITIES: [], **messages[0].as_dict(only_output_properties=True)}

    def action_for(self, intent: str | None) -> str:
        return self.actions.get(intent or "", self.fallback)

    def component(self, kind: type) -> Any:
        """The component of a kind."""
        return next(component for component in self.components if isinstance(component, kind))


def load_model(archive: Path) -> TrainedModel:
    """Load ``models/….tar.gz``. Raises ``ValueError`` for a file that is no model, or none that is answered from here."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with TarSafe.open(archive, mode="r:gz") as tar:
                tar.extractall(folder)
            metadata = json.loads((Path(folder) / "metadata.json").read_text(encoding="utf-8"))
        except (tarfile.TarError, OSError, EOFError, ValueError) as error:
            raise ValueError(f"{archive} is no trained model: {error}") from error
        return _model(archive.name.removesuffix(".tar.gz"), metadata, Path(folder) / "components")


def _model(name: str, metadata: Mapping[str, Any], stored: Path) -> TrainedModel:
    schema = GraphSchema({})
    context, storage = ExecutionContext(schema, model_id=metadata["model_id"]), LocalModelStorage(stored)
    components, rules = [], None
    for node_name, node in metadata["predict_schema"]["nodes"].items():
        resource = Resource((node["resource"] or {}).get("name", node_name))
        if node["uses"].startswith(_OURS):
            module, _, kind = node["uses"].rpartition(".")
            load = getattr(getattr(import_module(module), kind), node["constructor_name"])
            try:
                components.append(load(node["config"], storage, resource, context))
            except _OF_OTHER_CODE as error:
                raise ValueError(f"the model {name} was trained by another version of the code: train anew") from error
        elif node["uses"] == _RULES:
            rules = node, stored / resource.name
        elif not node["uses"].startswith(_FRAME):
            raise ValueError(f"the model {name} has {node['uses']}: serve it with `rasa run`")
    if rules is None:
        raise ValueError(f"the model {name} has no RulePolicy: train it with config.yml as it is")
    node, folder = rules
    domain = metadata["domain"]
    return TrainedModel(
        name=name,
        components=tuple(components),
        actions=dict(_actions(json.loads((folder / "rule_policy.json").read_text(encoding="utf-8"))["lookup"]["rules"])),
        fallback=node["config"]["core_fallback_action_name"],
        utterances=TemplatedNaturalLanguageGenerator(domain["responses"]),
        slots=tuple(domain["slots"]),
    )


def _actions(rules: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Intent and action of each rule. A rule's key is the states before its action, as JSON."""
    for key, action in rules.items():
        if not key.startswith("["):
            continue  # Rasa's own: /restart, /back, /session_start
        *_, state = json.loads(key)
        if set(state) != {"prev_action", "user"} or set(state["user"]) != {"intent"}:
            raise ValueError(f"a rule rests on more than an intent ({key}): serve the model with `rasa run`")
        if state["prev_action"] == {"action_name": _LISTENING}:
            yield state["user"]["intent"], action
        elif action != _LISTENING:
            raise ValueError(f"a rule has two actions ({key}): serve the model with `rasa run`")
