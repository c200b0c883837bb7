"""A visitor of the web site: what the widget sends, over HTTP."""

from __future__ import annotations

import json
import uuid
from typing import Any

import requests

from bot.privacy import hashed
from tests.serving import Server

DOOR = "/webhooks/web"
SECONDS = 60


class Visitor:
    """One conversation at a server."""

    def __init__(self, server: Server, region: str | None = None, token: str | None = None) -> None:
        self.server = server
        self.token = token or self._begin(region)
        self.headers = {"Authorization": f"Bearer {self.token}"}

    def _begin(self, region: str | None) -> str:
        response = requests.post(f"{self.server.address}{DOOR}/conversations", json={"region": region}, timeout=SECONDS)
        assert response.status_code == 201, response.text
        return str(response.json()["conversation"])

    @property
    def conversation(self) -> str:
        """The conversation's id inside the server."""
        return f"web:{hashed(self.server.environment['YIBAO_SECRET'].encode(), self.token)}"

    def send(self, text: str, client_id: str | None = None, **more: Any) -> requests.Response:
        return self.post("messages", {"id": client_id or uuid.uuid4().hex, "text": text, **more})

    def post(self, path: str, body: Any) -> requests.Response:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return requests.post(f"{self.server.address}{DOOR}/{path}", data=data, headers=self.headers, timeout=SECONDS)

    def get(self, path: str, **query: Any) -> requests.Response:
        return requests.get(f"{self.server.address}{DOOR}/{path}", params=query, headers=self.headers, timeout=SECONDS)

    def messages(self, after: int = 0) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self.get("messages", after=after).json()["messages"]
        return messages
