"""Once only, in order, nothing lost: what is known of one person's latest messages, shared by all servers.

A message is ``open`` while it is answered, ``ready`` when its answer waits for an attempt to carry it, then ``delivered``;
it is ``carried`` when its answer went another way: with a later message, or by customer service. The server that answers
it holds it by a lease and renews that; a lease that ran out (the server died) is free for the next attempt.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.background import threads
from bot.channels.wechat.fitting import fit
from bot.channels.wechat.wording import say
from bot.state.documents import Documents
from bot.state.patience import once

T = TypeVar("T")

LEASE_SECONDS = 6.0
GRACE_SECONDS = 6.0
"""So long after the last attempt no further one comes: the answer needs another way."""
ATTEMPTS = 3
_KEPT_SECONDS = 48 * 3600
_KEPT_MESSAGES = 12
OPEN, READY, DELIVERED, CARRIED = "open", "ready", "delivered", "carried"

Box = dict[str, Any]


@dataclass(frozen=True)
class Words:
    """What a message gets back, already with WeChat's links. ``otherwise`` is said when nothing else is;
    ``ending`` stays on the first page.

    ``about`` is what a rating of it is about, ``rated`` the message whose answer was rated now, ``why`` the rating that
    the next message may give a reason for. ``aside`` is talk beside an answer: 更多 still goes on with that answer.
    """

    text: str = ""
    otherwise: str = ""
    ending: str = ""
    about: dict[str, Any] | None = None
    rated: str | None = None
    why: dict[str, Any] | None = None
    aside: bool = False


async def in_time(work: Callable[..., T], *arguments: Any) -> T:
    """A mailbox's blocking work done, not in threads that PostgreSQL may hold up: the mailbox may be in Redis."""
    return await once(work, *arguments, threads=threads())


@dataclass(frozen=True)
class Heard:
    """How a message stands: its state, and whether the caller now holds it."""

    state: str
    mine: bool
    attempts: int


