"""Messages that arrive unasked, as a stream of server-sent events for each browser that listens.

Another process may have stored them: one look a second into the state database, for all listeners of this process.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.web_store import AGENT, WebStore
from bot.state.patience import new_patience, patiently

_log = logging.getLogger(__name__)
HEARTBEAT_SECONDS = 15
LOOK_SECONDS = 1.0
MOST_STREAMS = 5
"""As many may one conversation have open at a time."""


class TooManyStreams(Exception):
    """The conversation is listened to by :data:`MOST_STREAMS` already."""


class Events:
    """The listeners of this process, by conversation."""

    def __init__(self, store: WebStore) -> None:
        self._store = store
        self._listeners: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._watch: asyncio.Task[None] | None = None
        self._closed = False

    def close(self) -> None:
        """End all streams: the server stops."""
        self._closed = True
        for conversation in list(self._listeners):
            self.wake(conversation)

    def wake(self, conversation: str) -> None:
        """Something was stored for a conversation."""
        for listener in self._listeners.get(conversation, ()):
            listener.set()

    def check(self, conversation: str) -> None:
        """Raises :class:`TooManyStreams` where :meth:`listen` would be one too many."""
        if len(self._listeners.get(conversation, ())) >= MOST_STREAMS:
            raise TooManyStreams

    async def listen(self, conversation: str, after: int) -> AsyncGenerator[str, None]:
        """What agents said after message ``after`` and say from now on, as events; a comment when nothing comes for long."""
        woken = asyncio.Event()
        self._listeners[conversation].add(woken)
        if self._watch is None or self._watch.done():
            self._watch = asyncio.get_running_loop().create_task(self._look())
        try:
            yield ": listening\n\n"
            while not self._closed:
                woken.clear()
                new_patience()
                for message in await patiently(self._store.since, conversation, after, AGENT):
                    after = message["seq"]
                    yield f"event: message\nid: {after}\ndata: {json.dumps(message, ensure_ascii=False)}\n\n"
                try:
                    await asyncio.wait_for(woken.wait(), HEARTBEAT_SECONDS)
                except asyncio.TimeoutError:
                    yield ": still here\n\n"
        finally:
            self._listeners[conversation].discard(woken)
            if not self._listeners[conversation]:
                del self._listeners[conversation]

    async def _look(self) -> None:
        """Wake the listeners of conversations that have grown, as long as there are listeners."""
        known: dict[str, int] = {}
        while self._listeners and not self._closed:
            try:
                new_patience()
                newest = await patiently(self._store.newest, list(self._listeners))
            except SQLAlchemyError:
                _log.exception("the state database cannot be read: tried again")
                newest = known
            for conversation, seq in newest.items():
                if seq > known.get(conversation, 0):
                    self.wake(conversation)
            known = newest
            await asyncio.sleep(LOOK_SECONDS)
