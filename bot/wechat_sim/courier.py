"""Bringing messages to the account's server as WeChat does: five seconds to answer, the same message up to three times."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import aiohttp

from bot.wechat_sim.account import Account
from bot.wechat_sim.messages import Message
from bot.wechat_sim.phone import OUT_OF_SERVICE, Phone
from bot.wechat_sim.wire import BadReplyError, Request, pack, unpack, verification

PATIENCE = 5.0
"""Seconds WeChat waits for an answer before it drops the connection and tries again."""
ATTEMPTS = 3
_HEADERS = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0", "Pragma": "no-cache"}


@dataclass(frozen=True)
class Attempt:
    """One delivery. ``result`` is ``answered``, ``late`` (no answer in time), ``cut`` (the connection broke) or an error."""

    result: str
    seconds: float


@dataclass
class Delivery:
    """What became of one message. ``text`` is the passive reply shown, ``fault`` why WeChat showed an error instead."""

    attempts: list[Attempt] = field(default_factory=list)
    text: str | None = None
    fault: str | None = None

    @property
    def heard(self) -> bool:
        """Whether any attempt was answered in time, well or badly."""
        return self.attempts[-1].result not in ("late", "cut") and not self.attempts[-1].result.endswith("Error")

    @property
    def passive(self) -> float | None:
        """Seconds of the attempt that carried the answer."""
        return self.attempts[-1].seconds if self.attempts and self.attempts[-1].result == "answered" else None


class Courier:
    """Delivers to one account. With several ``servers`` (base addresses) each attempt goes to the next one."""

    def __init__(self, account: Account, servers: Sequence[str], patience: float = PATIENCE) -> None:
        self.account = account
        self._endpoints = itertools.cycle(f"{server}/webhooks/wechat/{account.name}" for server in servers)
        self._numbers = itertools.count(time.time_ns())
        self._patience = patience
        self._session: aiohttp.ClientSession

    async def __aenter__(self) -> Courier:
        # One connection an attempt: what is cut is cut.
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, force_close=True), headers=_HEADERS)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def verify(self) -> bool:
        """Whether the server proves that it knows the token, as WeChat asks when the address is saved."""
        query = verification(self.account)
        async with self._session.get(next(self._endpoints), params=query, timeout=self._total(self._patience)) as response:
            return response.status == 200 and await response.text() == query["echostr"]

    async def post(self, request: Request) -> tuple[int, bytes]:
        """Send one request as it is: status and body. For tests of what the server refuses."""
        return await self._post(request, self._patience)

    async def deliver(
        self, phone: Phone, message: Message, cuts: Sequence[float] = (), *, sign_again: bool = True, number: int | None = None
    ) -> Delivery:
        """Send what a person did and show on the phone what comes back.

        ``cuts`` are seconds after which the connection breaks, one for each of the first attempts: whatever was answered
        is lost. ``sign_again`` signs each attempt anew; otherwise all are the same to the byte. ``number`` is the message id.
        """
        phone.sends(message)
        plain = message.xml(self.account.original_id, phone.open_id, number or next(self._numbers), int(time.time()))
        request = pack(self.account, phone.open_id, plain)
        delivery = Delivery()
        body: bytes | None = None
        for turn in range(ATTEMPTS):
            if turn and sign_again:
                request = pack(self.account, phone.open_id, plain)
            body = await self._attempt(request, delivery, cuts[turn] if turn < len(cuts) else None)
            if body is not None:
                break
        self._show(phone, delivery, body)
        return delivery

    async def _attempt(self, request: Request, delivery: Delivery, cut: float | None) -> bytes | None:
        """The body of an answer in time, ``None`` if there was none. Notes the attempt in ``delivery``."""
        started = time.perf_counter()
        result, body = "answered", None
        try:
            status, body = await self._post(request, min(cut or self._patience, self._patience))
            if cut is not None:
                result, body = "cut", None
            elif status != 200:
                result = f"HTTP {status}"
        except asyncio.TimeoutError:
            result = "late" if cut is None else "cut"
        except aiohttp.ClientError as error:
            result = type(error).__name__
        delivery.attempts.append(Attempt(result, time.perf_counter() - started))
        return body

    async def _post(self, request: Request, seconds: float) -> tuple[int, bytes]:
        address, body = next(self._endpoints), request.body.encode()
        async with self._session.post(address, params=request.query, data=body, timeout=self._total(seconds)) as response:
            return response.status, await response.read()

    def _show(self, phone: Phone, delivery: Delivery, body: bytes | None) -> None:
        last = delivery.attempts[-1].result
        if body is None or last != "answered":
            delivery.fault = f"no answer after {len(delivery.attempts)} attempts ({last})" if body is None else last
        else:
            try:
                delivery.text = unpack(self.account, phone.open_id, body)
            except BadReplyError as error:
                delivery.fault = str(error)
        if not phone.follows:
            return  # who has left sees nothing more
        if delivery.fault:
            phone.shows("system", OUT_OF_SERVICE)
        elif delivery.text is not None:
            phone.shows("reply", delivery.text)

    @staticmethod
    def _total(seconds: float) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(total=seconds)
