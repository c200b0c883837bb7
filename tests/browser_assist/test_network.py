"""The network comes and goes, sessions end: the agent loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from bot.accounts import sessions
from tests.browser_assist.conftest import PASSWORD, SignIn, screenshot
from tests.browser_assist.telephone import Telephone
from tests.serving import Server

InCall = Callable[..., tuple[Page, str]]


def test_what_is_done_without_network_is_delivered_when_it_is_back(
    in_call: InCall, context: BrowserContext, telephone: Telephone
) -> None:
    page, call = in_call()
    context.set_offline(True)
    expect(page.locator("#network")).to_contain_text("网络断了")
    page.keyboard.press("t")
    page.keyboard.type("出院记录要不要带")
    page.keyboard.press("Enter")
    expect(page.locator(".pieces .caller").last).to_contain_text("待送出")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    screenshot(page, "offline")
    telephone.say(call, "喂听得到不嘛", "p9")
    expect(page.locator("#network")).to_contain_text("待送出 2 项")
    context.set_offline(False)
    expect(page.locator("#network")).to_be_empty()
    expect(page.locator(".pieces")).to_contain_text("喂听得到不嘛")  # said meanwhile
    expect(page.locator(".verdict .right")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".pieces")).not_to_contain_text("待送出")
    texts = [piece["text"] for piece in telephone.ask("GET", f"/calls/{call}")["pieces"]]
    assert texts.count("出院记录要不要带") == 1


def test_a_server_that_starts_again_is_found_again(in_call: InCall, server: Server, telephone: Telephone) -> None:
    page, call = in_call()
    server.process.kill()  # not even a goodbye
    server.process.wait()
    expect(page.locator("#network")).to_contain_text("网络断了")
    server.start()
    expect(page.locator("#network")).to_be_empty()
    telephone.say(call, "我是说门诊的费用，不是住院", "p2")
    expect(page.locator(".pieces .caller")).to_have_count(2)


def test_a_session_that_ended_is_entered_again_without_losing_what_was_typed(
    in_call: InCall, state: Any, telephone: Telephone
) -> None:
    page, call = in_call()
    page.keyboard.press("t")
    page.keyboard.type("还有个问题")
    sessions.end_all(state, "the-agent")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("登录已过期")
    screenshot(page, "signed-out")
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    page.keyboard.type("wrong " + PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.locator("#typed")).to_be_focused()
    expect(page.locator("#typed")).to_have_value("还有个问题")
    page.keyboard.press("Enter")
    expect(page.locator(".pieces .caller[data-final=true]", has_text="还有个问题")).to_be_visible()
    expect(page.locator(".pieces")).not_to_contain_text("待送出")
    assert "还有个问题" in [piece["text"] for piece in telephone.ask("GET", f"/calls/{call}")["pieces"]]


def test_a_stolen_cookie_alone_changes_nothing(in_call: InCall, context: BrowserContext, telephone: Telephone) -> None:
    """Another page sends the cookie along, but cannot know the token that writes must repeat."""
    _, call = in_call()
    refused = context.request.patch(f"/assist/api/calls/{call}", data={"item": "medical_assistance"})
    assert refused.status == 403
    assert telephone.ask("GET", f"/calls/{call}")["chosen_item"] is None
    cookie = next(cookie for cookie in context.cookies() if "session" in cookie["name"])
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"


def test_who_signs_out_is_out(sign_in: SignIn, context: BrowserContext) -> None:
    page = sign_in()
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/assist/login")
    assert context.request.get("/assist/api/calls").status == 401
    page.goto("/assist/desk")
    page.wait_for_url(lambda url: "/assist/login" in url)
