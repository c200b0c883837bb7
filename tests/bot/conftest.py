"""What tests of the assistant share: the answering steps over the real knowledge base, without Rasa."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bot.actions.conversation import memory
from bot.answering.context import Context, Memory, Reply, Turn
from bot.answering.pipeline import answer_question
from bot.answering.wording import Wording, load_wording
from bot.server import configure_logging
from bot.services import services
from bot.settings import load_settings
from bot.understanding.places import PlaceRules
from knowledge.query import KnowledgeBase
from tests.bot.assistant import Assistant

MakeContext = Callable[..., Context]
Answer = Callable[[Context], Context]


class Talk:
    """Several turns: what one leaves behind, the next finds, as through the slots of a conversation."""

    def __init__(self, make_context: MakeContext, home_region: str | None = None) -> None:
        self._make_context = make_context
        self._home_region = home_region
        self.memory = Memory()

    def say(self, turn: Turn, answer: Answer = answer_question) -> Reply:
        context = answer(self._make_context(turn, self.memory, self._home_region))
        assert context.reply is not None
        self.memory = memory(context.remembered())
        return context.reply


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


@pytest.fixture
def talk(make_context: MakeContext) -> Talk:
    """A talk that begins with nothing known."""
    return Talk(make_context)


@pytest.fixture(scope="session")
def assistant(knowledge_base: KnowledgeBase) -> Iterator[Assistant]:
    """The trained model of ``models/`` over the database of the tests, loaded once."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("YIBAO_DATABASE", str(knowledge_base.engine.url))
        environment.delenv("YIBAO_HOME_REGION", raising=False)
        services.cache_clear()
        settings = load_settings()
        configure_logging(settings)
        assistant = Assistant(settings)
        yield assistant
        assistant.loop.close()
