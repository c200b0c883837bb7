"""Two processes of the real server over one store: the state database, or Redis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.serving import Server
from tests.wechat.peer import AES_KEY, APP_ID, SECRET, TOKEN, Api, Person

MODES = ("plain", "compatible", "secure")
MakePerson = Callable[..., Person]


class SlowServer(Server):
    arguments = ("-m", "tests.wechat.slow_server")


@pytest.fixture(scope="session")
def api() -> Iterator[Api]:
    """WeChat's client API."""
    running = Api()
    yield running
    running.close()


@contextmanager
def two_servers(folder: Path, api: Api, **more: str) -> Iterator[tuple[Server, Server]]:
    """Two server processes over one state database."""
    common: dict[str, Any] = {"app_id": APP_ID, "region": "乐山市", "scenes": {"counter": "乐山市/峨眉山市"}}
    accounts = {mode: {**common, "mode": mode} for mode in MODES}
    accounts["friendly"] = {**common, "mode": "plain", "customer_service": True, "api": api.address}
    accounts["wrong"] = {"app_id": APP_ID, "region": "无此地"}
    settings = {"reply_seconds": 1.0, "accounts": accounts}
    (folder / "wechat.yml").write_text(yaml.safe_dump(settings, allow_unicode=True))
    environment = {"YIBAO_WECHAT": str(folder / "wechat.yml"), "YIBAO_STATE": f"sqlite:///{folder / 'state.sqlite'}", **more}
    for name in accounts:
        secrets = {"TOKEN": TOKEN, "AES_KEY": AES_KEY, "SECRET": SECRET}
        environment |= {f"YIBAO_WECHAT_{name.upper()}_{part}": value for part, value in secrets.items()}
    folders = [folder / "one", folder / "two"]
    for each in folders:
        each.mkdir()
    with ThreadPoolExecutor() as pool:
        one, two = pool.map(lambda each: SlowServer(each, **environment), folders)
    try:
        yield one, two
    finally:
        one.stop()
        two.stop()


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory, api: Api) -> Iterator[tuple[Server, Server]]:
    """Two processes that share the state database."""
    with two_servers(tmp_path_factory.mktemp("wechat"), api) as running:
        yield running


@pytest.fixture
def person(servers: tuple[Server, Server]) -> MakePerson:
    """Makes a follower of an account whose messages all go to the first server."""
    return lambda account="plain": Person(account, [servers[0].address])
