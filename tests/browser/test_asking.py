"""Asking: common questions, suggestions, voice, the place."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import DEVICES

_HEARS = """
window.webkitSpeechRecognition = window.SpeechRecognition = class {
  start() { this.onresult({ results: [[{ transcript: "住院费用怎么报销" }]] }); this.onend(); }
};"""
_DEAF = "delete window.webkitSpeechRecognition; delete window.SpeechRecognition;"


def test_one_line_puts_the_assistant_into_a_page_once(visit: Visit) -> None:
    visitor = visit()
    expect(visitor.launcher).to_be_visible()
    expect(visitor.find("yibao-assistant")).to_have_count(1)


def test_opening_shows_common_questions_and_the_families(visit: Visit) -> None:
    visitor = visit().open()
    assert visitor.find(".hot").count() >= 6
    assert visitor.find(".family").count() >= 8


def test_a_common_question_is_asked_by_a_press(visit: Visit) -> None:
    visitor = visit().open()
    text = visitor.find(".hot").first.inner_text()
    visitor.find(".hot").first.click()
    expect(visitor.said).to_have_text(re.compile(re.escape(text)))
    expect(visitor.cards).to_have_count(1)


def test_an_item_is_found_through_its_family(visit: Visit) -> None:
    visitor = visit().open()
    visitor.find(".family summary").first.click()
    visitor.find(".family .item").first.click()
    expect(visitor.cards).to_have_count(1)


def test_suggestions_come_while_typing_words_initials_or_a_typo(visit: Visit) -> None:
    visitor = visit().open()
    for typed in ("住院费用报", "zyfybx", "住完费用报销"):
        visitor.question.fill("")
        expect(visitor.page.get_by_role("listbox")).to_be_hidden()
        visitor.question.press_sequentially(typed)
        expect(visitor.page.get_by_role("option").filter(has_text="住院费用报销").first).to_be_visible()
        expect(visitor.question).to_have_attribute("aria-expanded", "true")


def test_a_suggestion_is_taken_by_keyboard(visit: Visit) -> None:
    visitor = visit().open()
    visitor.question.press_sequentially("住院费用报销")
    visitor.page.get_by_role("option").first.wait_for()
    visitor.question.press("ArrowDown")
    expect(visitor.question).to_have_attribute("aria-activedescendant", "suggestion-0")
    expect(visitor.page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    visitor.question.press("Enter")
    expect(visitor.cards).to_have_count(1)
    expect(visitor.page.get_by_role("listbox")).to_be_hidden()


def test_escape_closes_the_suggestions_first_and_then_the_panel(visit: Visit) -> None:
    visitor = visit().open()
    visitor.question.press_sequentially("住院")
    visitor.page.get_by_role("option").first.wait_for()
    visitor.question.press("Escape")
    expect(visitor.page.get_by_role("listbox")).to_be_hidden()
    expect(visitor.panel).to_be_visible()
    visitor.question.press("Escape")
    expect(visitor.panel).to_be_hidden()


def test_a_question_can_be_spoken_where_the_browser_hears(visit: Visit) -> None:
    visitor = visit(init=_HEARS).open()
    visitor.button("语音输入").click()
    expect(visitor.question).to_have_value("住院费用怎么报销")


def test_there_is_no_microphone_where_the_browser_cannot_hear(visit: Visit) -> None:
    visitor = visit(init=_DEAF).open()
    expect(visitor.button("语音输入")).to_have_count(0)


@pytest.mark.parametrize("device", DEVICES)
def test_a_place_is_searched_picked_and_remembered(visit: Visit, device: str) -> None:
    visitor = visit(device).open()
    visitor.find(".panel > .where").click()
    visitor.page.get_by_role("searchbox").press_sequentially("xichang")
    visitor.page.get_by_role("button", name="凉山州 西昌市").click()
    expect(visitor.find(".panel > .where")).to_contain_text("凉山州 西昌市")
    another_tab = visitor.context.new_page()
    another_tab.goto(visitor.page.url)
    another_tab.get_by_role("button", name="打开医保办事助手").click()
    expect(another_tab.locator(".panel > .where")).to_contain_text("凉山州 西昌市")


def test_a_place_is_found_level_by_level(visit: Visit) -> None:
    visitor = visit().open()
    visitor.find(".panel > .where").click()
    visitor.button("就选乐山市").wait_for()
    visitor.page.get_by_role("button", name=re.compile("返回上一级")).click()
    for name in ("四川省", "乐山市", "市中区"):
        visitor.page.get_by_role("dialog", name="选择参保地").get_by_role("button", name=re.compile(f"^{name}")).click()
    expect(visitor.find(".panel > .where")).to_contain_text("乐山市 市中区")


def test_another_place_picked_within_a_talk_answers_for_that_place(visit: Visit) -> None:
    visitor = visit().open()
    visitor.ask("住院费用怎么报销")
    visitor.find(".panel > .where").click()
    visitor.page.get_by_role("searchbox").press_sequentially("西昌")
    visitor.page.get_by_role("button", name="凉山州 西昌市").click()
    expect(visitor.cards).to_have_count(2)
    expect(visitor.cards.last.locator(".where")).to_have_text("凉山州 西昌市")
