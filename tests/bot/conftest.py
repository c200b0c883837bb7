"""What tests of the assistant share: the answering steps over the real knowledge base, without Rasa."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig

from bot.actions.conversation import memory
from bot.answering.context import Context, Memory, Reply, Turn
from bot.answering.pipeline import answer_question
from bot.answering.wording import Wording, load_wording
from bot.runtime.live_model import live_archive
from bot.services import services
from bot.settings import load_settings
from bot.understanding.places import PlaceRules
from bot.watch.logs import configure_logging
from knowledge.query import KnowledgeBase
from tests.bot.assistant import Assistant
from tests.serving import free_port

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


@pytest.fixture(scope="session")
def stock(knowledge_base: KnowledgeBase) -> Iterator[Agent]:
    """The same model in Rasa's own agent, with the actions in Rasa's own action server."""
    port = free_port()
    command = [sys.executable, "-m", "rasa", "run", "actions", "--actions", "bot.actions", "--port", str(port)]
    environment = {**os.environ, "YIBAO_DATABASE": str(knowledge_base.engine.url), "SANIC_HOST": "127.0.0.1"}
    actions = subprocess.Popen(command, env=environment)
    try:
        agent = Agent.load(
            live_archive(Path(load_settings().model)), action_endpoint=EndpointConfig(f"http://127.0.0.1:{port}/webhook")
        )
        while socket.socket().connect_ex(("127.0.0.1", port)):
            assert actions.poll() is None, "the action server did not start"
            time.sleep(0.2)
        yield agent
    finally:
        actions.terminate()
        actions.wait(timeout=20)
