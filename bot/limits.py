"""Rate limits, the same for every front door: how much one visitor, or one address, may ask within a minute.

A sliding window of two counters: those of the last whole window count as far as it still reaches into the present one.
Shared by all servers through Redis, where it is configured; else each process counts for itself.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import time
from collections import Counter
from collections.abc import Callable

import redis
from sanic.request import Request

from bot.background import in_thread

_log = logging.getLogger(__name__)
_NETWORK_BITS = 64
"""An IPv6 visitor has a network of this many bits, and any address in it."""


class Limiter:
    """At most ``allowed`` in any ``seconds``, for each of those who ask."""

    def __init__(
        self,
        name: str,
        allowed: int,
        seconds: int = 60,
        shared: redis.Redis | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._name, self._allowed, self._seconds = name, allowed, seconds
        self._shared, self._clock = shared, clock
        self._counts: dict[int, Counter[str]] = {}

    async def retry_after(self, who: str) -> int:
        """0 when ``who`` may go on, which counts as one; else the seconds to wait."""
        if self._shared is None:
            return self._ask_here(who)
        try:
            return await in_thread(self._ask_shared, self._shared, who)
        except redis.RedisError:
            _log.warning("Redis does not answer: limit %r is counted in this process", self._name)
            return self._ask_here(who)

    def _ask_here(self, who: str) -> int:
        window, passed = self._now()
        self._counts = {n: self._counts.get(n, Counter()) for n in (window - 1, window)}  # older ones are forgotten
        now, before = self._counts[window], self._counts[window - 1]
        wait = self._wait(now[who], before[who], passed)
        if not wait:
            now[who] += 1
        return wait

    def _ask_shared(self, shared: redis.Redis, who: str) -> int:
        window, passed = self._now()
        key = f"yibao:limit:{self._name}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"
        now, before = shared.mget(f"{key}:{window}", f"{key}:{window - 1}")
        wait = self._wait(int(now or 0), int(before or 0), passed)
        if not wait:
            shared.pipeline().incr(f"{key}:{window}").expire(f"{key}:{window}", 2 * self._seconds).execute()
        return wait

    def _now(self) -> tuple[int, float]:
        """The number of the present window, and how much of it has passed (0 to 1)."""
        window, passed = divmod(self._clock() / self._seconds, 1)
        return int(window), passed

    def _wait(self, now: int, before: int, passed: float) -> int:
        if now + before * (1 - passed) < self._allowed:
            return 0
        return max(1, round((1 - passed) * self._seconds))


def is_of_this_machine(request: Request) -> bool:
    """Whether a program of this machine asks for itself: no proxy passed the request on for somebody else."""
    return ipaddress.ip_address(request.ip).is_loopback and "x-forwarded-for" not in request.headers


def address_of(request: Request) -> str:
    """Where a request comes from: what the trusted proxies say, where some are configured, else its own peer."""
    address: str = request.remote_addr or request.ip
    try:
        parsed = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return address
    return str(parsed if parsed.version == 4 else ipaddress.ip_network((parsed, _NETWORK_BITS), strict=False))
