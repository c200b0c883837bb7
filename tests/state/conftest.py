"""State databases of both kinds, each empty and of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.engine import Engine

from bot.__main__ import main
from bot.services import services
from bot.state.database import open_state
from tests.conftest import MakeUrl

KINDS = ("sqlite", "postgresql")
Run = Callable[..., str]
SECRET = "for tests only"


@pytest.fixture(params=KINDS)
def url(make_url: MakeUrl, request: pytest.FixtureRequest) -> str:
    """A new database of either kind."""
    return make_url(request.param)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs a command over a database: what it prints. Raises ``ChildProcessError`` with the reason when it fails."""

    def command(url: str, *arguments: str) -> str:
        monkeypatch.setenv("YIBAO_STATE", url)
        monkeypatch.setenv("YIBAO_SECRET", SECRET)
        services.cache_clear()
        failed = main([*arguments])
        printed = capsys.readouterr()
        if failed:
            raise ChildProcessError(printed.err)
        return printed.out

    yield command
    services.cache_clear()


@pytest.fixture
def database(url: str) -> Engine:
    return open_state(url)