class Mailbox:
    """The messages of one person (``person``: account and hashed open id); every method is one atomic change."""

    def __init__(self, documents: Documents, person: str, server: str) -> None:
        self._documents, self._server = documents, server
        self._key = f"wechat:{person}"

    def read(self) -> Box:
        """A copy of the whole box."""
        return self._documents.get(self._key)

    def arrive(self, id: str) -> Heard:
        """An attempt at a message: claimed for this server when nobody holds it."""

        def change(box: Box) -> Heard:
            message = _find(box, id)
            if message is None:
                message = {"id": id, "state": OPEN, "page": "", "text": "", "attempts": 0, "told": False, "lease": 0.0}
                box["messages"] = [*_tidy(box.get("messages", [])), message]
            message["attempts"] += 1
            message["last"] = time.time()
            return self._claimed(message)

        return self._change(change)

    def ask(self, id: str) -> Heard:
        """How a message stands now; claimed when the server that held it died."""
        message = _find(self.read(), id)
        if message and (message["state"] != OPEN or message["lease"] > time.time()):
            return Heard(message["state"], False, message["attempts"])
        return self._change(lambda box: self._claimed(_find(box, id) or {"state": CARRIED, "attempts": ATTEMPTS}))

    def renew(self, id: str) -> None:
        """Hold a message for longer."""

        def change(box: Box) -> None:
            message = _find(box, id)
            if message and self._holds(message):
                message["lease"] = time.time() + LEASE_SECONDS

        self._change(change)

    def is_next(self, id: str) -> bool:
        """Whether every earlier message has its answer on its way, or is held by a server that died."""
        for message in self.read().get("messages", []):
            if message["id"] == id:
                break
            if message["state"] == OPEN and message["lease"] > time.time():
                return False
            if message["state"] == READY and not _is_unheard(message):
                return False
        return True

    def unheard(self) -> bool:
        """Whether words wait that nobody carries."""
        box = self.read()
        return bool(box.get("kept")) or any(map(_is_unheard, box.get("messages", [])))

    def finish(self, id: str, words: Words) -> None:
        """Store the answer, after what was waiting for the person; nothing if another server took the message over."""

        def change(box: Box) -> None:
            message = _find(box, id)
            if message is None or not self._holds(message):
                return
            waiting = list(box.pop("kept", []))
            for other in box["messages"]:
                if other is not message and _is_unheard(other):
                    waiting.append(other["text"])
                    other["state"] = CARRIED
            text = "\n\n".join(part for part in (*waiting, words.text) if part) or words.otherwise
            page, rest = fit(text, say("more"), words.ending)
            message |= {"state": READY, "page": page, "text": "\n".join(filter(None, (text, words.ending)))}
            message["about"], box["why"] = words.about, words.why
            if rated := _find(box, words.rated or ""):
                rated["rated"] = True
            if rest or not words.aside:
                box["rest"] = rest

        self._change(change)

    def deliver(self, id: str) -> str:
        """The page an attempt carries: empty when the answer went another way."""

        def change(box: Box) -> str:
            message = _find(box, id)
            if message is None or message["state"] == CARRIED:
                return ""
            message["state"] = DELIVERED
            return str(message["page"])

        return self._change(change)

    def give_up(self, id: str) -> Heard:
        """The last attempt ends: from now on the answer goes another way, unless it is there after all."""

        def change(box: Box) -> Heard:
            message = _find(box, id) or {"state": CARRIED, "attempts": ATTEMPTS}
            if message["state"] == OPEN:
                message["told"] = True
            return Heard(message["state"], False, message["attempts"])

        return self._change(change)

    def take(self, id: str) -> str | None:
        """The answer's page, to be sent without being asked for; ``None`` when it is delivered or on its way."""

        def change(box: Box) -> str | None:
            message = _find(box, id)
            if message is None or not _is_unheard(message):
                return None
            message["state"] = CARRIED  # an attempt that comes after all must not say it again
            return str(message["page"])

        return self._change(change)

    def put_back(self, id: str) -> None:
        """What was taken could not be sent: the next message carries it."""

        def change(box: Box) -> None:
            if message := _find(box, id):
                message.update(state=READY, told=True)

        self._change(change)

    def keep(self, text: str) -> None:
        """Words of someone else for the person: the next message carries them."""
        self._change(lambda box: box.update(kept=[*box.get("kept", []), text]))

    def forget_all(self) -> None:
        """Drop everything but which messages are being answered: of these nothing is known yet."""

        def change(box: Box) -> None:
            still_open = [message for message in box.get("messages", []) if message["state"] == OPEN]
            box.clear()
            box["messages"] = still_open

        self._change(change)

    def forget(self, *names: str) -> None:
        """Drop what the box holds under these names."""
        self._change(lambda box: [box.pop(name, None) for name in names])

    def _change(self, change: Callable[[Box], T]) -> T:
        return self._documents.change(self._key, change, _KEPT_SECONDS)

    def _claimed(self, message: Box) -> Heard:
        mine = message["state"] == OPEN and message["lease"] <= time.time()
        if mine:
            message["server"], message["lease"] = self._server, time.time() + LEASE_SECONDS
        return Heard(message["state"], mine, message["attempts"])

    def _holds(self, message: Box) -> bool:
        return message["state"] == OPEN and message.get("server") == self._server


def _find(box: Box, id: str) -> Box | None:
    return next((message for message in box.get("messages", []) if message["id"] == id), None)


def _is_unheard(message: Box) -> bool:
    """Ready, and no attempt will come for it."""
    return bool(message["state"] == READY and (message["told"] or message["last"] + GRACE_SECONDS < time.time()))


def _tidy(messages: list[Box]) -> list[Box]:
    """Without what is settled and long past."""
    settled = [message for message in messages if message["state"] in (DELIVERED, CARRIED)]
    past = {message["id"] for message in settled[:-_KEPT_MESSAGES] if message["last"] + 600 < time.time()}
    return [message for message in messages if message["id"] not in past]
