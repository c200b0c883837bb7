"""A visitor deletes their conversation: at once, wholly, and whatever is under way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.channels.web_store import WebStore
from bot.privacy import hashed
from bot.state.database import open_state
from bot.state.tables import METADATA
from tests.serving import Server
from tests.web.visitor import DOOR, SECONDS, Visitor


@pytest.fixture
def state(server: Server) -> Engine:
    return open_state(server.environment["YIBAO_STATE"])


def _delete(visitor: Visitor) -> requests.Response:
    return requests.delete(f"{visitor.server.address}{DOOR}/conversations", headers=visitor.headers, timeout=SECONDS)


def _tables_that_know(state: Engine, visitor: Visitor) -> set[str]:
    """The tables in which anything of a visitor stands."""
    names = (visitor.conversation, hashed(visitor.server.environment["YIBAO_SECRET"].encode(), visitor.conversation))
    with state.connect() as connection:
        rows = {name: str(connection.execute(sa.select(table)).all()) for name, table in METADATA.tables.items()}
    return {table for table, held in rows.items() if any(name in held for name in names)}


def test_a_deleted_conversation_has_left_nothing_but_that_it_was_deleted(server: Server, state: Engine) -> None:
    visitor = Visitor(server, "乐山市")
    seq = visitor.send("生育津贴怎么申领").json()["replies"][0]["seq"]
    visitor.post("ratings", {"seq": seq, "useful": False, "reason": "看不懂"})
    visitor.send("明天早上吃什么好")
    left = {"web_conversations", "web_messages", "conversation_memory", "recent_turns", "ratings"}
    assert _tables_that_know(state, visitor) >= left
    assert _delete(visitor).status_code == 204
    assert _tables_that_know(state, visitor) == {"audit"}


def test_what_is_deleted_is_unknown_from_then_on(server: Server) -> None:
    visitor = Visitor(server)
    _delete(visitor)
    for again in (visitor.send("生育津贴怎么申领"), visitor.get("messages"), visitor.get("events"), _delete(visitor)):
        assert again.status_code == 401
        assert "重新开始" in again.json()["error"]


def test_only_who_has_the_secret_can_delete(server: Server) -> None:
    visitor = Visitor(server)
    visitor.send("生育津贴怎么申领")
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Bearer {visitor.conversation}"}):
        response = requests.delete(f"{server.address}{DOOR}/conversations", headers=headers, timeout=SECONDS)
        assert response.status_code == 401
    assert visitor.messages()


def test_a_question_under_way_leaves_nothing_either(server: Server, state: Engine) -> None:
    visitors = [Visitor(server, "乐山市") for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        for visitor in visitors:
            asking = [pool.submit(visitor.send, text) for text in ("生育津贴怎么申领", "住院怎么报销")]
            deleted = pool.submit(_delete, visitor)
            assert deleted.result().status_code == 204
            assert {asked.result().status_code for asked in asking} <= {200, 401}
            assert _tables_that_know(state, visitor) == {"audit"}


def test_an_answer_to_what_was_deleted_meanwhile_is_not_kept(server: Server, state: Engine) -> None:
    visitor, store = Visitor(server), WebStore(state)
    claim = store.claim(visitor.conversation, "one", "生育津贴怎么申领")
    _delete(visitor)
    store.give_up(visitor.conversation, claim)
    for late in (
        lambda: store.answer(visitor.conversation, claim, [("答", None)], False),
        lambda: store.answer(visitor.conversation, claim, [], False),
        lambda: store.claim(visitor.conversation, "one", "生育津贴怎么申领"),
    ):
        with pytest.raises(KeyError):
            late()
    assert not store.add_words_of_an_agent(visitor.conversation, "您好")
    assert _tables_that_know(state, visitor) == {"audit"}
