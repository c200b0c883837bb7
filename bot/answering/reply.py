"""Pieces that several replies share: the payload of the answer contract, choices, numbers to call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.answering.context import Context, Option
from knowledge.facts import Fact
from knowledge.query import NotListed

MESSAGE_LIMIT = 600
"""No message is longer than this many characters: what a phone screen shows without tiring."""


def base_payload(context: Context, kind: str) -> dict[str, Any]:
    """The contract's payload with everything but the facts."""
    item = context.knowledge.catalogue.items.get(context.item or "")
    region = context.knowledge.regions.regions.get(context.region or "")
    return {
        "type": kind,
        "item": {"id": item.id, "name": item.name, "code": item.code} if item else None,
        "aspects": list(context.aspects),
        "region": {
            "path": region.path if region else None,
            "adcode": region.adcode if region else None,
            "from": context.region_from,
        },
        "jurisdiction": None,
        "circumstances": list(context.circumstances),
        "facts": {},
        "sources": [],
        "notices": [],
        "options": [],
        "confidence": round(context.confidence, 4),
    }


def item_options(context: Context, items: Sequence[str]) -> tuple[Option, ...]:
    """Items as choices: labelled by what choosing them means, sent by their official name."""
    catalogue = context.knowledge.catalogue
    return tuple(
        Option(item, f"{catalogue.items[item].means}（{catalogue.items[item].name}）", catalogue.items[item].name)
        for item in items
    )


def hotlines(context: Context) -> str:
    return context.wording.hotlines(context.knowledge.catalogue.hotlines)


def local_phones(context: Context, aspect: str) -> list[Fact]:
    """The numbers of the item last spoken of, in the place in force; none while either is unknown."""
    item, region = context.item or context.memory.item, context.region
    if not item or not region:
        return []
    finding = context.knowledge.look_up(item, [aspect], region)
    return [] if isinstance(finding, NotListed) else finding.facts.get("phones", [])


def local_phone_line(context: Context) -> str:
    """Whom to call: the district's own number where exactly one is known, and the general hotlines."""
    numbers = [fact["number"] for fact in local_phones(context, "phone")]
    general = context.wording.say("phone_line", hotlines=hotlines(context))
    if len(numbers) != 1:
        return general
    return context.wording.say("local_phone", place=context.region, number=numbers[0]) + general
