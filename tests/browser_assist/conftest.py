"""People with accounts, and a telephone system, for the tests of the console."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from bot.accounts import people, sessions
from bot.state.database import open_state
from bot.state.schema import upgrade
from tests.browser_assist.telephone import Telephone
from tests.serving import Server, serving

PASSWORD = "only for tests 2024"
SCREENSHOTS = Path("build/screenshots")
_SCREEN: ViewportSize = {"width": 1366, "height": 768}

expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of their own: the desk and the lists begin empty."""
    with serving(tmp_path_factory.mktemp("console")) as running:
        yield running


@pytest.fixture(scope="session")
def state(server: Server) -> Any:
    """The state database of the running server."""
    engine = open_state(server.environment["YIBAO_STATE"])
    upgrade(engine)
    return engine


@pytest.fixture(scope="session")
def accounts(state: Any) -> dict[str, str]:
    """The name of an account for each role."""
    names = {role: f"the-{role}" for role in (people.AGENT, people.SUPERVISOR, people.CLERK)}
    for role, name in names.items():
        people.add(state, name, role, PASSWORD)
    return names


@pytest.fixture(scope="session")
def telephone(server: Server, state: Any) -> Telephone:
    people.add(state, "the-telephones", people.SYSTEM, None)
    return Telephone(server.address, sessions.make_token(state, "the-telephones", 1))


@pytest.fixture
def context(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """A browser nobody is signed in to. What its console reports as an error fails the test."""
    context = browser.new_context(viewport=_SCREEN, base_url=server.address, locale="zh-CN", color_scheme="light")
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.address)
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    context.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
    yield context
    context.close()
    assert not errors


SignIn = Callable[..., Page]


@pytest.fixture
def sign_in(context: BrowserContext, accounts: dict[str, str]) -> SignIn:
    """Opens a page as somebody of a role; the session is made without the login page."""

    def open_page(role: str = "agent", path: str = "/assist") -> Page:
        made = context.request.post("/assist/api/session", data={"name": accounts[role], "password": PASSWORD})
        assert made.status == 200, made.text()
        page = context.new_page()
        page.goto(path)
        expect(page.locator("header.top")).to_be_visible()
        return page

    return open_page


@pytest.fixture
def in_call(sign_in: SignIn, telephone: Telephone) -> Callable[..., tuple[Page, str]]:
    """The console with a call in which one thing was said."""

    def begin(text: str = "乐山市市中区的住院费用咋个报销", role: str = "agent") -> tuple[Page, str]:
        call = telephone.open()
        telephone.say(call, text)
        page = sign_in(role, f"/assist#{call}")
        expect(page.locator(".card h2")).to_be_visible()
        return page, call

    return begin


def screenshot(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"assist-{name}.png")
