"""Servers as the public meets them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.doors import House, open_house
from tests.serving import Server

ADDRESS_LIMIT, VISITOR_LIMIT = 100, 5
SITE = "https://www.example.gov.cn"


class HurriedServer(Server):
    arguments = ("-m", "tests.hostile.hurried_server")


@pytest.fixture(scope="session")
def hurried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without a proxy that waits a second for a request, and lets a visitor say little."""
    running = HurriedServer(
        tmp_path_factory.mktemp("hurried"), YIBAO_VISITOR_LIMIT=str(VISITOR_LIMIT), YIBAO_ADDRESS_LIMIT=str(ADDRESS_LIMIT)
    )
    yield running
    running.stop()


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server in public: behind a proxy, over https, embedded by one other site, with every front door open."""
    public = {"YIBAO_PROXIES": "1", "YIBAO_PUBLIC_URL": "https://yibao.example.gov.cn", "YIBAO_ORIGINS": SITE}
    with open_house(tmp_path_factory.mktemp("house"), **public) as running:
        yield running
