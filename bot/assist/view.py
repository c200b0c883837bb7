"""A call as it goes to the screen: the interface's CallState."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.assist.calls import Call
from bot.assist.card import card
from bot.services import services
from bot.state.times import iso

_log = logging.getLogger(__name__)
MOST_PIECES_SHOWN = 200
_IN_CONTRACT = {"chosen": "said", "said": "said", "line": "channel"}


def call_state(call: Call) -> dict[str, Any]:
    """The whole state, ready for JSON."""
    catalogue = services().knowledge.catalogue
    candidates = [
        {**row, "name": catalogue.items[row["item"]].name, "means": catalogue.items[row["item"]].means}
        for row in call.heard.get("candidates", ())
    ]
    circumstances = circumstances_of(call)
    region = call.region
    return {
        "call": call.id,
        "revision": call.revision,
        "status": "closed" if call.until else "open",
        "since": iso(call.since),
        "line": call.line,
        "region": {"path": region[0], "from": region[1]} if region else None,
        "circumstances": [
            {"id": c, "label": catalogue.circumstances[c].label, "from": origin} for c, origin in circumstances.items()
        ],
        "aspects": aspects_of(call),
        "pieces": [vars(piece) for piece in call.pieces[-MOST_PIECES_SHOWN:]],
        "candidates": candidates,
        "chosen_item": call.chosen.item,
        "card": _card(call, tuple(circumstances), region),
        "open_question": bool(call.heard.get("open_question")) and not call.chosen.item,
        "feedback": call.feedback,
    }


def circumstances_of(call: Call) -> dict[str, str]:
    """The circumstances in force, and whether each was ``heard`` or ``chosen``."""
    catalogue, chosen = services().knowledge.catalogue, call.chosen.circumstances
    settled = {catalogue.circumstances[c].group for c, holds in chosen.items() if holds}
    heard = [
        c for c in call.heard.get("circumstances", ()) if c not in chosen and catalogue.circumstances[c].group not in settled
    ]
    return {**dict.fromkeys(heard, "heard"), **{c: "chosen" for c, holds in chosen.items() if holds}}


def aspects_of(call: Call) -> list[str]:
    return list(call.chosen.aspects if call.chosen.aspects is not None else call.heard.get("aspects", ()))


def _card(call: Call, circumstances: tuple[str, ...], region: tuple[str, str] | None) -> dict[str, Any] | None:
    item = call.item
    if not item:
        return None
    sure = 1.0 if call.chosen.item else call.heard["candidates"][0]["confidence"]
    path, origin = (region[0], _IN_CONTRACT[region[1]]) if region else (None, "none")
    try:
        return card(item, path, origin, circumstances, tuple(aspects_of(call)), sure)
    except SQLAlchemyError:
        _log.exception("the knowledge base cannot be read")
        return None
