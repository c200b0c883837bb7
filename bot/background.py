"""Work that would hold up the event loop, done in threads of its own; and work that outlives the request that began it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, ThreadPoolExecutor
from contextvars import copy_context
from functools import lru_cache, partial
from typing import Any, TypeVar

_THREADS = 8

T = TypeVar("T")
_at_work: set[asyncio.Task[Any]] = set()


async def in_thread(work: Callable[..., T], *args: Any, **named: Any) -> T:
    """The result of blocking work (a model, a file, Redis) without blocking the event loop."""
    return await in_thread_of(threads(), work, *args, **named)


async def in_thread_of(kept: Executor, work: Callable[..., T], *args: Any, **named: Any) -> T:
    """The same in threads kept for that kind of work, so that it takes none from others where it is held up."""
    run = partial(copy_context().run, work, *args, **named)  # what is logged there belongs to the same request
    return await asyncio.get_running_loop().run_in_executor(kept, run)


def begin_work(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Begin what is to be finished even when whoever asked for it goes away or the server stops."""
    task = asyncio.get_running_loop().create_task(work)
    _at_work.add(task)
    task.add_done_callback(_at_work.discard)
    return task


async def finish_work(seconds: float) -> int:
    """Wait for what was begun, at most so long; how much is left."""
    return len((await asyncio.wait(_at_work, timeout=seconds))[1]) if _at_work else 0


@lru_cache(maxsize=1)
def threads() -> ThreadPoolExecutor:
    """Those of :func:`in_thread`."""
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="background")
