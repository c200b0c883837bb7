"""Whatever is sent, the answer is a sentence: never a trace, never an error of the server's own."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.serving import Server
from tests.web.visitor import DOOR, SECONDS, Visitor

HOSTILE = [
    "", " ", "\x00", "\ud800", "<script>alert(1)</script>", "'; DROP TABLE web_messages; --", "{{7*7}}", "/restart", "🏥" * 500,
    "../../etc/passwd", "%00", "住" * 10_000, "\u202e\u200b", "\r\nSet-Cookie: a=b",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_gets_an_answer(server: Server, text: str) -> None:
    answer = Visitor(server).send(text)
    assert answer.status_code == 200
    assert answer.json()["replies"][0]["text"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("messages", b"{bad", 400),
        ("messages", b"\xff\xfe", 400),
        ("messages", [], 400),
        ("messages", {"id": "a"}, 400),
        ("messages", {"id": 1, "text": "x"}, 400),
        ("messages", {"id": "", "text": "x"}, 400),
        ("messages", {"id": "a b", "text": "x"}, 400),
        ("messages", {"id": "x" * 65, "text": "x"}, 400),
        ("messages", {"id": "a", "text": {"a": 1}}, 400),
        ("messages", {"id": "a", "text": "x", "region": 7}, 400),
        ("messages", {"id": "a", "text": "住" * 10_001}, 413),
        ("conversations", {"region": ["乐山市"]}, 400),
        ("ratings", {"seq": -1, "useful": True}, 400),
        ("ratings", {"seq": 10**30, "useful": True}, 400),
        ("ratings", {"seq": True, "useful": True}, 400),
        ("ratings", {"seq": 1, "useful": "yes"}, 400),
        ("ratings", {"seq": 1, "useful": True, "reason": 5}, 400),
        ("nowhere", {}, 404),
    ],
)
def test_a_wrong_request_is_told_so_in_a_sentence(server: Server, path: str, body: Any, status: int) -> None:
    response = Visitor(server).post(path, body)
    assert response.status_code == status
    assert response.json()["error"].endswith("。")


def test_too_large_a_body_is_refused(server: Server) -> None:
    response = Visitor(server).post("messages", b"x" * 1_100_000)
    assert response.status_code == 413
    assert "太大" in response.json()["error"]


@pytest.mark.parametrize("after", ["-1", "x", "9" * 40, "1.5", "１", ""])
def test_a_wrong_number_in_the_address_is_told_so(server: Server, after: str) -> None:
    assert Visitor(server).get("messages", after=after).status_code in {200, 400} - ({200} if after else set())


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text(max_size=30), query=st.text(max_size=30))
def test_any_address_gets_an_answer(server: Server, path: str, query: str) -> None:
    for prefix in ("/", "/guide/", "/guide/leshan/", "/api/", "/widget/", "/pages/", f"{DOOR}/"):
        url = server.address + prefix + quote(path.encode("utf-8", "ignore"), safe="")
        response = requests.get(url, params={"q": query, "place": query, "region": query, "after": query}, timeout=SECONDS)
        assert response.status_code < 500, (url, query)
        assert "Traceback" not in response.text


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_queries_of_the_api_and_the_pages_are_answered(server: Server, text: str) -> None:
    query = {"q": text.encode("utf-8", "ignore"), "region": text.encode("utf-8", "ignore")}
    for path in ("/api/suggest", "/api/regions", "/api/start"):
        assert requests.get(server.address + path, params=query, timeout=SECONDS).status_code in {200, 413}
    page = requests.get(f"{server.address}/guide/", params=query, timeout=SECONDS)
    assert page.status_code in {200, 413}
    assert "<script>alert" not in page.text
