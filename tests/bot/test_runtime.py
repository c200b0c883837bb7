"""How Rasa runs here: the same answers as stock, and a memory that keeps nothing of what was said."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.engine.runner.dask import DaskGraphRunner
from sqlalchemy.engine import Engine

from bot.retention import forget_old
from bot.runtime.graph_runner import InOrderGraphRunner
from bot.runtime.memory import ConversationMemory, MemoryRow
from bot.server import load_local_agent
from bot.settings import load_settings
from bot.state.database import open_state
from bot.state.schema import upgrade
from tests.bot.assistant import Assistant

_SECRET = b"for tests only"


@pytest.fixture(params=["sqlite", "postgresql"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty state database, on each kind."""
    url = f"sqlite:///{tmp_path / 'state.sqlite'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    engine = open_state(url)
    upgrade(engine)
    yield engine
    MemoryRow.__table__.drop(engine)
    engine.dispose()


def _say(assistant: Assistant, agent: Any, sender: str, text: str) -> list[dict[str, Any]]:
    output = CollectingOutputChannel()
    assistant.loop.run_until_complete(agent.handle_message(UserMessage(text, output, sender)))
    return list(output.messages)


def _agent(assistant: Assistant, state: Engine) -> Any:
    memory = ConversationMemory(state, _SECRET)
    return assistant.loop.run_until_complete(load_local_agent(load_settings(), memory=memory))


def test_a_conversation_goes_on_after_a_restart(assistant: Assistant, state: Engine) -> None:
    _say(assistant, _agent(assistant, state), "someone", "峨眉山的退休人员搬去外地长住，备案带什么")
    payload = _say(assistant, _agent(assistant, state), "someone", "电话呢")[-1]["custom"]
    assert payload["region"]["path"] == "乐山市/峨眉山市"
    assert payload["aspects"] == ["phone"]


def test_nothing_said_and_nobody_is_kept(assistant: Assistant, state: Engine) -> None:
    _say(assistant, _agent(assistant, state), "open-id-of-someone", "我叫张三，西昌的，产检费怎么报销")
    with state.connect() as connection:
        rows = connection.execute(sa.select(MemoryRow.__table__)).all()
    assert len(rows) == 1
    assert "open-id" not in str(rows)
    assert "张三" not in str(rows)
    assert rows[0].slots["region"] == "凉山州/西昌市"


def test_silent_conversations_are_forgotten_and_others_kept(assistant: Assistant, state: Engine) -> None:
    agent = _agent(assistant, state)
    for sender in ("long ago", "today"):
        _say(assistant, agent, sender, "住院怎么报销")
    memory = ConversationMemory(state, _SECRET)
    with state.begin() as connection:
        old = sa.update(MemoryRow.__table__).where(MemoryRow.id == memory._key("long ago"))
        connection.execute(old.values(spoken_at=MemoryRow.spoken_at - 31 * 86_400))
    forget_old(state, keep_days=30)
    assert asyncio.run(memory.exists("today"))
    assert not asyncio.run(memory.exists("long ago"))


def test_the_graph_in_order_understands_as_stock_does(assistant: Assistant) -> None:
    runner = assistant.agent.processor.graph_runner
    assert isinstance(runner, InOrderGraphRunner)
    stock = DaskGraphRunner.__new__(DaskGraphRunner)
    stock._graph_schema, stock._instantiated_nodes = runner._schema, runner.nodes
    stock._execution_context = None
    processor = assistant.agent.processor
    for text in ("乐山市中区住院报销要多久", "", "我爸退休了跟我住成都看病那边能刷卡不", "你好"):
        here = assistant.loop.run_until_complete(processor.parse_message(UserMessage(text)))
        processor.graph_runner = stock
        there = assistant.loop.run_until_complete(processor.parse_message(UserMessage(text)))
        processor.graph_runner = runner
        assert {**here, "message_id": None} == {**there, "message_id": None}
