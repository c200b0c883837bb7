"""A real browser, a real server, and a page of another site with a strict policy that holds the assistant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.office import Office
from tests.browser.visitor import Visitor
from tests.serving import Server, free_port, serving

Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def office_port() -> int:
    return free_port()


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory, office_port: int) -> Iterator[Server]:
    """The server that the office's site has been allowed to use."""
    with serving(tmp_path_factory.mktemp("assistant"), YIBAO_ORIGINS=f"http://127.0.0.1:{office_port}") as running:
        yield running


@pytest.fixture(scope="session")
def office(assistant: Server, office_port: int) -> Iterator[Office]:
    """The site of a bureau, on an origin of its own."""
    with Office(office_port, assistant.address) as running:
        yield running


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where screenshots are kept for people to look at."""
    folder = Path("build/screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def visit(browser: Browser, office: Office) -> Iterator[Visit]:
    """Visitors on the office's page; none of them may have seen a script fail or the policy broken."""
    visitors: list[Visitor] = []

    def arrive(device: str = "desktop", address: str = office.address, init: str = "", **context: object) -> Visitor:
        visitors.append(Visitor(browser, address, device, init, **context))
        return visitors[-1]

    yield arrive
    for visitor in visitors:
        visitor.leave()
