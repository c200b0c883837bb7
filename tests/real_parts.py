"""The real parts that tests talk to: PostgreSQL, Redis and Chromium, started for the tests and stopped at the end.

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

import psycopg2
import pytest
import redis
from playwright.sync_api import Browser, sync_playwright

from tests.serving import free_port

_START_SECONDS = 60


def program(name: str, *folders: str) -> str:
    """The path of a program, or no test: an error where everything should be installed."""
    path = shutil.which(name) or next((str(p) for f in folders for p in sorted(Path("/").glob(f"{f}/{name}"))), None)
    if path is None:
        message = f"{name} is not installed on this machine"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return path


@contextmanager
def running_redis(folder: Path) -> Iterator[str]:
    """URL of an empty Redis of its own."""
    port = free_port()
    command = [program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        client = redis.Redis(port=port)
        _wait_until(client.ping, redis.ConnectionError)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def running_postgres(folder: Path) -> Iterator[str]:
    """SQLAlchemy URL of an empty PostgreSQL of its own. It refuses to run as root: then it runs as ``postgres``."""
    bin_folder = "usr/lib/postgresql/*/bin"
    initdb, server = program("initdb", bin_folder), program("postgres", bin_folder)
    user: str | None = None
    if os.geteuid() == 0:
        user = "postgres"
        owner = pwd.getpwnam(user)
        for path in (folder, *folder.parents):
            if path.stat().st_uid == 0 and path.stat().st_mode & 0o077 == 0:
                path.chmod(path.stat().st_mode | 0o011)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    port, data = free_port(), folder / "data"
    subprocess.run(
        [initdb, "--pgdata", str(data), "--username", "test", "--auth", "trust", "--encoding", "UTF8", "--no-sync"],
        check=True,
        stdout=subprocess.DEVNULL,
        user=user,
    )
    command = [server, "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", str(folder), "-F"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=user)
    try:
        address = f"127.0.0.1:{port}/postgres"
        _wait_until(lambda: psycopg2.connect(f"postgresql://test@{address}").close(), psycopg2.OperationalError)
        yield f"postgresql+psycopg2://test@{address}"
    finally:
        process.send_signal(signal.SIGINT)  # at once, without waiting for clients to go
        process.wait(timeout=20)


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
