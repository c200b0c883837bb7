"""Several processes that serve one port. Each has a queue of connections of its own, and one that dies is replaced.

Sanic's own workers (21.12) share one queue, which the first that wakes takes whole, and are not replaced.
"""

from __future__ import annotations

import logging
import signal
import socket
import time
from collections.abc import Callable
from multiprocessing import connection, context, get_context
from types import FrameType

from bot.watch.processes import forget_metrics

_log = logging.getLogger(__name__)
_SHORT_LIFE = 5.0
"""Seconds. What dies sooner is replaced after as long a pause."""
_WAITING_CONNECTIONS = 100


def run_workers(serve: Callable[[socket.socket], None], host: str, port: int, count: int) -> None:
    """Fork ``count`` processes that each ``serve`` a listening socket, until this one is told to stop.

    Raises ``OSError`` when something listens on the port already.
    """
    _listen(host, port, shared=False).close()  # sockets that share a port would not tell
    workers = [_Worker(serve, _listen(host, port, shared=True)) for _ in range(count)]
    told_to_stop = False

    def stop(_: int, __: FrameType | None) -> None:
        nonlocal told_to_stop
        told_to_stop = True
        for worker in workers:
            worker.process.terminate()

    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, stop)
    while not told_to_stop:
        connection.wait([worker.process.sentinel for worker in workers])
        for worker in workers:
            if not told_to_stop and not worker.process.is_alive():
                worker.replace()
    for worker in workers:
        worker.process.terminate()  # one may have been on its way while the others were told
        worker.process.join()


class _Worker:
    """A process and its socket, which stays open here: who connects while the process is replaced waits, and is served."""

    def __init__(self, serve: Callable[[socket.socket], None], queue: socket.socket) -> None:
        self._serve, self._queue = serve, queue
        self.process = self._start()

    def replace(self) -> None:
        ended = self.process
        _log.error("worker %s ended with %s; another takes its place", ended.pid, ended.exitcode)
        assert ended.pid  # as every process that was started
        forget_metrics(ended.pid)
        if time.monotonic() - self._started < _SHORT_LIFE:
            time.sleep(_SHORT_LIFE)
        self.process = self._start()

    def _start(self) -> context.ForkProcess:
        self._started = time.monotonic()
        process = get_context("fork").Process(target=self._run, daemon=True)
        process.start()
        return process

    def _run(self) -> None:
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, signal.SIG_DFL)
        self._serve(self._queue)


def _listen(host: str, port: int, shared: bool) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=_WAITING_CONNECTIONS, reuse_port=shared)
