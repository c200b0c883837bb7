"""Keeping hold of the messages that this process answers, from a thread: a busy event loop must not lose them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bot.channels.wechat.mailbox import LEASE_SECONDS, Mailbox

_log = logging.getLogger(__name__)
_INTERVAL = LEASE_SECONDS / 4


class Leases:
    """Renews every message held, until it is let go."""

    def __init__(self) -> None:
        self._held: dict[str, Mailbox] = {}
        self._any = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def held(self, mailbox: Mailbox, id: str) -> Iterator[None]:
        """While inside, the message stays this server's."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._renew, name="wechat leases", daemon=True)
            self._thread.start()
        self._held[id] = mailbox
        self._any.set()
        try:
            yield
        finally:
            self._held.pop(id, None)

    def _renew(self) -> None:
        pause = threading.Event()
        while self._any.wait():
            pause.wait(_INTERVAL)
            held = list(self._held.items())
            if not held:
                self._any.clear()
                if self._held:  # taken between the two lines above
                    self._any.set()
            for id, mailbox in held:
                try:
                    mailbox.renew(id)
                except Exception as error:
                    _log.warning("a lease cannot be renewed: %s", type(error).__name__)
