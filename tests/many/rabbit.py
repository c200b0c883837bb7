"""A real RabbitMQ of its own, that can be stopped and started again."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import aio_pika
from rasa.core.brokers.pika import DEFAULT_QUEUE_NAME

from tests.real_parts import program
from tests.serving import free_port

_START_SECONDS = 120


class RabbitMQ:
    """To be started. ``url`` is AMQP's, with user and password. The port mapper of Erlang is its own, too."""

    def __init__(self, folder: Path) -> None:
        port, mapper = free_port(), str(free_port())
        self.password = secrets.token_hex(8)
        self.url = f"amqp://guest:{self.password}@127.0.0.1:{port}/"
        (folder / "rabbit.conf").write_text(f"default_pass = {self.password}\n")
        self._server = program("rabbitmq-server", "usr/lib/rabbitmq/lib/*/sbin")
        self._environment = os.environ | {
            "HOME": str(folder),  # of the cookie
            "ERL_EPMD_PORT": mapper,
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"test{port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbit.conf"),
            "RABBITMQ_LOG_BASE": str(folder / "logs"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 -kernel inet_dist_use_interface {127,0,0,1}",
        }
        quiet = subprocess.DEVNULL
        self._mapper = subprocess.Popen([program("epmd"), "-port", mapper, "-address", "127.0.0.1"], stdout=quiet, stderr=quiet)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(
            [self._server], env=self._environment, stdout=quiet, stderr=quiet, start_new_session=True
        )
        end = time.monotonic() + _START_SECONDS
        while not asyncio.run(self._answers()):
            assert time.monotonic() < end, "RabbitMQ did not start"
            time.sleep(0.2)

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(timeout=60)

    def close(self) -> None:
        self.stop()
        self._mapper.terminate()
        self._mapper.wait(timeout=20)

    def events(self, count: int, seconds: float = 60) -> list[dict[str, Any]]:
        """Take events from the queue until there are ``count``, or the time is over."""
        return asyncio.run(self._take(count, time.monotonic() + seconds))

    async def _take(self, count: int, end: float) -> list[dict[str, Any]]:
        taken: list[dict[str, Any]] = []
        async with await aio_pika.connect(self.url) as connection:
            channel = await connection.channel()
            queue = await channel.declare_queue(DEFAULT_QUEUE_NAME, durable=True)
            while len(taken) < count and time.monotonic() < end:
                message = await queue.get(no_ack=True, fail=False)
                if message is None:
                    await asyncio.sleep(0.1)
                else:
                    taken.append(json.loads(message.body))
        return taken

    async def _answers(self) -> bool:
        try:
            await (await aio_pika.connect(self.url, timeout=2)).close()
        except Exception:  # of many kinds while it starts
            return False
        return True
