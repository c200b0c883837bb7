"""What tests of every part share."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings
from playwright.sync_api import Browser

from knowledge.database import open_engine
from knowledge.query import KnowledgeBase
from tests.real_parts import running_chromium, running_postgres, running_redis
from tests.serving import Server, built_knowledge, serving

_BROWSER_ROOMS = ("browser", "browser_assist")
_SERVING_ROOMS = (*_BROWSER_ROOMS, "hostile", "many", "watch", "wechat", "wechat_sim")
MakeUrl = Callable[[str], str]

settings.register_profile("any machine", deadline=None)  # a slow machine is no fault
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def knowledge_base(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    """The real knowledge base, built from the data files into a database of its own."""
    path = tmp_path_factory.mktemp("knowledge") / "knowledge.sqlite"
    path.write_bytes(built_knowledge())
    return KnowledgeBase(open_engine(f"sqlite:///{path}"))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The running server, one for all tests that need no settings of their own."""
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL, for all tests: each that writes makes a database of its own there."""
    with running_postgres(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture
def make_url(tmp_path: Path, request: pytest.FixtureRequest) -> MakeUrl:
    """The URL of a new database of a kind, ``sqlite`` or ``postgresql``."""

    def make(kind: str) -> str:
        name = f"of_a_test_{uuid.uuid4().hex[:12]}"
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / name}.sqlite"
        server = sa.create_engine(request.getfixturevalue("postgres_url"), isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        return str(server.url.set(database=name).render_as_string(hide_password=False))

    return make


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Redis, for all tests."""
    with running_redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real browser, one for all tests."""
    with running_chromium() as running:
        yield running


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in the browser come last: while it runs, its event loop leaves no room for another in this thread.

    Where tests run in several processes, those of a file stay together; so do those of a room that starts servers, or a
    browser, for all its tests: they are started once, and not in every process.
    """
    items.sort(key=_needs_browser)
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            file = item.nodeid.partition("::")[0]
            item.add_marker(pytest.mark.xdist_group(_room(item) if _room(item) in _SERVING_ROOMS else file))


def _room(item: pytest.Item) -> str:
    return item.path.parent.name


def _needs_browser(item: pytest.Item) -> bool:
    return _room(item) in _BROWSER_ROOMS
