"""The real parts that tests talk to: PostgreSQL, Redis, Chromium and others, started for the tests and stopped at the end.

On a machine without one of them its tests are left out, with the reason; continuous integration installs them all, and there
a missing one is an error.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis
from playwright.sync_api import Browser, sync_playwright

from tests.serving import free_port

_START_SECONDS = 60


def program(name: str, *folders: str) -> str:
    """The path of a program, or no test: an error where everything should be installed."""
    path = next((str(p) for f in folders for p in sorted(Path("/").glob(f"{f}/{name}"))), None) or shutil.which(name)
    if path is None:
        message = f"{name} is not installed on this machine"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return path


class Redis:
    """An empty Redis of its own, started; it can be stopped and started again, with what it held or without."""

    def __init__(self, folder: Path, *options: str) -> None:
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self._command = [program("redis-server"), "--port", str(self._port), "--bind", "127.0.0.1", "--dir", str(folder)]
        self._command += options or ["--save", ""]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        _wait_until(redis.Redis(port=self._port).ping, redis.ConnectionError)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        self.process.send_signal(how)
        self.process.wait(timeout=20)

    @contextmanager
    def full(self) -> Iterator[None]:
        """While inside, nothing can be written, only read and deleted."""
        client = redis.Redis(port=self._port)
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("maxmemory", 1)
        try:
            yield
        finally:
            client.config_set("maxmemory", 0)


class Postgres:
    """An empty PostgreSQL of its own, started. It refuses to run as root: then it runs as ``postgres``.

    ``url`` is SQLAlchemy's. ``options`` are of the server's command line.
    """

    def __init__(self, folder: Path, *options: str) -> None:
        bin_folder = "usr/lib/postgresql/*/bin"
        initdb, server = program("initdb", bin_folder), program("postgres", bin_folder)
        self._user: str | None = None
        if os.geteuid() == 0:
            self._user = "postgres"
            owner = pwd.getpwnam(self._user)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        port, data = free_port(), folder / "data"
        self._folder = folder
        self._let_in()
        subprocess.run(
            [initdb, "--pgdata", str(data), "--username", "test", "--auth", "trust", "--encoding", "UTF8", "--no-sync"],
            check=True,
            stdout=subprocess.DEVNULL,
            user=self._user,
        )
        self._command = [server, "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", str(folder), "-F", *options]
        self._address = f"127.0.0.1:{port}/postgres"
        self.url = f"postgresql+psycopg2://test@{self._address}"
        self.start()

    def start(self) -> None:
        self._let_in()
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(self._command, stdout=quiet, stderr=quiet, user=self._user)
        _wait_until(lambda: psycopg2.connect(f"postgresql://test@{self._address}").close(), psycopg2.OperationalError)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT: at once, without waiting for clients to go ("fast"); SIGQUIT: as if it crashed ("immediate")."""
        self.process.send_signal(how)
        self.process.wait(timeout=20)

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """While inside, it does nothing, and closes no connection."""
        server = psutil.Process(self.process.pid)
        server.suspend()
        parts = server.children()
        for part in parts:
            part.suspend()
        try:
            yield
        finally:
            for part in (*parts, server):
                part.resume()

    def _let_in(self) -> None:
        """Its user must reach the folder, whose parents every run of pytest closes to others."""
        for path in (self._folder, *self._folder.parents):
            if self._user and path.stat().st_uid == 0 and path.stat().st_mode & 0o077 == 0:
                path.chmod(path.stat().st_mode | 0o011)


@contextmanager
def running_redis(folder: Path) -> Iterator[str]:
    """URL of an empty Redis of its own."""
    server = Redis(folder)
    try:
        yield server.url
    finally:
        server.stop()


@contextmanager
def running_postgres(folder: Path) -> Iterator[str]:
    """SQLAlchemy URL of an empty PostgreSQL of its own."""
    server = Postgres(folder)
    try:
        yield server.url
    finally:
        server.stop()


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """A browser that asks nobody outside for anything."""
    quiet = (
        "--no-first-run",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program("chromium"), args=["--no-sandbox", "--disable-gpu", "--disable-sync", *quiet]
        )
        yield browser
        browser.close()


def _wait_until(succeeds: object, error: type[Exception]) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        with suppress(error):
            succeeds()  # type: ignore[operator]
            return
        time.sleep(0.1)
    pytest.fail("the service did not start")
