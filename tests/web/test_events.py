"""What arrives unasked: an agent's words reach the browser, through whichever process they come."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from bot.channels import outbox, web_events
from bot.channels.web_events import Events, TooManyStreams
from bot.channels.web_store import WebStore
from bot.state.database import open_state
from bot.state.schema import upgrade
from tests.serving import Server
from tests.web.visitor import DOOR, SECONDS, Visitor


@contextmanager
def listening(visitor: Visitor, after: int = 0) -> Iterator[Iterator[str]]:
    url = f"{visitor.server.address}{DOOR}/events"
    with requests.get(url, params={"after": after}, headers=visitor.headers, stream=True, timeout=SECONDS) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        yield (line.decode() for line in response.iter_lines(chunk_size=1))


def next_message(lines: Iterator[str]) -> dict[str, Any]:
    for line in lines:
        if line.startswith("data: "):
            message: dict[str, Any] = json.loads(line[len("data: ") :])
            return message
    raise AssertionError("the stream ended")


def test_an_agents_words_stored_by_another_process_arrive(server: Server) -> None:
    visitor = Visitor(server)
    store = WebStore(open_state(server.environment["YIBAO_STATE"]))
    with listening(visitor) as lines:
        threading.Timer(0.5, store.add_words_of_an_agent, (visitor.conversation, "您好，我是工作人员")).start()
        message = next_message(lines)
    assert (message["from"], message["text"], message["seq"]) == ("agent", "您好，我是工作人员", 1)
    assert visitor.get("messages").json()["with_person"] is True


def test_a_stream_opened_again_catches_up_from_where_it_was(server: Server) -> None:
    visitor = Visitor(server)
    store = WebStore(open_state(server.environment["YIBAO_STATE"]))
    for words in ("一", "二", "三"):
        assert store.add_words_of_an_agent(visitor.conversation, words)
    with listening(visitor, after=2) as lines:
        assert next_message(lines)["text"] == "三"


def test_a_stream_asks_for_a_number_that_is_one(server: Server) -> None:
    assert Visitor(server).get("events", after="x").status_code == 400


@pytest.fixture
def store(tmp_path: Path) -> WebStore:
    state = open_state(f"sqlite:///{tmp_path / 'state.sqlite'}")
    upgrade(state)
    store = WebStore(state)
    store.open("web:a", None)
    return store


def test_words_handed_to_the_outbox_arrive_at_once(store: WebStore) -> None:
    events = Events(store)

    async def deliver(conversation: str, text: str) -> bool:
        kept = store.add_words_of_an_agent(conversation, text)
        events.wake(conversation)
        return kept

    async def talk() -> tuple[bool, bool, str]:
        outbox.register("web", deliver)
        async with aclosing(events.listen("web:a", 0)) as stream:
            await stream.__anext__()
            reached = await outbox.deliver("web:a", "来了")
            lost = await outbox.deliver("web:nobody", "来了")
            return reached, lost, await stream.__anext__()

    reached, lost, event = asyncio.run(talk())
    assert (reached, lost) == (True, False)
    assert "event: message\nid: 1\n" in event
    assert "来了" in event


def test_words_for_a_door_that_is_not_there_are_not_delivered() -> None:
    assert asyncio.run(outbox.deliver("pigeon:1", "来了")) is False


def test_a_silent_stream_beats_and_ends_when_the_server_stops(store: WebStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_events, "HEARTBEAT_SECONDS", 0.05)
    events = Events(store)

    async def listen() -> list[str]:
        stream = events.listen("web:a", 0)
        first = [await stream.__anext__() for _ in range(2)]
        events.close()
        return first + [event async for event in stream]

    heard = asyncio.run(listen())
    assert heard[0].startswith(":")
    assert heard[1].startswith(":")


def test_a_conversation_may_not_open_streams_without_end(store: WebStore) -> None:
    events = Events(store)

    async def open_streams() -> None:
        streams: list[AsyncGenerator[str, None]] = [events.listen("web:a", 0) for _ in range(web_events.MOST_STREAMS)]
        for stream in streams:
            events.check("web:a")
            await stream.__anext__()
        with pytest.raises(TooManyStreams):
            events.check("web:a")
        for stream in streams:
            await stream.aclose()
        events.check("web:a")

    asyncio.run(open_streams())
