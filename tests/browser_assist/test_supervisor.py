"""The supervisor's day and the audit list."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser_assist.conftest import SignIn, screenshot
from tests.browser_assist.telephone import Telephone


def test_a_day_is_seen_as_charts_with_tables(sign_in: SignIn, telephone: Telephone) -> None:
    for text in ("住院费用怎么报销", "乐山市市中区的，生育津贴要什么材料"):
        call = telephone.open()
        telephone.say(call, text)
        item = telephone.heard(call)
        telephone.ask("POST", f"/calls/{call}/feedback", {"item": item, "right": True})
        telephone.ask("POST", f"/calls/{call}/close", {"outcome": "answered"})
    page = sign_in("supervisor", "/assist/day")
    calls = page.locator(".figures div", has_text="通话").locator("dd")
    assert int(calls.inner_text()) >= 2
    expect(page.get_by_role("img", name="每小时通话")).to_be_visible()
    items = page.locator("figure", has_text="事项前十")
    items.locator("summary").click()
    expect(items.get_by_role("row", name="住院费用报销")).to_be_visible()
    items.locator("summary").click()
    assert page.evaluate("document.scrollingElement.scrollHeight <= innerHeight")
    screenshot(page, "day")
    page.keyboard.press("k")
    expect(page.locator("h1")).not_to_have_text("今日")
    expect(calls).to_have_text("0")


def test_every_access_is_listed(sign_in: SignIn, telephone: Telephone) -> None:
    call = telephone.open()
    page = sign_in("supervisor", "/assist/audit")
    expect(page.locator("tbody tr").first).to_be_visible()
    page.keyboard.press("f")
    page.keyboard.type("the-telephones")
    page.keyboard.press("Enter")
    row = page.locator("tbody tr", has_text=call)
    expect(row).to_contain_text("the-telephones")
    expect(row).to_contain_text("新建通话")
    expect(page.locator("tbody tr td:nth-child(2)", has_not_text="the-telephones")).to_have_count(0)
    screenshot(page, "audit")
