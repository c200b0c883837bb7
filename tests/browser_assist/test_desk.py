"""A citizen of the website asks for a person, and gets one."""

from __future__ import annotations

import json
import urllib.request
import uuid
from typing import Any

from playwright.sync_api import expect

from tests.browser_assist.conftest import SignIn, screenshot
from tests.serving import Server


class Citizen:
    """A visitor of the website, by the interface of its widget."""

    def __init__(self, server: Server) -> None:
        self._address = f"{server.address}/webhooks/web"
        self._token = self._ask("/conversations", {})["conversation"]

    def says(self, text: str) -> list[str]:
        answer = self._ask("/messages", {"id": uuid.uuid4().hex, "text": text})
        return [reply["text"] for reply in answer["replies"]]

    def reads(self) -> list[str]:
        return [message["text"] for message in self._ask("/messages")["messages"]]

    def _ask(self, path: str, body: Any = None) -> Any:
        headers = {"Content-Type": "application/json"}
        if hasattr(self, "_token"):
            headers["Authorization"] = f"Bearer {self._token}"
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self._address + path, data, headers), timeout=30) as response:
            return json.load(response)


def test_a_person_answers_into_the_citizens_talk_and_gives_it_back(sign_in: SignIn, server: Server) -> None:
    page = sign_in("agent", "/assist/desk")
    page.keyboard.press("d")
    expect(page.get_by_role("switch")).to_have_attribute("aria-checked", "true")
    citizen = Citizen(server)
    citizen.says("住院费用怎么报销")
    citizen.says("转人工")
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".said")).to_contain_text("住院费用怎么报销")  # the talk so far
    page.goto("/assist")
    expect(page.locator("nav [data-page=desk]")).to_have_text("人工接待 1")  # who is on duty is told everywhere
    page.goto("/assist/desk")
    expect(page.locator(".said")).to_be_visible()
    page.keyboard.press("h")
    expect(page.locator("#reply")).to_be_focused()
    page.keyboard.type("您好，我是坐席，请问在哪里参保？")
    page.keyboard.press("Enter")
    expect(page.locator(".said .agent")).to_contain_text("请问在哪里参保")
    expect(page.locator(".said")).not_to_contain_text("待送出")
    assert "您好，我是坐席，请问在哪里参保？" in citizen.reads()
    assert citizen.says("乐山市中区") == []  # the bot is silent
    expect(page.locator(".said .citizen").last).to_contain_text("乐山市中区")
    screenshot(page, "desk")
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    expect(page.locator(".row")).to_have_count(0)
    assert any("咨询电话" in text or "0833" in text for text in citizen.says("市中区住院报销的咨询电话"))
    page.keyboard.press("d")
    expect(page.get_by_role("switch")).to_have_attribute("aria-checked", "false")
