"""Signing in, and roles that do not reach."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser_assist.conftest import PASSWORD, SignIn, screenshot


def test_one_signs_in_by_keyboard(context: BrowserContext, accounts: dict[str, str]) -> None:
    page = context.new_page()
    page.goto("/assist")
    page.wait_for_url(lambda url: "/assist/login" in url)
    expect(page.get_by_label("账号")).to_be_focused()
    page.keyboard.type(accounts["agent"])
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).not_to_be_empty()
    screenshot(page, "login")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/assist")
    expect(page.locator(".lobby")).to_be_visible()


@pytest.mark.parametrize(
    ("role", "path"),
    [("agent", "/assist/day"), ("agent", "/assist/learning"), ("clerk", "/assist"), ("clerk", "/assist/audit")],
)
def test_a_role_too_low_sees_a_sentence_and_no_data(sign_in: SignIn, role: str, path: str) -> None:
    page = sign_in(role, path)
    expect(page.locator("#main")).to_contain_text("不能看这一页")
    expect(page.locator("#main").get_by_role("button")).to_have_count(0)


def test_the_navigation_offers_what_the_role_may_see(sign_in: SignIn) -> None:
    page = sign_in("clerk", "/assist/learning")
    expect(page.locator("nav a")).to_have_text(["学习队列"])
