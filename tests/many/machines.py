"""Two servers as two machines would be: over one PostgreSQL (knowledge and state) and one Redis, with a WeChat account."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from bot.wechat_sim.account import Account, accounts_file, invent
from knowledge.database import build, open_engine
from tests.real_parts import Postgres, Redis
from tests.serving import Server


@dataclass
class Machines:
    postgres: Postgres
    redis: Redis
    servers: list[Server]
    wechat: Account
    disk: Path | None
    """Where PostgreSQL's disk can be filled."""

    @property
    def addresses(self) -> list[str]:
        return [server.address for server in self.servers]

    def kill(self, number: int) -> None:
        """As when the power fails."""
        self.servers[number].process.send_signal(signal.SIGKILL)
        self.servers[number].process.wait(timeout=20)

    def log(self) -> str:
        return "".join(server.log.read_text(encoding="utf-8") for server in self.servers)


@contextmanager
def machines(folder: Path, **more: str) -> Iterator[Machines]:
    """Everything started; stopped at the end. ``more`` are settings of the servers' environment."""
    parts = [folder / name for name in ("postgres", "redis", "one", "two")]
    for part in parts:
        part.mkdir()
    with small_disk(parts[0]) as disk, ExitStack() as stack:
        postgres = Postgres(parts[0], "-c", "max_wal_size=64MB", "-c", "min_wal_size=32MB")
        stack.callback(postgres.stop)
        redis, account = Redis(parts[1]), invent("office", "plain")
        stack.callback(redis.stop)
        settings = _databases(postgres) | {
            "YIBAO_REDIS": redis.url,
            "YIBAO_WECHAT": str(
                accounts_file(folder, {"office": {"app_id": account.app_id, "mode": "plain", "region": "乐山市"}})
            ),
            **account.environment(),
            **more,
        }
        with ThreadPoolExecutor() as pool:  # at once: both find the state database without tables
            servers = list(pool.map(lambda part: Server(part, **settings), parts[2:]))
        running = Machines(postgres, redis, servers, account, disk)
        for number in range(len(servers)):
            stack.callback(running.kill, number)
        yield running


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A disk of its own for a folder, small enough to be filled; none where mounting is not allowed."""
    command = ["mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True).returncode == 0
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _databases(postgres: Postgres) -> dict[str, str]:
    """A database for the knowledge, built, and one for the state, empty: as settings."""
    root = postgres.url.rpartition("/")[0]
    connection = psycopg2.connect(postgres.url.replace("+psycopg2", ""))
    connection.autocommit = True
    for name in ("knowledge", "state"):
        connection.cursor().execute(f"CREATE DATABASE {name}")
    connection.close()
    build(open_engine(f"{root}/knowledge"))
    return {"YIBAO_DATABASE": f"{root}/knowledge", "YIBAO_STATE": f"{root}/state"}
