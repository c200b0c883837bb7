"""What tests of the assistant share: the answering steps over the real knowledge base, without Rasa."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.answering.context import Context, Memory, Turn
from bot.answering.wording import Wording, load_wording
from bot.understanding.places import PlaceRules
from knowledge.query import KnowledgeBase

MakeContext = Callable[..., Context]


@pytest.fixture(scope="session")
def wording() -> Wording:
    return load_wording()


@pytest.fixture(scope="session")
def place_rules(knowledge_base: KnowledgeBase) -> PlaceRules:
    families = {item.id: item.family for item in knowledge_base.catalogue.items.values()}
    return PlaceRules(knowledge_base.regions, families)


@pytest.fixture(scope="session")
def make_context(knowledge_base: KnowledgeBase, place_rules: PlaceRules, wording: Wording) -> MakeContext:
    """A context around a turn and a memory."""

    def make(turn: Turn, memory: Memory | None = None, home_region: str | None = None) -> Context:
        return Context(turn, memory or Memory(), knowledge_base, place_rules, wording, home_region)

    return make
