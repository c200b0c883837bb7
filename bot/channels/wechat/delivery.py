"""One message, up to three attempts, five seconds each: one turn in the dialogue, one answer.

The first attempts are held open until the answer is there: an answer WeChat gets ends its attempts, so nothing is said
early. The last one says that the answer follows, when it is not there. A turn goes on when WeChat has hung up.
"""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.background import begin_work
from bot.channels.wechat import mailbox
from bot.channels.wechat.leases import Leases
from bot.channels.wechat.mailbox import Heard, Mailbox, Words, in_time
from bot.channels.wechat.service import Service
from bot.channels.wechat.settings import Account
from bot.channels.wechat.wire import Incoming
from bot.channels.wechat.wording import say
from bot.state.documents import Documents
from bot.state.patience import once

_log = logging.getLogger(__name__)
T = TypeVar("T")

Respond = Callable[[Account, Incoming, str, Mailbox], Awaitable[Words]]
"""Answers a message of a person."""

_LOOK_SECONDS = 0.2
_HANG_UP_SECONDS = 8.0
"""WeChat hangs up after 5; a proxy between may not."""
_LAST_ATTEMPT_AGE = 9.0
"""An attempt so long (in seconds) after the message was sent is the last one, even if those before never came here."""


class Delivery:
    """Brings every message its answer, once."""

    def __init__(self, documents: Documents, service: Service, respond: Respond, reply_seconds: float, sorry: str) -> None:
        """``reply_seconds``: when the last attempt is answered at the latest. ``sorry``: what is said when a turn fails."""
        self._documents, self._service, self._respond = documents, service, respond
        self._reply_seconds, self._sorry = reply_seconds, sorry
        self._server = uuid.uuid4().hex
        self._leases = Leases()
        self._noting = ThreadPoolExecutor(1, "wechat noting")
        self._turns: dict[str, asyncio.Task[None]] = {}
        self._after: set[asyncio.Task[None]] = set()

    def mailbox(self, person: str) -> Mailbox:
        return Mailbox(self._documents, person, self._server)

    async def note(self, work: Callable[..., T], *arguments: object) -> T:
        """Do blocking work on what has just come in, one after the other: so messages are noted in the order they came."""
        return await once(work, *arguments, threads=self._noting)

    async def passive(self, account: Account, incoming: Incoming, person: str) -> str | None:
        """The text that this attempt answers with: empty for nothing to say, ``None`` when it came to nothing."""
        started = time.monotonic()
        box = self.mailbox(person)
        heard = await asyncio.shield(self._arrive(account, incoming, person, box))
        last = heard.attempts >= mailbox.ATTEMPTS or incoming.age >= _LAST_ATTEMPT_AGE
        ends = started + (self._reply_seconds if last else _HANG_UP_SECONDS)
        while heard.state == mailbox.OPEN and time.monotonic() < ends:
            await self._wait(incoming.id, ends)
            heard = await in_time(box.ask, incoming.id)
            if heard.mine:
                self._begin(account, incoming, person, box)
        if heard.state == mailbox.OPEN and last:
            heard = await in_time(box.give_up, incoming.id)
            if heard.state == mailbox.OPEN:
                return say("late_sent" if account.may_write_first else "late")
        return None if heard.state == mailbox.OPEN else await in_time(box.deliver, incoming.id)

    async def _arrive(self, account: Account, incoming: Incoming, person: str, box: Mailbox) -> Heard:
        """Note the attempt; if the message is this server's, its turn begins, even when WeChat hangs up meanwhile."""
        heard = await self.note(box.arrive, incoming.id)
        if heard.mine:
            self._begin(account, incoming, person, box)
        return heard

    def _begin(self, account: Account, incoming: Incoming, person: str, box: Mailbox) -> None:
        if incoming.id in self._turns:
            return
        task = begin_work(self._turn(account, incoming, person, box))
        self._turns[incoming.id] = task

        def ended(task: asyncio.Task[None]) -> None:
            self._turns.pop(incoming.id, None)
            if not task.cancelled() and (error := task.exception()):  # the store is out of reach: the next attempt tries again
                _log.error("wechat %s: an answer could not be stored: %s", account.name, type(error).__name__)

        task.add_done_callback(ended)

    async def _wait(self, id: str, ends: float) -> None:
        """Until the turn ends here, or it is time to look whether it did elsewhere."""
        left = max(0.0, ends - time.monotonic())
        if task := self._turns.get(id):
            await asyncio.wait({task}, timeout=left)
        else:
            await asyncio.sleep(min(_LOOK_SECONDS, left))

    async def _turn(self, account: Account, incoming: Incoming, person: str, box: Mailbox) -> None:
        """Answer a message when those before it are answered; what goes wrong is told to the person."""
        with self._leases.held(box, incoming.id):
            try:
                while not await in_time(box.is_next, incoming.id):
                    await asyncio.sleep(_LOOK_SECONDS)
                words = await self._respond(account, incoming, person, box)
            except Exception as error:  # its words may hold what the person wrote
                where = "".join(traceback.format_tb(error.__traceback__)[-3:])
                _log.error("wechat %s: a turn failed with %s\n%s", account.name, type(error).__name__, where)
                words = Words(self._sorry)
            await in_time(box.finish, incoming.id, words)
        if account.may_write_first:
            after = asyncio.get_running_loop().create_task(self._write_unheard(incoming.id, person, box))
            self._after.add(after)
            after.add_done_callback(self._after.discard)

    async def _write_unheard(self, id: str, person: str, box: Mailbox) -> None:
        """Send an answer that no attempt carries: at once when the last one told so, else when none came any more."""
        for pause in (0.0, mailbox.GRACE_SECONDS + 0.5):
            await asyncio.sleep(pause)
            page = await in_time(box.take, id)
            if page is not None:
                if not await self._service.write(person, page):
                    await in_time(box.put_back, id)
                return
