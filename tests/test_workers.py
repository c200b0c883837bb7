"""A server of several processes: all of them are used, one that dies is replaced, and they stop together."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from tests.serving import Server, serving

_PATIENCE = 30


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("workers"), YIBAO_WORKERS="2") as server:
        yield server


def workers(server: Server) -> list[psutil.Process]:
    found: list[psutil.Process] = psutil.Process(server.process.pid).children()
    return found


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_connections_that_come_at_once_are_spread(server: Server) -> None:
    address = "127.0.0.1", urlsplit(server.address).port or 0

    def connected(worker: psutil.Process) -> int:
        return sum(one.status == psutil.CONN_ESTABLISHED for one in worker.connections("tcp"))

    with ExitStack() as opened:
        for _ in range(40):
            opened.enter_context(socket.create_connection(address))
        wait_until(lambda: sum(map(connected, workers(server))) >= 40)
        assert all(connected(worker) >= 5 for worker in workers(server))  # one in a hundred million has fewer by chance


def test_a_worker_that_is_killed_is_replaced(server: Server) -> None:
    before = {worker.pid for worker in workers(server)}
    killed = workers(server)[0]
    killed.kill()
    for n in range(20):  # whoever lands on the killed one's queue waits for the next
        texts, _ = server.say("住院费用怎么报销", sender=f"caller {n}")
        assert texts
    wait_until(lambda: len(workers(server)) == 2)
    assert len(before & {worker.pid for worker in workers(server)}) == 1


def test_no_worker_outlives_the_server(tmp_path: Path) -> None:
    with serving(tmp_path, YIBAO_WORKERS="2") as server:
        started = workers(server)
    assert server.process.returncode == 0
    assert not any(worker.is_running() for worker in started)


def test_a_port_that_is_taken_is_told(server: Server) -> None:
    second = subprocess.run(
        [sys.executable, *server.arguments], env=server.environment, capture_output=True, text=True, timeout=120
    )
    assert second.returncode != 0
    assert "Address already in use" in second.stderr
