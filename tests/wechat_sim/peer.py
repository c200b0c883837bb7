"""WeChat's side towards real servers, for tests that are not asynchronous themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.wechat_sim.account import Account, invent
from bot.wechat_sim.api import ClientApi
from bot.wechat_sim.courier import Courier
from bot.wechat_sim.load import Plan, Tally, run
from bot.wechat_sim.phone import Phone
from bot.wechat_sim.servers import Server, serving
from tests.serving import built_knowledge

T = TypeVar("T")
_MODES = {"plain": "plain", "compatible": "compatible", "secure": "secure", "quiet": "secure"}
"""The accounts and their modes; ``quiet`` may not send customer-service messages."""


@dataclass
class Peer:
    """Two servers behind one state database, their accounts by name, and the client API they call."""

    loop: asyncio.AbstractEventLoop
    accounts: dict[str, Account]
    api: ClientApi
    servers: list[Server]

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def courier(self, name: str, servers: int = 2) -> Courier:
        """Delivers to the account; with two servers each attempt goes to the other one."""
        return Courier(self.accounts[name], [server.address for server in self.servers[:servers]])

    def phone(self) -> Phone:
        phone = Phone()
        self.api.phones[phone.open_id] = phone
        return phone

    def load(self, name: str, plan: Plan, servers: int = 2) -> Tally:
        async def work() -> Tally:
            async with self.courier(name, servers) as courier:
                return await run(plan, courier, self.api.phones, self.servers[:servers])

        return self.do(work())

    def complaints(self) -> str:
        """What the servers wrote about things that went wrong."""
        lines = [line for server in self.servers for line in server.log.read_text(encoding="utf-8").splitlines()]
        starts = [n for n, line in enumerate(lines) if " ERROR " in line or line.startswith("Traceback")]
        return "\n".join("\n".join(lines[n : n + 40]) for n in starts[-3:])


@contextmanager
def peer(folder: Path, **more: str) -> Iterator[Peer]:
    database = folder / "knowledge.sqlite"
    database.write_bytes(built_knowledge())
    loop = asyncio.new_event_loop()
    stack = AsyncExitStack()
    accounts = {name: invent(name, mode) for name, mode in _MODES.items()}

    async def start() -> Peer:
        api = await stack.enter_async_context(ClientApi(accounts.values()))
        entries = {
            name: {
                "app_id": account.app_id,
                "mode": account.mode,
                "region": "乐山市",
                "api": api.address,
                "customer_service": name != "quiet",
                "scenes": {"emeishan": "乐山市/峨眉山市"},
                "menu": [{"name": "住院报销", "ask": "住院费用怎么报销"}],
            }
            for name, account in accounts.items()
        }
        settings = {"YIBAO_DATABASE": f"sqlite:///{database}", **more}
        servers = await stack.enter_async_context(serving(folder, list(accounts.values()), entries, count=2, **settings))
        return Peer(loop, accounts, api, servers)

    try:
        yield loop.run_until_complete(start())
    finally:
        with ThreadPoolExecutor(1) as thread:  # in this one, the loop of a browser may still run
            thread.submit(loop.run_until_complete, stack.aclose()).result()
        loop.close()
