"""The end of a call: its outcome, and the summary an agent files."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Engine

from bot.assist.calls import Call
from bot.assist.learning import queue_unanswered
from bot.assist.view import circumstances_of
from bot.assist.wording import say
from bot.privacy import mask
from bot.services import services
from bot.state.times import iso, now


def close(call: Call, outcome: str, note: str | None) -> bool:
    """End a call. One that is closed stays as it was closed."""
    if call.until:
        return False
    call.until, call.outcome, call.note = now(), outcome, mask(note) if note else None
    return True


def summary(state: Engine, call: Call) -> dict[str, Any]:
    """What a closed call was about and what came of it; masked. Puts in the clerks' queue what could not be answered."""
    assert call.until
    catalogue = services().knowledge.catalogue
    queue_unanswered(state, call)
    region = call.region[0] if call.region else None
    labels = [catalogue.circumstances[c].label for c in circumstances_of(call)]
    name = catalogue.items[call.item].name if call.item else None
    return {
        "call": call.id,
        "since": iso(call.since),
        "until": iso(call.until),
        "seconds": int((call.until - call.since).total_seconds()),
        "outcome": call.outcome,
        "note": call.note,
        "item": {"item": call.item, "name": name} if call.item else None,
        "region": region,
        "circumstances": labels,
        "asked": call.asked(),
        "text": _text(name, region, labels, call),
    }


def _text(name: str | None, region: str | None, labels: list[str], call: Call) -> str:
    lines = [say("summary", "asked", item=name) if name else say("summary", "asked_nothing_known")]
    if region:
        lines.append(say("summary", "region", region=region.replace("/", "")))
    if labels:
        lines.append(say("summary", "circumstances", circumstances="、".join(labels)))
    lines.append(say("summary", "outcome", outcome=say("outcomes", call.outcome or "")))
    if call.note:
        lines.append(say("summary", "note", note=call.note))
    return "\n".join(lines)
