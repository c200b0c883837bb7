"""No page has a barrier that a scan can find, in light and in dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser_assist.conftest import SignIn, screenshot

InCall = Callable[..., tuple[Page, str]]
Scheme = Literal["light", "dark"]
_RULES = {
    "light": {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]},
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast"]}},  # all that differs
}


def _scan(page: Page, scheme: Scheme) -> None:
    results = Axe().run(page, options=_RULES[scheme])
    found = [(v["id"], [node["target"] for node in v["nodes"]][:3]) for v in results.response["violations"]]
    assert not found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_console_in_a_call(in_call: InCall, scheme: Scheme) -> None:
    page, _ = in_call("乐山市市中区的，骑车摔了意外受伤，住院费用咋个报销")
    page.emulate_media(color_scheme=scheme)
    page.keyboard.press("j")
    page.keyboard.press("u")
    _scan(page, scheme)
    screenshot(page, f"call-{scheme}")
    for key in ("p", "c", "e", "?"):
        page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_be_visible()
        _scan(page, scheme)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_other_pages(sign_in: SignIn, context: BrowserContext, scheme: Scheme) -> None:
    page = sign_in("supervisor")
    page.emulate_media(color_scheme=scheme)
    for path in ("/assist", "/assist/desk", "/assist/learning", "/assist/day", "/assist/audit", "/assist/login"):
        page.goto(path)
        expect(page.locator("#main h1, #main h2").first).to_be_visible()
        _scan(page, scheme)


def test_colours_can_be_chosen(sign_in: SignIn) -> None:
    page = sign_in()
    page.get_by_role("button", name="配色").click()
    page.get_by_role("button", name="配色").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
