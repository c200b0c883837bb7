"""A server that tells everything it would ever tell: JSON lines, debugging on, a WeChat account, a token for its metrics."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.serving import Server
from tests.wechat.peer import AES_KEY, APP_ID, SECRET, TOKEN

METRICS_TOKEN = "a token for prometheus"


class FaultyServer(Server):
    arguments = ("-m", "tests.watch.faulty_server")


def talkative(folder: Path, **more: str) -> Server:
    account = {"app_id": APP_ID, "region": "乐山市", "mode": "plain"}
    (folder / "wechat.yml").write_text(yaml.safe_dump({"accounts": {"plain": account}}, allow_unicode=True))
    secrets = {"TOKEN": TOKEN, "AES_KEY": AES_KEY, "SECRET": SECRET}
    settings = {f"YIBAO_WECHAT_PLAIN_{part}": value for part, value in secrets.items()} | {
        "YIBAO_WECHAT": str(folder / "wechat.yml"),
        "YIBAO_LOG_FORMAT": "json",
        "YIBAO_LOG_LEVEL": "DEBUG",
        "YIBAO_METRICS_TOKEN": METRICS_TOKEN,
    }
    return FaultyServer(folder, **settings | more)


@pytest.fixture(scope="session")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = talkative(tmp_path_factory.mktemp("watched"))
    try:
        yield server
    finally:
        server.stop()


def samples(server: Server) -> dict[str, dict[tuple[Any, ...], float]]:
    """What ``/metrics`` tells: values by the sorted labels, by name."""
    text = requests.get(f"{server.address}/metrics", timeout=60).text
    found: dict[str, dict[tuple[Any, ...], float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
    return found


def value(server: Server, name: str, **labels: str) -> float:
    """One value; 0 for what was not counted yet."""
    return samples(server).get(name, {}).get(tuple(sorted(labels.items())), 0.0)
