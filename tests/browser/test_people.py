"""People: keyboard, screen readers, large letters, small screens, calm and dark displays."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import DEVICES, Visitor

_FOCUSED = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at === document.body ? "browser" : at?.closest("dialog")?.getAttribute("aria-label") ?? "page";
}"""
_SMALL = """elements => elements.map((element) => [element.getBoundingClientRect(), element.className, element.textContent])
  .filter(([box]) => box.width && (box.height < 43.5 || box.width < 43.5))
  .map(([box, name, text]) => `${name} ${text} ${box.height}`)"""
TARGETS = ".panel button, .panel summary, .panel label, .panel .tel, .launcher"


def test_everything_is_done_by_keyboard(visit: Visit) -> None:
    visitor = visit()
    keyboard = visitor.page.keyboard
    for _ in range(2):
        keyboard.press("Tab")
    expect(visitor.launcher).to_be_focused()
    keyboard.press("Enter")
    expect(visitor.question).to_be_focused()
    keyboard.type("市中区的住院费用怎么报销")
    keyboard.press("Enter")
    expect(visitor.cards).to_have_count(1)
    box = visitor.cards.get_by_label("出院记录")
    for _ in range(60):
        keyboard.press("Tab")
        if box.evaluate("element => element.matches(':focus')"):
            break
    keyboard.press("Space")
    expect(box).to_be_checked()
    keyboard.press("Escape")
    expect(visitor.panel).to_be_hidden()
    expect(visitor.launcher).to_be_focused()


def test_the_focus_order_follows_the_panel_from_top_to_bottom(visit: Visit) -> None:
    visitor = visit().open()
    visitor.find(".large").focus()
    order = []
    for _ in range(4):
        order.append(visitor.page.evaluate("document.querySelector('yibao-assistant').shadowRoot.activeElement.className"))
        visitor.page.keyboard.press("Tab")
    assert order == ["large", "icon", "icon", "where"]


def test_on_a_phone_the_panel_fills_the_screen_and_keeps_the_focus(visit: Visit) -> None:
    visitor = visit("phone").open()
    box = visitor.panel.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    places = set()
    for _ in range(40):
        visitor.page.keyboard.press("Tab")
        places.add(visitor.page.evaluate(_FOCUSED))
    assert "医保办事助手" in places
    assert places <= {"医保办事助手", "browser"}


def test_escape_leaves_the_picker_before_the_panel(visit: Visit) -> None:
    visitor = visit("phone").open()
    visitor.find(".panel > .where").click()
    picker = visitor.page.get_by_role("dialog", name="选择参保地")
    picker.get_by_role("searchbox").press("Escape")
    expect(picker).to_be_hidden()
    expect(visitor.panel).to_be_visible()
    visitor.page.keyboard.press("Escape")
    expect(visitor.panel).to_be_hidden()


def test_screen_readers_hear_a_new_answer(visit: Visit) -> None:
    visitor = visit().open()
    visitor.ask("市中区的住院费用怎么报销")
    heard = visitor.find("[aria-live=polite]").filter(has_text="助手回答：")
    expect(heard).to_contain_text("办理时限：9个工作日")


@pytest.mark.parametrize("device", DEVICES)
def test_large_letters_are_a_third_larger_and_remembered(visit: Visit, device: str, pictures: Path) -> None:
    visitor = visit(device).open()
    visitor.button("大字版（适老化）").click()
    card = visitor.ask("市中区的住院费用怎么报销")
    assert card.evaluate("element => parseFloat(getComputedStyle(element).fontSize)") >= 16 * 1.3
    assert card.evaluate("element => element.scrollWidth <= element.clientWidth")
    visitor.picture(pictures, f"large-{device}")
    visitor.reload()
    expect(visitor.button("大字版（适老化）")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("device", DEVICES)
def test_whatever_is_pressed_is_large_enough_for_a_thumb(visit: Visit, device: str, pictures: Path) -> None:
    visitor = visit(device).open()
    visitor.picture(pictures, f"welcome-{device}")
    before = visitor.find(TARGETS).count()
    assert before > 10
    assert visitor.find(TARGETS).evaluate_all(_SMALL) == []
    visitor.ask("市中区的住院费用怎么报销")
    visitor.find(".more summary").click()
    visitor.button("没用").click()
    assert visitor.find(".card .tel").count() > 0
    assert visitor.find(TARGETS).evaluate_all(_SMALL) == []


def test_nothing_moves_for_those_who_asked_for_calm(visit: Visit) -> None:
    moves = "element => getComputedStyle(element).animationName"
    assert visit(reduced_motion="no-preference").open().panel.evaluate(moves) == "rise"
    assert visit(reduced_motion="reduce").open().panel.evaluate(moves) == "none"


def _brightness(visitor: Visitor) -> float:
    color: str = visitor.cards.first.evaluate("element => getComputedStyle(element).backgroundColor")
    red, green, blue = (int(part) for part in color.removeprefix("rgb(").removesuffix(")").split(","))
    return (red + green + blue) / 3


@pytest.mark.parametrize("device", DEVICES)
def test_a_dark_display_stays_dark(visit: Visit, device: str, pictures: Path) -> None:
    visitor = visit(device, color_scheme="dark").open()
    visitor.ask("市中区的住院费用怎么报销")
    visitor.picture(pictures, f"dark-{device}")
    assert _brightness(visitor) < 50


def test_deleting_the_talk_asks_first(visit: Visit) -> None:
    visitor = visit().open()
    visitor.ask("市中区的住院费用怎么报销")
    visitor.button("删除我的对话").click()
    visitor.button("不删除").click()
    expect(visitor.cards).to_have_count(1)
    visitor.button("删除我的对话").click()
    visitor.button("删除").click()
    expect(visitor.cards).to_have_count(0)
    expect(visitor.find(".hot").first).to_be_visible()
    visitor.reload()
    expect(visitor.cards).to_have_count(0)
