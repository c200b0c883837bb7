"""The training examples as the models see them: normalised, places masked, with what they are annotated with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rasa.shared.nlu.training_data.loading import load_data

from bot.understanding.circumstances import CircumstanceFinder, Found
from bot.understanding.features import meaning
from bot.understanding.normaliser import Normaliser, domain_vocabulary
from bot.understanding.places import PlaceFinder
from knowledge.catalogue import Catalogue
from knowledge.regions import load_regions

FOLDER = "data/nlu"


@dataclass(frozen=True)
class Example:
    """One example. ``aspects`` is None where nothing says which are asked."""

    text: str
    intent: str
    aspects: tuple[str, ...] | None
    circumstances: tuple[str, ...]
    by_word: Found


def read_examples(catalogue: Catalogue) -> list[Example]:
    """All examples of ``data/nlu``."""
    normalise, places, words = (
        Normaliser(domain_vocabulary(catalogue)),
        PlaceFinder(load_regions()),
        CircumstanceFinder(catalogue),
    )

    def example(message: Any) -> Example:
        text = normalise(message.get("text"))
        metadata = (message.get("metadata") or {}).get("intent") or {}
        aspects = tuple(metadata["aspects"]) if "aspects" in metadata else None
        circumstances = tuple(metadata.get("circumstances", ()))
        return Example(places.find(text)[1], message.get("intent"), aspects, circumstances, words.find(text))

    return [example(message) for message in load_data(FOLDER).intent_examples]


def remembering_encoder() -> Callable[[Sequence[str]], Any]:
    """The sentence encoder, asked once for each text."""
    vectors: dict[str, Any] = {}

    def encode(texts: Sequence[str]) -> Any:
        new = [text for text in dict.fromkeys(texts) if text not in vectors]
        if new:
            vectors.update(zip(new, meaning(new), strict=True))
        return np.vstack([vectors[text] for text in texts])

    return encode
