"""The servers and WeChat's side, once for all tests of this room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.wechat_sim.peer import Peer, peer


@pytest.fixture(scope="session")
def wechat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    with peer(tmp_path_factory.mktemp("wechat")) as running:
        yield running
