"""Understanding pieces of speech with the parts of the trained model, without a Rasa dialogue for each.

What was understood is kept by its text, so that a partial costs only what is new in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from sys import intern

from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.actions import conversation
from bot.nlu.components import (
    MASKED,
    WORDS,
    AspectExtractor,
    DomainExtractor,
    IntentClassifier,
    PlaceExtractor,
    TextNormaliser,
    WordSplitter,
)
from bot.privacy import without_masks
from bot.runtime.model import TrainedModel
from bot.thresholds import load_thresholds
from bot.understanding.circumstances import Found
from bot.understanding.normaliser import even_out
from bot.understanding.places import Mention

Ranking = tuple[tuple[str, float], ...]

_RANKED = 15
_KEPT = 2048
"""Pieces: those of fifty calls at once, each by itself and with what was said before it. They fill some 9 MB."""
_TELLING = 0.4
"""What share of the most telling word's weight makes a word telling."""


@dataclass(frozen=True)
class Understood:
    """What one piece tells by itself. ``words`` are as the caller said them, places left out."""

    text: str
    masked: str
    mentions: tuple[Mention, ...]
    circumstances: Found
    named_item: str | None
    words: tuple[str, ...]

    @property
    def tells_something(self) -> bool:
        """Whether it names a place, a circumstance or an item."""
        return bool(self.mentions or self.circumstances.stated or self.circumstances.denied or self.named_item)


@dataclass
class _Look:
    """What a masked text ranks as; ``closely`` when it had its second look, if it needed one."""

    ranking: Ranking
    closely: bool = False


class Ear:
    """The understanding of a loaded model."""

    def __init__(self, model: TrainedModel) -> None:
        self._steps = [model.component(kind) for kind in (TextNormaliser, WordSplitter, PlaceExtractor, DomainExtractor)]
        self._intents = model.component(IntentClassifier).model
        self._asked = model.component(AspectExtractor).model
        self._thresholds = load_thresholds()
        self.understand = lru_cache(_KEPT)(self._understand)
        self.aspects = lru_cache(_KEPT)(self._aspects)
        self._look = lru_cache(_KEPT)(self._look_once)
        self._speaks_for = lru_cache(_KEPT * 4)(self._intents.speaks_for)

    def _understand(self, text: str) -> Understood:
        text = without_masks(text)
        message = Message({TEXT: text})
        for step in self._steps:
            step.process([message])
        normal = str(message.get(TEXT))
        entities = message.get(ENTITIES, [])
        mentions = conversation.mentions(entities)
        said = even_out(text)
        words = message.get(WORDS, [])
        return Understood(
            text=normal,
            masked=str(message.get(MASKED) or normal),
            mentions=mentions,
            circumstances=conversation.circumstances(entities),
            named_item=conversation.named_item(entities),
            words=tuple(
                intern(said[start : start + len(word)])  # the same words in most pieces
                for word, start in zip(words, accumulate(map(len, words), initial=0), strict=False)
                if not any(mention.start <= start < mention.end for mention in mentions)
            ),
        )

    def rank(self, masked: str, second_look: bool) -> Ranking:
        """The likeliest intents of a masked text. One that had its second look before is not looked at again."""
        look = self._look(masked)
        if second_look and not look.closely:
            look.ranking, look.closely = self._ranked(masked, self._thresholds.second_look), True
        return look.ranking

    def rests_on(self, words: tuple[str, ...], item: str, most: int = 4) -> list[str]:
        """The words that speak most for an item, in the order said; neighbours as one phrase."""
        weights = {word: self._speaks_for(word, item) for word in set(words) if len(word) > 1}
        enough = _TELLING * max(weights.values(), default=0.0)
        telling = {w for w in sorted(weights, key=lambda w: -weights[w])[:most] if weights[w] > 0 and weights[w] >= enough}
        phrases: list[str] = []
        joined = False
        for word in words:
            if word in telling:
                phrases = [*phrases[:-1], phrases[-1] + word] if joined else [*phrases, word]
            joined = word in telling
        return list(dict.fromkeys(phrases))

    def _look_once(self, masked: str) -> _Look:
        return _Look(self._ranked(masked, second_look=0.0))

    def _ranked(self, masked: str, second_look: float) -> Ranking:
        return tuple(self._intents.rank(masked, second_look)[:_RANKED])

    def _aspects(self, masked: str) -> tuple[str, ...]:
        return tuple(self._asked.asked(masked, self._thresholds))
