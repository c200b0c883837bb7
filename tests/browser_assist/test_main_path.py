"""A call from its first word to its summary, by keyboard alone, on a screen of 1366 × 768."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser_assist.conftest import SignIn, screenshot
from tests.browser_assist.telephone import Telephone

InCall = Callable[..., tuple[Page, str]]

_MAIN_PATH = (
    ".candidate[aria-pressed=true]",
    ".chip.place",
    ".script li[aria-current]",
    ".ask .choice >> nth=-1",
    ".checklist li >> nth=0",
    ".phone b >> nth=0",
    "[data-do=copy-sms]",
    "[data-do=wrong]",
    "[data-do=close]",
    "#typed",
)


def test_a_call_is_worked_through_by_keyboard_alone(sign_in: SignIn, telephone: Telephone) -> None:
    page = sign_in()
    expect(page.locator(".lobby")).to_be_visible()
    call = telephone.open()
    expect(page.locator(".talk h1")).to_be_visible()  # the call opens by itself
    telephone.replay(call, "inpatient")
    expect(page.locator(".card h2")).to_contain_text("住院费用报销")
    expect(page.locator(".card .where")).to_have_text("乐山市市中区")
    expect(page.locator(".phone b").first).to_have_text("0833-2128816")
    expect(page.locator(".pieces .caller")).to_have_count(3)
    expect(page.locator(".pieces")).not_to_contain_text("注院")
    expect(page.locator(".pieces .caller mark").first).to_be_visible()
    assert "住院" in "".join(page.locator(".pieces .caller mark").all_text_contents())
    screenshot(page, "call")

    page.keyboard.press("j")
    expect(page.locator(".script li").first).to_have_attribute("data-done", "")
    page.keyboard.press("u")
    expect(page.locator(".checklist li").first).to_have_attribute("data-done", "")
    expect(page.locator(".ask .choice")).to_have_count(2)
    answer = page.locator(".ask .choice").first.inner_text().removesuffix("A").strip()
    page.keyboard.press("a")
    expect(page.locator(".chip.chosen")).to_contain_text(answer)
    page.keyboard.press("m")
    expect(page.locator("#toast")).to_have_text("已复制")
    assert "住院费用报销" in page.evaluate("navigator.clipboard.readText()")
    page.keyboard.press("r")
    expect(page.locator(".verdict .right")).to_have_attribute("aria-pressed", "true")
    screenshot(page, "call-answered")

    page.keyboard.press("e")
    page.keyboard.press("3")
    page.keyboard.press("Tab")
    page.keyboard.type("下午三点回电")
    page.keyboard.press("Control+Enter")
    summary = page.locator("pre.summary")
    expect(summary).to_contain_text("住院费用报销")
    expect(summary).to_contain_text("需回电")
    expect(summary).to_contain_text("下午三点回电")
    screenshot(page, "summary")
    page.keyboard.press("Enter")
    expect(page.locator(".lobby")).to_be_visible()
    assert telephone.ask("GET", f"/calls/{call}")["status"] == "closed"


@pytest.mark.parametrize("height", [768, 657])
def test_the_main_path_needs_no_scrolling(in_call: InCall, height: int) -> None:
    """657 is what a browser's own bars leave of 768."""
    page, _ = in_call("乐山市市中区的，骑车摔了意外受伤，住院费用咋个报销")
    page.set_viewport_size({"width": 1366, "height": height})
    expect(page.locator(".ask")).to_be_visible()
    for selector in _MAIN_PATH:
        expect(page.locator(selector)).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.scrollingElement.scrollHeight <= innerHeight && document.body.scrollWidth <= innerWidth")


def test_an_agent_without_telephone_system_types_what_the_caller_says(sign_in: SignIn) -> None:
    page = sign_in()
    page.keyboard.press("n")
    expect(page.locator("#typed")).to_be_focused()
    page.keyboard.type("西昌的 生育津贴要什么材料", delay=5)
    expect(page.locator(".card h2")).to_contain_text("生育津贴")  # before it is finished
    expect(page.locator(".pieces .caller")).to_have_attribute("data-final", "false")
    page.keyboard.press("Enter")
    expect(page.locator(".pieces .caller")).to_have_attribute("data-final", "true")
    expect(page.locator("#typed")).to_have_value("")
    expect(page.locator(".chip.place")).to_contain_text("西昌")


def test_a_reload_comes_back_to_the_call(in_call: InCall) -> None:
    page, _ = in_call()
    page.reload()
    expect(page.locator(".card h2")).to_contain_text("住院费用报销")


def test_the_shortcuts_are_shown_and_can_be_switched_off(in_call: InCall) -> None:
    page, _ = in_call()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("快捷键")
    screenshot(page, "shortcuts")
    dialog.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Alt+u")
    expect(page.locator(".checklist li[data-done]")).to_have_count(1)
    expect(page.locator(".script li[data-done]")).to_have_count(0)
