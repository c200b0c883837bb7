"""The graph components of ``config.yml``: each hands a message to one part of ``bot.understanding``.

Nothing here needs TensorFlow, so that a server that only answers need not load it; ``bot.nlu.recipe`` tells Rasa's training
what kind of component each is.
"""

from __future__ import annotations

import pickle
from abc import abstractmethod
from functools import lru_cache
from pathlib import Path
from typing import Any

import jieba
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.thresholds import load_thresholds
from bot.understanding import understanding_fingerprint
from bot.understanding.aspects import AspectModel
from bot.understanding.circumstances import CircumstanceFinder, CircumstanceModel, with_scores
from bot.understanding.features import encoder
from bot.understanding.intents import IntentModel, Ranking
from bot.understanding.names import ItemNames
from bot.understanding.normaliser import Normaliser, domain_vocabulary
from bot.understanding.places import MASK, Mention, PlaceFinder
from bot.understanding.questions import parts
from knowledge.catalogue import load_catalogue
from knowledge.facts import OVERVIEW
from knowledge.regions import load_regions

WORDS = "words"
"""The message attribute that holds the text cut into words."""

MASKED = "masked_text"
"""The message attribute that holds the text with every place named 某地."""

QUESTIONS = "questions"
"""The message attribute that holds the questions of a message that asks about several items."""

_RANKED = 30
_SURELY_SMALL_TALK = 0.5
_SURE_OF_A_PART = 0.95
"""From which probability of its item a part of a message is a question of its own."""


class _Component(GraphComponent):
    """A component that works on one message at a time."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> _Component:
        return cls(config, model_storage, resource)

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._prepare()

    def _prepare(self) -> None:
        """Load what :meth:`_understand` needs."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Makes Rasa train anew when the code or the data that the components rest on changed, not only the config."""
        return understanding_fingerprint()

    @abstractmethod
    def _understand(self, message: Message) -> None:
        """Add to the message what this component finds in its text."""

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT) is not None:
                self._understand(message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data


class TextNormaliser(_Component):
    """Puts the normalised text in place of the message's text, for all components after it."""

    def _prepare(self) -> None:
        self._normaliser = Normaliser(domain_vocabulary())

    def _understand(self, message: Message) -> None:
        message.set(TEXT, self._normaliser(message.get(TEXT)), add_to_output=True)


class WordSplitter(_Component):
    """Cuts the text into words with jieba, which knows the words of the file ``dictionary`` too."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"dictionary": None}

    def _prepare(self) -> None:
        jieba.setLogLevel("WARNING")
        if self._config.get("dictionary"):
            _add_words(Path(self._config["dictionary"]))

    def _understand(self, message: Message) -> None:
        message.set(WORDS, jieba.lcut(message.get(TEXT)))


class PlaceExtractor(_Component):
    """Adds an entity ``region`` for each place, with the paths it may mean and its role, and masks the places."""

    def _prepare(self) -> None:
        self._finder = PlaceFinder(load_regions())

    def _find(self, message: Message) -> list[Mention]:
        mentions, masked = self._finder.find(message.get(TEXT), message.get(WORDS))
        message.set(MASKED, masked)
        return mentions

    def _understand(self, message: Message) -> None:
        for mention in self._find(message):
            _add_entity(
                message,
                entity="region",
                value=mention.text,
                start=mention.start,
                end=mention.end,
                role=mention.role,
                paths=list(mention.paths),
            )

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        for example in training_data.training_examples:
            if example.get(TEXT) is not None:
                self._find(example)
        return training_data


class _Trained(_Component):
    """A component with a model that is trained, stored with the Rasa model, and loaded."""

    model: Any = None

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> _Trained:
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component.model = pickle.loads((folder / "model.pickle").read_bytes())
        return component

    def _store(self) -> Resource:
        with self._storage.write_to(self._resource) as folder:
            (folder / "model.pickle").write_bytes(pickle.dumps(self.model))
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data


class DomainExtractor(_Trained):
    """Adds entities for what the catalogue names: an item called by name, circumstances stated or denied.

    Circumstances are found by words, and by a model learned from the metadata (``circumstances``) of the training data.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"cost": 0.5}

    def train(self, training_data: TrainingData) -> Resource:
        examples = training_data.intent_examples
        self.model = CircumstanceModel.train(
            [_masked(example) for example in examples],
            [_metadata(example).get("circumstances", ()) for example in examples],
            [self._circumstances.find(example.get(TEXT)).stated for example in examples],
            cost=self._config["cost"],
        )
        return self._store()

    def _prepare(self) -> None:
        self._catalogue = load_catalogue()
        self._names = ItemNames(self._catalogue)
        self._circumstances = CircumstanceFinder(self._catalogue)
        self._threshold = load_thresholds().circumstance

    def _understand(self, message: Message) -> None:
        item = self._names.whole(_masked(message).replace(MASK, ""))
        if item:
            _add_entity(message, entity="item", value=item)
        by_word = self._circumstances.find(message.get(TEXT))
        found = with_scores(by_word, self.model.scores(_masked(message)), self._threshold, self._catalogue)
        for role, circumstances in (("stated", found.stated), ("denied", found.denied)):
            for circumstance in circumstances:
                _add_entity(message, entity="circumstance", value=circumstance, role=role)


