"""One signature, one message: a request seen before passes only as a repeat by WeChat.

WeChat's repeats come within seconds, three attempts at most. Whether it signs each anew or not, both pass.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from typing import Any

from bot.channels.wechat.mailbox import ATTEMPTS
from bot.channels.wechat.wire import FRESH_SECONDS, RefusedError
from bot.state.documents import Documents

_REPEATS_SECONDS = 30


class ReplayGuard:
    """Remembers signatures until they are stale."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def check(self, account: str, query: Mapping[str, str], message: str) -> None:
        """Count a signed request for a message. Raises :class:`RefusedError` (403) for a replay. Blocks."""
        signed = hashlib.sha256("\0".join((account, query["timestamp"], query["nonce"])).encode()).hexdigest()

        def change(seen: dict[str, Any]) -> bool:
            now = time.time()
            seen.setdefault("first", now)
            seen.setdefault("message", message)
            seen["uses"] = seen.get("uses", 0) + 1
            return bool(seen["message"] == message and seen["uses"] <= ATTEMPTS and now - seen["first"] <= _REPEATS_SECONDS)

        if not self._documents.change(f"wechat-signed:{signed}", change, 2 * FRESH_SECONDS):
            raise RefusedError(403, "this request was served before")
