"""Questions of the public that got no answer go into the clerks' queue, whatever becomes of the turn."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from bot.assist.learning import queue_fallback
from bot.services import services
from bot.state.patience import once

_log = logging.getLogger(__name__)


async def note_unanswered(conversation: str, text: str, payloads: Sequence[Mapping[str, Any]]) -> None:
    """Queue the question for each payload that says the guides do not answer it. Never fails the turn."""
    try:
        for payload in payloads:
            if payload.get("type") == "fallback":
                await once(queue_fallback, services().state, conversation, text, payload)
    except Exception:
        _log.exception("a question that got no answer could not be queued")
