"""The servers behind nginx as ``deploy/`` sets it up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from bot.answering.wording import Wording
from knowledge.catalogue import load_catalogue
from tests.many.machines import Machines
from tests.many.proxy import proxy
from tests.serving import free_port
from tests.web.visitor import DOOR, SECONDS

HOTLINES = Wording.hotlines(load_catalogue().hotlines)


@pytest.fixture(scope="module")
def front(many: Machines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The proxy's address."""
    with proxy(tmp_path_factory.mktemp("nginx"), many.addresses) as address:
        yield address


def test_a_talk_through_the_proxy_is_one_talk(front: str) -> None:
    def say(text: str) -> dict[str, object]:
        body = {"sender": "through the proxy", "message": text}
        replies = requests.post(f"{front}/webhooks/rest/webhook", json=body, timeout=SECONDS).json()
        payload: dict[str, object] = next(reply["custom"] for reply in replies if "custom" in reply)
        return payload

    say("峨眉山的退休人员搬去外地长住，备案带什么")
    for _ in range(4):  # whichever server it is
        assert say("电话多少")["region"]["path"] == "乐山市/峨眉山市"  # type: ignore[index]


def test_pages_and_files_come_through(front: str) -> None:
    for path, kind in (("/", "text/html"), ("/guide/", "text/html"), ("/widget.js", "javascript"), ("/health", "json")):
        response = requests.get(front + path, timeout=SECONDS)
        assert response.status_code == 200
        assert kind in response.headers["Content-Type"]


def test_events_come_at_once_and_not_when_a_buffer_is_full(front: str) -> None:
    opened = requests.post(f"{front}{DOOR}/conversations", json={"region": None}, timeout=SECONDS).json()
    headers = {"Authorization": f"Bearer {opened['conversation']}"}
    started = time.monotonic()
    with requests.get(f"{front}{DOOR}/events?after=0", headers=headers, stream=True, timeout=SECONDS) as stream:
        assert next(stream.iter_lines()) == b": listening"
    assert time.monotonic() - started < 14  # sooner than the first sign of life of a silent stream


def test_what_is_too_large_is_refused_and_what_is_not_for_the_public_is_not_shown(front: str) -> None:
    large = requests.post(f"{front}/webhooks/rest/webhook", data=b" " * 1_100_000, timeout=SECONDS)
    assert large.status_code == 413
    for path in ("/metrics", "/ready", "/unavailable.json"):
        assert requests.get(front + path, timeout=SECONDS).status_code == 404


def test_who_asks_much_too_fast_is_told_in_words(front: str) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: requests.get(f"{front}/health", timeout=SECONDS), range(300)))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert 0 < len(refused) < len(answers)
    for answer in refused:
        assert HOTLINES in answer.json()["error"]


def test_with_all_servers_away_one_is_told_whom_to_call(tmp_path: Path) -> None:
    with proxy(tmp_path, [f"http://127.0.0.1:{free_port()}"]) as nowhere:
        asked = requests.post(f"{nowhere}/webhooks/rest/webhook", json={"message": "您好"}, timeout=SECONDS)
        assert asked.status_code in (502, 504)
        assert HOTLINES in asked.json()["error"]
        assert int(asked.headers["Retry-After"]) > 0
        page = requests.get(f"{nowhere}/guide/", timeout=SECONDS)
        assert HOTLINES in page.content.decode()
        assert page.headers["Content-Type"].startswith("text/html")
