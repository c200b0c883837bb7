"""The server as a process of its own, with databases of its own, asked over HTTP."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.database import build, open_engine

_START_SECONDS = 180
_ANEW_SECONDS = 30


def free_port() -> int:
    """One that no outgoing connection can have taken when what listens there is stopped and started again."""
    while True:
        port = random.randint(10_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@lru_cache(maxsize=1)
def built_knowledge() -> bytes:
    """The file of a knowledge base built from the data files: built once, for all that need one of their own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "knowledge.sqlite"
        engine = open_engine(f"sqlite:///{path}")
        build(engine)
        engine.dispose()
        return path.read_bytes()


class Server:
    """``python -m bot serve`` on a free port. ``more`` are further settings of the environment."""

    arguments: tuple[str, ...] = ("-m", "bot", "serve")

    def __init__(self, folder: Path, **more: str) -> None:
        self.database = folder / "knowledge.sqlite"
        self.database.write_bytes(built_knowledge())
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.log = folder / "server.log"
        self.environment = os.environ | {
            "YIBAO_DATABASE": f"sqlite:///{self.database}",
            "YIBAO_STATE": f"sqlite:///{folder / 'state.sqlite'}",
            "YIBAO_SECRET": "for tests only",
            "YIBAO_PORT": str(port),
            "YIBAO_VISITOR_LIMIT": "10000",
            "YIBAO_ADDRESS_LIMIT": "100000",
            "RASA_TELEMETRY_ENABLED": "false",
            **more,
        }
        self.start()

    def start(self) -> None:
        """Start the process and wait until it is ready."""
        started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, *self.arguments], env=self.environment, stdout=self.log.open("a"), stderr=subprocess.STDOUT
        )
        while self.get("/ready")[0] != 200:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() - started < _START_SECONDS, self.log.read_text()
            time.sleep(0.2)

    def becomes(self, status: int) -> Any:
        """Wait until ``/ready``, which looks anew every second, answers so; what it says."""
        end = time.monotonic() + _ANEW_SECONDS
        while (answer := self.get("/ready"))[0] != status:
            assert time.monotonic() < end, answer
            time.sleep(0.2)
        return answer[1]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)

    def get(self, path: str) -> tuple[int, Any]:
        return self._send(urllib.request.Request(self.address + path))

    def post(self, body: Any, path: str = "/webhooks/rest/webhook") -> tuple[int, Any]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._send(urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"}))

    def say(self, message: str, sender: str = "a citizen", **more: Any) -> tuple[list[str], list[dict[str, Any]]]:
        """The texts and the payloads that come back."""
        status, replies = self.post({"sender": sender, "message": message, **more})
        assert status == 200, (status, replies)
        return [r["text"] for r in replies if "text" in r], [r["custom"] for r in replies if "custom" in r]

    @staticmethod
    def _send(request: urllib.request.Request) -> tuple[int, Any]:
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            is_json = "json" in error.headers.get("Content-Type", "")
            return error.code, json.load(error) if is_json else None
        except urllib.error.URLError:
            return 0, None


@contextmanager
def serving(folder: Path, **more: str) -> Iterator[Server]:
    """A running server, stopped at the end."""
    server = Server(folder, **more)
    try:
        yield server
    finally:
        server.stop()
