"""Calls while they run: pieces of one call are taken in one after the other, and whoever watches it is told.

Pieces that arrive while the call is being worked on are taken in together, so a hurried call does not fall behind. What is
unsure gets its second look beside that, and the suggestions follow. Watchers in other processes see the change within
:data:`_LOOK_SECONDS`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from typing import Any

from sanic.response import json_dumps
from sqlalchemy.engine import Engine

from bot.accounts.refusal import Refusal
from bot.assist.calls import CALLER, Call, Piece, change_call, read_call, revisions
from bot.assist.listening import Listener
from bot.assist.view import call_state
from bot.background import in_thread

_json = partial(json_dumps, ensure_ascii=False, escape_forward_slashes=False)
_log = logging.getLogger(__name__)
_LOOK_SECONDS = 0.5
_QUEUE = 200


class LiveCalls:
    """The calls that this process works on or shows."""

    def __init__(self, state: Engine, listener: Listener) -> None:
        self._state = state
        self._listener = listener
        self._waiting: dict[str, list[tuple[Piece | None, asyncio.Future[int]]]] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._watchers: dict[str, set[Watcher]] = {}
        self._to_look_at: dict[str, Call] = {}
        self._closer_looks: dict[str, asyncio.Task[None]] = {}
        self._closer = ThreadPoolExecutor(1, thread_name_prefix="second-look")
        self._looking: asyncio.Task[None] | None = None

    def listen_with(self, listener: Listener) -> None:
        """Understand with another model from the next piece on."""
        self._listener = listener

    async def push(self, call_id: str, piece: Piece | None) -> int:
        """Take in a piece (none: only listen anew). Returns the revision in which it stands.

        Raises :class:`Refusal`: no such call (404), closed (409), too long (413), too many pieces waiting (409).
        """
        waiting = self._waiting.setdefault(call_id, [])
        if len(waiting) >= _QUEUE:
            raise Refusal(409, "too_many")
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        waiting.append((piece, done))
        if call_id not in self._workers:
            self._workers[call_id] = asyncio.create_task(self._work(call_id))
        return await done

    async def _work(self, call_id: str) -> None:
        """Until nothing waits: take in what waits, show it."""
        try:
            while batch := self._waiting.pop(call_id, []):
                pieces = [piece for piece, _ in batch if piece]
                try:
                    call, text = await in_thread(self._take_in, call_id, pieces)
                except Exception as error:
                    for _, done in batch:
                        if not done.done():
                            done.set_exception(error)
                    continue
                self._show(call_id, call.revision, text)
                for _, done in batch:
                    if not done.done():
                        done.set_result(call.revision)
                if any(piece.final and piece.speaker == CALLER for piece in pieces):
                    self._look_closer(call)
        finally:
            self._workers.pop(call_id, None)

    def _take_in(self, call_id: str, pieces: list[Piece]) -> tuple[Call, str | None]:
        def change(call: Call) -> bool:
            if call.until:
                raise Refusal(409, "call_closed")
            put = [call.put(piece) for piece in pieces]
            return self._listen(call) or any(put)

        call = change_call(self._state, call_id, change)
        return call, self._dump(call)

    def _listen(self, call: Call) -> bool:
        said, saying = call.said_by_caller()
        shown = [row["item"] for row in call.heard.get("candidates", ())]
        heard = asdict(self._listener.listen(said, saying, call.line_region, shown))
        for key in ("candidates", "circumstances", "aspects"):
            heard[key] = list(heard[key])
        for row in heard["candidates"]:
            row["words"] = list(row["words"])
        changed: bool = heard != call.heard
        call.heard = heard
        return changed

    def _look_closer(self, call: Call) -> None:
        """The second look, beside the calls' own work; one at a time for a call, the newest of it last."""
        self._to_look_at[call.id] = call
        if call.id not in self._closer_looks:
            self._closer_looks[call.id] = asyncio.create_task(self._closer_look(call.id))

    async def _closer_look(self, call_id: str) -> None:
        loop = asyncio.get_running_loop()
        try:
            while call := self._to_look_at.pop(call_id, None):
                said, _ = call.said_by_caller()
                look = partial(self._listener.listen, said, "", call.line_region, (), second_look=True)
                await loop.run_in_executor(self._closer, look)
                await self.push(call_id, None)
        except Refusal:
            self._to_look_at.pop(call_id, None)  # closed meanwhile
        except Exception:
            _log.exception("a second look could not be shown")
        finally:
            self._closer_looks.pop(call_id, None)

    async def change(self, call_id: str, change: Any) -> Call:
        """Change a call otherwise (a choice, its end), and show it."""
        call = await in_thread(change_call, self._state, call_id, change)
        if self._watchers.get(call_id):
            self._show(call_id, call.revision, await in_thread(self._dump, call))
        return call

    async def watch(self, call_id: str) -> AsyncIterator[tuple[int, str] | None]:
        """The state now and after each change, as revision and JSON; ``None`` when nothing changed for a heartbeat's time."""
        watcher = Watcher()
        self._watchers.setdefault(call_id, set()).add(watcher)
        try:
            watcher.show(*await in_thread(self._read, call_id))
            if not self._looking or self._looking.done():
                self._looking = asyncio.create_task(self._look_for_others())
            while True:
                yield await watcher.next()
        finally:
            watchers = self._watchers[call_id]
            watchers.discard(watcher)
            if not watchers:
                del self._watchers[call_id]

    def _show(self, call_id: str, revision: int, text: str | None) -> None:
        for watcher in self._watchers.get(call_id, ()):
            if text is not None:
                watcher.show(revision, text)

    def _dump(self, call: Call) -> str | None:
        return str(_json(call_state(call))) if self._watchers.get(call.id) else None

    def _read(self, call_id: str) -> tuple[int, str]:
        call = read_call(self._state, call_id)
        return call.revision, str(_json(call_state(call)))

    async def _look_for_others(self) -> None:
        """While calls are watched: show what other processes changed in them."""
        while self._watchers:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                for call_id, revision in (await in_thread(revisions, self._state, list(self._watchers))).items():
                    if any(watcher.revision < revision for watcher in self._watchers.get(call_id, ())):
                        self._show(call_id, *await in_thread(self._read, call_id))
            except Exception:
                _log.exception("the calls could not be looked at")


class Watcher:
    """A screen: it is shown the newest state; those in between, if it was slow, are left out."""

    _HEARTBEAT_SECONDS = 10

    def __init__(self) -> None:
        self.revision = -1
        self._newest: tuple[int, str] | None = None
        self._changed = asyncio.Event()

    def show(self, revision: int, text: str) -> None:
        if revision > self.revision:
            self.revision = revision
            self._newest = (revision, text)
            self._changed.set()

    async def next(self) -> tuple[int, str] | None:
        try:
            await asyncio.wait_for(self._changed.wait(), self._HEARTBEAT_SECONDS)
        except asyncio.TimeoutError:
            return None
        self._changed.clear()
        return self._newest
