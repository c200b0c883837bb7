"""A real nginx with the configuration of ``deploy/``, before servers of this machine."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.real_parts import program
from tests.serving import free_port

FOLDER = Path("deploy/nginx").absolute()


@contextmanager
def proxy(folder: Path, servers: Sequence[str]) -> Iterator[str]:
    """Its address; ``servers`` are addresses."""
    nginx, port = program("nginx"), free_port()
    peers = "".join(f"server {server.removeprefix('http://')} max_fails=2 fail_timeout=5s; " for server in servers)
    text, changed = (FOLDER / "nginx.conf").read_text(encoding="utf-8"), 0
    for pattern, here in (
        (r"server server:5005 [^;]*;", peers),
        (r"listen 8080;", f"listen 127.0.0.1:{port};"),
        (r"/etc/nginx/unavailable", str(FOLDER / "unavailable")),
        (r"/tmp/", f"{folder}/"),
    ):
        text, times = re.subn(pattern, here, text)
        changed += times > 0
    assert changed == 4, "the configuration has changed: nothing of it may be left out unseen"
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    command = [nginx, "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    command += ["-g", "daemon off;" + (" user root;" if os.geteuid() == 0 else "")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    process = subprocess.Popen(command, stderr=(folder / "nginx.log").open("w"))
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(address: str) -> None:
    for _ in range(100):
        try:
            requests.get(address, timeout=5)
            return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError("nginx did not start")
