"""What tests of the assist share: people with accounts at the running server, and asking it in their name."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from sqlalchemy.engine import Engine

from bot.accounts import people, sessions
from bot.state.database import open_state
from tests.serving import Server

PASSWORD = "a long enough password"


@dataclass
class Person:
    """Somebody who asks the interface, by token or by session."""

    server: Server
    token: str | None = None
    cookies: Any = None
    csrf: str = ""

    def ask(self, method: str, path: str, body: Any = None, **named: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {"X-CSRF-Token": self.csrf}
        address = f"{self.server.address}/assist/api{path}"
        return requests.request(method, address, json=body, headers=headers, cookies=self.cookies, timeout=60, **named)

    def get(self, path: str, **named: Any) -> Any:
        response = self.ask("GET", path, **named)
        assert response.status_code == 200, response.text
        return response.json()

    def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        response = self.ask("POST", path, body)
        assert response.status_code == status, response.text
        return response.json() if response.content else None

    def open_call(self, **more: Any) -> str:
        return str(self.post("/calls", more, 201)["call"])

    def push(self, call: str, text: str, final: bool = True, speaker: str = "caller", piece: str | None = None) -> int:
        said = {"id": piece or uuid.uuid4().hex, "speaker": speaker, "text": text, "final": final, "at": "2026-01-01T08:00:00Z"}
        return int(self.post(f"/calls/{call}/pieces", said, 202)["revision"])

    def follow(self, path: str) -> Generator[tuple[str, Any], None, None]:
        """The events of a stream: their ids and data. Close it when enough was seen."""
        with self.ask("GET", path, stream=True) as response:
            assert response.status_code == 200, response.text
            number = ""
            for line in response.iter_lines(chunk_size=1):
                if line.startswith(b"id: "):
                    number = line[4:].decode()
                if line.startswith(b"data: "):
                    yield number, json.loads(line[6:])


def log_in(server: Server, name: str, password: str = PASSWORD) -> requests.Response:
    return requests.post(f"{server.address}/assist/api/session", json={"name": name, "password": password}, timeout=60)


@pytest.fixture(scope="session")
def state(server: Server) -> Engine:
    """The state database of the running server."""
    return open_state(server.environment["YIBAO_STATE"])


@pytest.fixture(scope="session")
def by_token(server: Server, state: Engine) -> Callable[[str], Person]:
    """Somebody of a role, known by a token."""

    def make(role: str) -> Person:
        name = f"{role}-{uuid.uuid4().hex[:8]}"
        people.add(state, name, role, None if role == people.SYSTEM else PASSWORD)
        return Person(server, sessions.make_token(state, name, 1))

    return make


@pytest.fixture(scope="session")
def agent(by_token: Callable[[str], Person]) -> Person:
    return by_token("agent")


@pytest.fixture(scope="session")
def supervisor(by_token: Callable[[str], Person]) -> Person:
    return by_token("supervisor")


@pytest.fixture(scope="session")
def clerk(by_token: Callable[[str], Person]) -> Person:
    return by_token("clerk")
