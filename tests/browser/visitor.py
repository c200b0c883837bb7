"""A person at a browser, and what they do with the assistant."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, expect

expect.set_options(timeout=15_000)

_DEVICES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2},
}
DEVICES = tuple(_DEVICES)
_NETWORK = re.compile(r"Failed to load resource|ERR_")
"""What the browser's console says of a network that is down, or of an error status: no fault of the script."""


class Visitor:
    """``init`` is a script that runs before any of the page: what a test wants the browser to be like."""

    def __init__(self, browser: Browser, address: str, device: str, init: str, **context: Any) -> None:
        self.context = browser.new_context(**_DEVICES[device] | {"reduced_motion": "reduce"} | context, locale="zh-CN")
        self.context.set_default_timeout(15_000)
        if init:
            self.context.add_init_script(init)
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._heard)
        self.page.goto(address)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _NETWORK.search(message.text):
            self.faults.append(message.text)

    def leave(self) -> None:
        self.context.close()
        assert not self.faults, self.faults

    def find(self, selector: str, **options: Any) -> Locator:
        return self.page.locator(selector, **options)

    @property
    def launcher(self) -> Locator:
        return self.page.get_by_role("button", name="打开医保办事助手")

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog", name="医保办事助手")

    @property
    def question(self) -> Locator:
        return self.page.get_by_role("combobox", name="输入您的问题")

    @property
    def cards(self) -> Locator:
        return self.find(".card")

    @property
    def said(self) -> Locator:
        """What the visitor has said, as shown."""
        return self.find(".citizen")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def open(self) -> Visitor:
        self.launcher.click()
        self.find(".hot").first.wait_for()
        return self

    def send(self, text: str) -> None:
        self.question.fill(text)
        self.question.press("Enter")

    def ask(self, text: str) -> Locator:
        """Ask, and wait for the card that answers."""
        before = self.cards.count()
        self.send(text)
        expect(self.cards).to_have_count(before + 1)
        return self.cards.last

    def reload(self) -> None:
        self.page.reload()
        self.panel.wait_for()

    def talk(self) -> dict[str, Any]:
        """What this browser keeps of the talk."""
        kept = self.page.evaluate("JSON.stringify(sessionStorage)")
        return next(json.loads(value) for key, value in json.loads(kept).items() if key.endswith(":talk"))

    def picture(self, folder: Path, name: str) -> None:
        self.page.screenshot(path=folder / f"{name}.png")
