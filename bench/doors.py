"""Every entrance of a running server, as its users knock at it: REST, the web site, WeChat, the assist, the pages."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from yarl import URL

from bot.accounts import people, sessions
from bot.state.database import open_state
from bot.state.schema import upgrade
from bot.wechat_sim.account import Account, invent
from bot.wechat_sim.wire import pack
from tests.serving import Server, serving

MODES = ("plain", "secure")
SECONDS = 60
"""How long an answer may take before it counts as none."""


@dataclass(frozen=True)
class Got:
    """What came back: ``status`` 0 when the connection ended without an answer."""

    status: int
    body: bytes = b""

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class House:
    """A server of its own with WeChat accounts, one in each of :data:`MODES`, and people who may use the assist."""

    server: Server
    accounts: dict[str, Account]
    tokens: dict[str, str]
    """By role."""


@contextmanager
def open_house(folder: Path, **more: str) -> Iterator[House]:
    """Start it with its databases in ``folder``; ``more`` are further settings of the environment."""
    accounts = {mode: invent(mode, mode) for mode in MODES}
    listed = {name: {"app_id": account.app_id, "mode": name, "region": "乐山市"} for name, account in accounts.items()}
    (folder / "wechat.yml").write_text(yaml.safe_dump({"accounts": listed}, allow_unicode=True))
    environment = {"YIBAO_WECHAT": str(folder / "wechat.yml"), **more}
    for account in accounts.values():
        environment |= account.environment()
    with serving(folder, **environment) as server:
        state = open_state(server.environment["YIBAO_STATE"])
        upgrade(state)
        tokens = {}
        for role in people.ROLES:
            people.add(state, role, role, None if role == people.SYSTEM else "a long enough password")
            tokens[role] = sessions.make_token(state, role, 1)
        state.dispose()
        yield House(server, accounts, tokens)


class Visitor:
    """Knocks at the doors of a house. Every method gives what came back, and raises nothing for it."""

    def __init__(self, house: House, http: aiohttp.ClientSession) -> None:
        self._house, self._http = house, http
        self._address = house.server.address

    async def send(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Got:
        """One request. ``path`` goes as it is; a body that is no bytes goes as JSON."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        named = {**({"Content-Type": "application/json"} if data is not None else {}), **(headers or {})}
        try:
            async with self._http.request(
                method, URL(self._address + path, encoded=True), data=data, headers=named, allow_redirects=False
            ) as response:
                return Got(response.status, await response.read())
        except (aiohttp.ClientError, ConnectionError, asyncio.TimeoutError):
            return Got(0)

    async def rest(self, message: str, sender: str | None = None, **more: Any) -> Got:
        body = {"sender": sender or uuid.uuid4().hex, "message": message, **more}
        return await self.send("POST", "/webhooks/rest/webhook", body)

    async def conversation(self, region: Any = None) -> dict[str, str]:
        """The header of a new conversation on the web site."""
        got = await self.send("POST", "/webhooks/web/conversations", {"region": region})
        return {"Authorization": f"Bearer {got.json['conversation']}"}

    async def web(self, conversation: dict[str, str], text: str, **more: Any) -> Got:
        return await self.send("POST", "/webhooks/web/messages", {"id": uuid.uuid4().hex, "text": text, **more}, conversation)

    async def wechat(self, mode: str, xml: str, open_id: str = "o1") -> Got:
        """A message signed, and encrypted where the account is secure, as WeChat does both."""
        request = pack(self._house.accounts[mode], open_id, xml)
        return await self.wechat_raw(mode, request.query, request.body.encode("utf-8", "surrogatepass"))

    async def wechat_raw(self, mode: str, query: dict[str, str], body: bytes) -> Got:
        path = str(URL(f"/webhooks/wechat/{mode}").with_query(query))
        return await self.send("POST", path, body, {"Content-Type": "text/xml"})

    async def assist(self, method: str, path: str, body: Any = None, role: str = people.SUPERVISOR, **headers: str) -> Got:
        headers = {"Authorization": f"Bearer {self._house.tokens[role]}", **headers}
        return await self.send(method, f"/assist/api{path}", body, headers)


def visiting() -> aiohttp.ClientSession:
    """Connections for a visitor."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=SECONDS), auto_decompress=True
    )
