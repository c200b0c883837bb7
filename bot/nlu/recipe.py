"""The components as Rasa's default recipe knows them, for ``config.yml``. Training imports this; a server does not."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.nlu.components import (
    AspectExtractor,
    DomainExtractor,
    IntentClassifier,
    PlaceExtractor,
    TextNormaliser,
    WordSplitter,
)

_Kind = DefaultV1Recipe.ComponentType
_KINDS = (
    (TextNormaliser, _Kind.MESSAGE_FEATURIZER, False),
    (WordSplitter, _Kind.MESSAGE_FEATURIZER, False),
    (PlaceExtractor, _Kind.MESSAGE_FEATURIZER, False),  # the classifiers after it learn from the masked text
    (DomainExtractor, _Kind.ENTITY_EXTRACTOR, True),
    (IntentClassifier, _Kind.INTENT_CLASSIFIER, True),
    (AspectExtractor, _Kind.ENTITY_EXTRACTOR, True),
)
for _component, _kind, _is_trainable in _KINDS:
    DefaultV1Recipe.register(_kind, is_trainable=_is_trainable)(_component)