class IntentClassifier(_Trained):
    """Ranks the intents. Those of ``small_talk`` never reach the answering steps, so they must be likely to come first."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"cost": 0.5, "small_talk": []}

    def train(self, training_data: TrainingData) -> Resource:
        examples = training_data.intent_examples
        self.model = IntentModel.train(
            [_masked(example) for example in examples],
            [example.get(INTENT) for example in examples],
            cost=self._config["cost"],
        )
        return self._store()

    @classmethod
    def load(cls, *args: Any, **kwargs: Any) -> _Trained:
        component = super().load(*args, **kwargs)
        encoder()  # now, not while the first person who needs a second look waits
        return component

    def _understand(self, message: Message) -> None:
        ranking = [
            {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence}
            for name, confidence in self._doubtful_talk_last(self.model.rank(_masked(message), self._second_look))
        ]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking[:_RANKED], add_to_output=True)
        message.set(QUESTIONS, self._questions(_masked(message)), add_to_output=True)

    def _doubtful_talk_last(self, ranking: Ranking) -> Ranking:
        """A ranking that small talk leads only when it is likelier than all else: a question must reach the answering steps."""
        talk = [(name, p) for name, p in ranking if name in self._config.get("small_talk", ())]
        if not talk or ranking[0] != talk[0] or sum(p for _, p in talk) >= _SURELY_SMALL_TALK:
            return ranking
        return [*(entry for entry in ranking if entry not in talk), *talk]

    def _questions(self, text: str) -> list[dict[str, Any]]:
        """The parts of a message that surely ask about different items; empty for one question, as nearly always."""
        cut = parts(text)
        if len(cut) < 2:
            return []
        found: dict[str, dict[str, Any]] = {}
        for part in cut:
            name, confidence = self.model.rank(part, _SURE_OF_A_PART)[0]
            if name in self._items and confidence >= _SURE_OF_A_PART:
                found.setdefault(name, {"text": part, INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence})
        return list(found.values()) if len(found) > 1 else []

    def _prepare(self) -> None:
        self._items = load_catalogue().items
        self._second_look = load_thresholds().second_look


class AspectExtractor(_Trained):
    """Adds an entity ``aspect`` for each aspect asked. Learns from the metadata (``aspects``) of the training data."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"cost": 0.5}

    def train(self, training_data: TrainingData) -> Resource:
        examples = training_data.intent_examples
        self.model = AspectModel.train(
            [_masked(example) for example in examples],
            [_metadata(example).get("aspects") for example in examples],
            cost=self._config["cost"],
        )
        return self._store()

    def _prepare(self) -> None:
        self._thresholds = load_thresholds()

    def _understand(self, message: Message) -> None:
        asked = self.model.asked(_masked(message), self._thresholds)
        for aspect in asked:
            _add_entity(message, entity="aspect", value=aspect)
        for question in message.get(QUESTIONS, []):
            own = self.model.asked(question["text"], self._thresholds)
            question["aspects"] = asked if own in ([], [OVERVIEW]) else own  # 住院和门诊报销分别要多久


@lru_cache(maxsize=8)
def _add_words(dictionary: Path) -> None:
    """Once a process: jieba has one dictionary."""
    jieba.load_userdict(str(dictionary))


def _masked(message: Message) -> str:
    return str(message.get(MASKED) or message.get(TEXT))


def _metadata(example: Message) -> dict[str, Any]:
    return (example.get("metadata") or {}).get("intent") or {}


def _add_entity(message: Message, **entity: Any) -> None:
    nowhere = len(message.get(TEXT))  # what is said by the whole message stands at its end, over no character
    entity.setdefault("start", nowhere)
    entity.setdefault("end", nowhere)
    message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)
