"""The real server, started for one run with state, secrets and accounts of its own."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bot.wechat_sim.account import Account, accounts_file

_START_SECONDS = 120
_STOP_SECONDS = 8


@dataclass(frozen=True)
class Server:
    """One process, reachable at ``address``; it has this ``environment`` and writes to ``log``."""

    address: str
    process: asyncio.subprocess.Process
    environment: Mapping[str, str]
    log: Path

    def pause(self) -> None:
        """Let the process stand still, as on a machine that is out of breath."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    async def command(self, *words: str) -> str:
        """What ``python -m bot`` with these words prints, with the server's settings."""
        with self.log.open("a") as errors:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", *words), env=self.environment, stdout=asyncio.subprocess.PIPE, stderr=errors
            )
            return (await process.communicate())[0].decode()


@asynccontextmanager
async def serving(
    folder: Path, accounts: Sequence[Account], entries: Mapping[str, Mapping[str, Any]], count: int = 1, **more: str
) -> AsyncIterator[list[Server]]:
    """``count`` processes that share one state database.

    ``entries`` are the accounts as the accounts file has them, by name; ``more`` are settings of the environment.
    Raises ``RuntimeError`` with the end of the log when a server does not start.
    """
    environment = os.environ | {
        "YIBAO_STATE": f"sqlite:///{folder / 'state.sqlite'}",
        "YIBAO_SECRET": secrets.token_hex(32),
        "YIBAO_WECHAT": str(accounts_file(folder, {name: dict(entry) for name, entry in entries.items()})),
        "RASA_TELEMETRY_ENABLED": "false",
    }
    for account in accounts:
        environment |= account.environment()
    ports = [_free_port() for _ in range(count)]
    environment["YIBAO_PUBLIC_URL"] = f"http://127.0.0.1:{ports[0]}"
    async with AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(_process(folder, port, environment | more)) for port in ports]
        for server in servers:
            await _until_ready(server)
        yield servers


@asynccontextmanager
async def _process(folder: Path, port: int, environment: Mapping[str, str]) -> AsyncIterator[Server]:
    log = folder / f"server-{port}.log"
    environment = {**environment, "YIBAO_HOST": "127.0.0.1", "YIBAO_PORT": str(port)}
    with log.open("w") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "serve"), env=environment, stdout=output, stderr=asyncio.subprocess.STDOUT
        )
    try:
        yield Server(f"http://127.0.0.1:{port}", process, environment, log)
    finally:
        await _stop(process)


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGCONT)
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _STOP_SECONDS)
    except asyncio.TimeoutError:
        process.kill()
        await process.wait()


async def _until_ready(server: Server) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _START_SECONDS
    async with aiohttp.ClientSession() as session:
        while (state := await _state(session, server.address)) is not None:
            if server.process.returncode is not None or loop.time() > deadline:
                end = server.log.read_text(encoding="utf-8")[-2000:]
                raise RuntimeError(f"the server did not start ({state or 'no answer'}):\n{end}")
            await asyncio.sleep(0.3)


async def _state(session: aiohttp.ClientSession, address: str) -> str | None:
    """``None`` when the server is ready, else what it says of itself."""
    try:
        async with session.get(f"{address}/ready") as response:
            return None if response.status == 200 else await response.text()
    except aiohttp.ClientError:
        return ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
