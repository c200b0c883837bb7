"""What was heard can be changed: place, circumstances, item; and judged."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser_assist.conftest import SignIn, screenshot
from tests.browser_assist.telephone import Telephone

InCall = Callable[..., tuple[Page, str]]


def test_another_place_gives_its_own_number(in_call: InCall) -> None:
    page, _ = in_call()
    page.keyboard.press("p")
    page.keyboard.type("峨眉")
    expect(page.locator("[role=option][aria-selected=true]")).to_contain_text("峨眉山市")
    screenshot(page, "place")
    page.keyboard.press("Enter")
    expect(page.locator(".chip.place")).to_contain_text("峨眉山市")
    expect(page.locator(".phone b").first).to_have_text("0833-5546541")
    page.keyboard.press("p")
    page.keyboard.press("Enter")  # back to what was heard
    expect(page.locator(".phone b").first).to_have_text("0833-2128816")


def test_circumstances_come_and_go(in_call: InCall) -> None:
    page, _ = in_call()
    page.keyboard.press("q")
    page.keyboard.type("委托")
    page.keyboard.press("Enter")
    chip = page.locator(".chip.chosen", has_text="委托")
    expect(chip).to_be_visible()
    expect(page.locator(".checklist")).to_contain_text("授权委托书")
    chip.click()
    expect(chip).to_have_count(0)


def test_the_agents_item_wins_until_it_is_undone(in_call: InCall, telephone: Telephone) -> None:
    page, call = in_call()
    page.keyboard.press("i")
    page.keyboard.type("生育津贴")
    page.keyboard.press("Enter")
    expect(page.locator(".card h2")).to_contain_text("生育津贴")
    telephone.say(call, "住院的发票都在", "p2")
    expect(page.locator(".pieces .caller")).to_have_count(2)
    expect(page.locator(".card h2")).to_contain_text("生育津贴")
    page.keyboard.press("0")
    expect(page.locator(".card h2")).to_contain_text("住院费用报销")


def test_between_two_items_the_agent_is_told_what_to_ask(sign_in: SignIn, telephone: Telephone) -> None:
    call = telephone.open()
    telephone.say(call, "费用报销要什么")
    page = sign_in("agent", f"/assist#{call}")
    expect(page.locator(".candidate")).to_have_count(2)
    expect(page.locator(".ask")).to_contain_text("还是")
    screenshot(page, "which")
    name = page.locator(".candidate .name").nth(1).inner_text().removeprefix("2").strip()
    page.keyboard.press("2")
    expect(page.locator(".card h2")).to_contain_text(name)


def test_a_wrong_suggestion_is_marked_with_the_right_item(in_call: InCall, telephone: Telephone) -> None:
    page, call = in_call()
    page.keyboard.press("w")
    page.keyboard.type("门诊费用")
    page.keyboard.press("Enter")
    expect(page.locator(".card h2")).to_contain_text("门诊费用报销")
    feedback = telephone.ask("GET", f"/calls/{call}")["feedback"]
    assert feedback["inpatient_reimbursement"] == {"right": False, "right_item": "outpatient_reimbursement"}


def test_a_story_is_followed_to_the_place_of_insurance(sign_in: SignIn, telephone: Telephone) -> None:
    call = telephone.open()
    page = sign_in("agent", f"/assist#{call}")
    telephone.replay(call, "filing")
    expect(page.locator(".card h2")).to_contain_text("异地安置退休人员备案")
    expect(page.locator(".chip.place")).to_contain_text("峨眉山市")
    expect(page.locator(".phone b").first).to_have_text("0833-5546541")


def test_two_guides_stand_side_by_side_with_the_differences_marked(in_call: InCall) -> None:
    page, _ = in_call()
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog")
    page.get_by_label("右").select_option("liangshan-2024")
    row = dialog.locator("tr", has_text="办理时限")
    expect(row).to_have_attribute("data-same", "false")
    expect(row.locator("td").nth(0).locator("mark")).to_contain_text("9个工作日")
    screenshot(page, "compare")
    page.get_by_label("右").select_option("leshan-2024")
    expect(dialog.locator("tr[data-same=false]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_the_search_finds_a_form_and_puts_its_item_on_the_card(in_call: InCall) -> None:
    page, _ = in_call()
    page.keyboard.press("/")
    page.keyboard.type("备案表")
    expect(page.locator("#search-list [aria-selected=true]")).to_be_visible()
    screenshot(page, "search")
    page.keyboard.press("Enter")
    expect(page.locator(".card h2")).to_contain_text("备案")
    page.keyboard.press("/")
    page.keyboard.type("没有这种东西")
    expect(page.locator("#search-list")).to_contain_text("没有找到")
    page.keyboard.press("Escape")
    expect(page.locator("#search-list")).to_be_hidden()
