"""State databases of both kinds, each empty and of its own."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.state.database import open_state

KINDS = ("sqlite", "postgresql")
MakeUrl = Callable[[str], str]


@pytest.fixture
def make_url(tmp_path: Path, request: pytest.FixtureRequest) -> MakeUrl:
    """The URL of a new database of a kind."""

    def make(kind: str) -> str:
        name = f"state_{uuid.uuid4().hex[:12]}"
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / name}.sqlite"
        server = sa.create_engine(request.getfixturevalue("postgres_url"), isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        return str(server.url.set(database=name))

    return make


@pytest.fixture(params=KINDS)
def url(make_url: MakeUrl, request: pytest.FixtureRequest) -> str:
    """A new database of either kind."""
    return make_url(request.param)


@pytest.fixture
def database(url: str) -> Engine:
    return open_state(url)
