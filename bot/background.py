"""Work that would hold up the event loop, done in threads of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from typing import Any, TypeVar

_THREADS = 4

T = TypeVar("T")


async def in_thread(work: Callable[..., T], *args: Any, **named: Any) -> T:
    """The result of blocking work (a database, a model) without blocking the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_pool(), partial(work, *args, **named))


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="background")
