"""What happened in each turn, for a bureau's analytics: to RabbitMQ through Rasa's own broker (``YIBAO_EVENTS``).

The messages are Rasa's (``user``, ``slot``, ``action``, ``bot``), each with a hash in place of who speaks, and nothing of
what was said: a name or an address in free words is no number that could be masked. What was understood and what became of
it stays: item, place, aspects, confidence, kind of answer, channel, times.

RabbitMQ is never waited for. Events queue here, the oldest are dropped when the queue is full, and a task of its own sends
them, again until RabbitMQ has confirmed each (so a consumer may see one twice).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from rasa.core.brokers.pika import DEFAULT_QUEUE_NAME, PikaEventBroker

from bot.privacy import hashed
from bot.runtime.assistant import DoneTurn

_log = logging.getLogger(__name__)
MOST_WAITING = 20_000
"""Events kept while RabbitMQ is away: some 3,000 turns."""
_CONFIRM_SECONDS = 10
_CLOSE_SECONDS = 2
_RETRY_SECONDS = 2.0
_SLOTS = ("item", "region", "aspects")
_PAYLOAD = ("type", "item", "aspects", "region", "jurisdiction", "confidence")


class TurnEvents(PikaEventBroker):
    """Rasa's RabbitMQ broker that neither waits nor grows without bound. Make it in the running event loop."""

    def __init__(self, url: str, secret: bytes, waiting: int = MOST_WAITING, queue: str = DEFAULT_QUEUE_NAME) -> None:
        where = urlsplit(url)
        super().__init__(
            where.hostname or "", where.username or "", where.password or "", queues=[queue], connection_attempts=1
        )
        self._url, self._secret = url, secret
        self._waiting: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue(waiting)
        self._dropped = 0
        self._work = asyncio.get_running_loop().create_task(self._send_all())

    def publish(self, event: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        """Queue one event; it returns at once."""
        if self._waiting.full():
            self._waiting.get_nowait()
            self._waiting.task_done()
            self._dropped += 1
        self._waiting.put_nowait(event)

    def publish_turn(self, turn: DoneTurn) -> None:
        for event in turn_events(self._secret, turn):
            self.publish(event)

    async def close(self) -> None:
        """Send what waits, if RabbitMQ takes it at once, and end."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._waiting.join(), _CLOSE_SECONDS if self.is_ready() else 0)
        self._work.cancel()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(super().close(), _CLOSE_SECONDS)

    async def _send_all(self) -> None:
        await self._until_it_works(self._begin)
        while True:
            event = await self._waiting.get()
            await self._until_it_works(self._send, event)
            self._waiting.task_done()
            if self._dropped:
                _log.warning("%s events were dropped while RabbitMQ was away", self._dropped)
                self._dropped = 0

    async def _until_it_works(self, work: Callable[..., Awaitable[None]], *arguments: Any) -> None:
        told = False
        while True:
            try:
                await asyncio.wait_for(work(*arguments), _CONFIRM_SECONDS)
                return
            except Exception as error:  # aio_pika, aiormq and the sockets below have many; none may end the task
                if not told:
                    _log.warning("RabbitMQ cannot be reached (%s): events wait", type(error).__name__)
                told = True
            await asyncio.sleep(_RETRY_SECONDS)

    async def _begin(self) -> None:
        await super().close()  # half a connection, of the try before
        await self.connect()

    async def _send(self, event: Mapping[str, Any]) -> None:
        await self._exchange.publish(self._message(event, None), "")

    def _configure_url(self) -> str:
        return self._url  # kept out of ``self.host``, which Rasa writes into the log


def turn_events(secret: bytes, turn: DoneTurn) -> Iterator[dict[str, Any]]:
    """A turn as Rasa's events, without words of the citizen or of the answer, under a hash that leads to no table."""
    every = {"sender_id": hashed(secret, "events", turn.conversation), "timestamp": turn.at}
    intent = {key: turn.understood["intent"].get(key) for key in ("name", "confidence")}
    yield {**every, "event": "user", "input_channel": turn.channel, "parse_data": {"intent": intent}}
    yield {**every, "event": "action", "name": turn.action}
    for message in turn.messages:
        if payload := message.get("custom"):
            yield {**every, "event": "bot", "data": {"custom": {key: payload.get(key) for key in _PAYLOAD}}}
    for name in _SLOTS:
        yield {**every, "event": "slot", "name": name, "value": turn.slots.get(name)}
