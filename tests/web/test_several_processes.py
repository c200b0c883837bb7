"""A second server over the same state, with settings of its own: limits, origins, proxies, old conversations."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.channels.web_store import WebStore
from bot.state.database import open_state
from tests.serving import Server, serving
from tests.web.visitor import DOOR, SECONDS, Visitor

ORIGIN = "https://ybj.example"


@pytest.fixture(scope="module")
def state(server: Server) -> Engine:
    return open_state(server.environment["YIBAO_STATE"])


@pytest.fixture(scope="module")
def other(server: Server, state: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The second process; a conversation forgotten for long lies in the state when it starts."""
    store = WebStore(state)
    for name in ("web:old", "web:new"):
        store.open(name, None)
        store.add_words_of_an_agent(name, "您好")
    with state.begin() as connection:
        connection.execute(
            sa.text("update web_conversations set used_at = :at where id = 'web:old'"),
            {"at": datetime.datetime.utcnow() - datetime.timedelta(days=8)},
        )
    settings = {
        "YIBAO_STATE": server.environment["YIBAO_STATE"],
        "YIBAO_KEEP_DAYS": "7",
        "YIBAO_VISITOR_LIMIT": "5",
        "YIBAO_ADDRESS_LIMIT": "40",
        "YIBAO_PROXIES": "1",
        "YIBAO_ORIGINS": f"{ORIGIN}, https://www.example",
    }
    with serving(tmp_path_factory.mktemp("other"), **settings) as running:
        yield running


def test_a_message_repeated_at_another_process_is_answered_once(server: Server, other: Server) -> None:
    here = Visitor(server, "乐山市")
    there = Visitor(other, token=here.token)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda visitor: visitor.send("生育津贴怎么申领", "twice").json(), (here, there)))
    assert answers[0]["replies"]
    assert answers[0] == answers[1]
    assert [message["from"] for message in there.messages()] == ["citizen", "bot"]


def test_conversations_unused_for_long_are_deleted_at_the_start(other: Server, state: Engine) -> None:
    store = WebStore(state)
    assert store.get("web:old") is None
    assert store.since("web:old", 0) == []
    assert store.get("web:new") is not None


def test_a_visitor_who_asks_too_fast_is_told_when_to_go_on(other: Server) -> None:
    visitor = Visitor(other)
    answers = [visitor.send("您好") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert "12393" in answers[-1].json()["error"]


def test_an_address_is_counted_behind_the_trusted_proxy_only(other: Server) -> None:
    def ask(forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded}
        return requests.get(f"{other.address}/api/suggest?q=zybx", headers=headers, timeout=SECONDS).status_code

    assert {ask(f"198.51.100.{n}, 203.0.113.7") for n in range(45)} == {200, 429}  # what the visitor claims does not count
    assert ask("203.0.113.8") == 200


def test_a_header_of_no_trusted_proxy_counts_for_nothing(server: Server) -> None:
    headers = {"X-Forwarded-For": "nonsense"}
    assert requests.get(f"{server.address}/api/suggest?q=zybx", headers=headers, timeout=SECONDS).status_code == 200


@pytest.mark.parametrize("path", [f"{DOOR}/messages", f"{DOOR}/conversations", "/api/start", "/api/suggest?q=a"])
def test_a_configured_site_may_ask_and_no_other(other: Server, path: str) -> None:
    preflight = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, content-type"}
    allowed = requests.options(other.address + path, headers={"Origin": ORIGIN, **preflight}, timeout=SECONDS)
    assert allowed.status_code == 204
    assert allowed.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Authorization" in allowed.headers["Access-Control-Allow-Headers"]
    refused = requests.options(other.address + path, headers={"Origin": "https://evil.example", **preflight}, timeout=SECONDS)
    assert "Access-Control-Allow-Origin" not in refused.headers


def test_an_error_can_be_read_by_a_configured_site(other: Server) -> None:
    response = requests.get(f"{other.address}{DOOR}/messages", headers={"Origin": ORIGIN}, timeout=SECONDS)
    assert response.status_code == 401
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert "Origin" in response.headers["Vary"]


def test_the_pages_are_for_no_other_sites_scripts_but_may_be_framed_by_configured_ones(other: Server) -> None:
    response = requests.get(f"{other.address}/guide/", headers={"Origin": ORIGIN}, timeout=SECONDS)
    assert "Access-Control-Allow-Origin" not in response.headers
    assert f"frame-ancestors 'self' {ORIGIN} https://www.example" in response.headers["Content-Security-Policy"]
