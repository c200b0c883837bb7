"""Which item is meant: one, several that fit, or none. The thresholds were set on ``tests/evaluation``."""

from __future__ import annotations

from bot.answering.context import Context

FAMILY = "family_"
FOLLOW_UPS = frozenset({"ask_aspect", "inform_region", "inform_circumstance", "choose_option", "affirm", "deny", "more", "repeat", "not_understood"})
OUT_OF_SCOPE = "out_of_scope"

_SURE = 0.5
_AHEAD = 0.2
_POSSIBLE = 0.08
_MOST_CANDIDATES = 5


def decide_item(context: Context) -> Context:
    """Fill ``item`` and ``confidence``, or ``candidates`` when the question leaves several open."""
    turn, memory = context.turn, context.memory
    if context.item or context.candidates:
        return context
    if turn.named_item:
        context.item, context.confidence = turn.named_item, 1.0
        return context
    if turn.intent in FOLLOW_UPS:
        context.follows_up = True
        context.item, context.confidence = memory.item, turn.ranking[0][1]
        if context.item is None:
            _from_weak_signs(context)
        return context
    items = _items(context)
    family = _open_family(context)
    if turn.intent == OUT_OF_SCOPE or (not items and not family):
        return context
    if family:
        _settle_open_question(context, family, items)
    else:
        _settle_between(context, items)
    return context


def _items(context: Context) -> list[tuple[str, float]]:
    catalogue = context.knowledge.catalogue
    return [(intent, p) for intent, p in context.turn.ranking if intent in catalogue.items]


def _open_family(context: Context) -> str | None:
    """The family whose items the question leaves open, when that is likelier than any one item."""
    intent = context.turn.intent
    families = context.knowledge.catalogue.families
    name = intent.removeprefix(FAMILY)
    return name if intent.startswith(FAMILY) and name in families else None


def _settle_open_question(context: Context, family: str, items: list[tuple[str, float]]) -> None:
    """An open question about the item just spoken of goes on with it; otherwise its family's items are candidates."""
    catalogue, memory = context.knowledge.catalogue, context.memory
    members = [item.id for item in catalogue.family_items(family)]
    if memory.item in members:
        context.item, context.confidence, context.follows_up = memory.item, context.turn.ranking[0][1], True
        return
    likely = [item for item, p in items if p >= _POSSIBLE]
    context.candidates = tuple(dict.fromkeys([*likely, *members]))[: max(_MOST_CANDIDATES, len(members))]


def _settle_between(context: Context, items: list[tuple[str, float]]) -> None:
    best, p = items[0]
    second = items[1][1] if len(items) > 1 else 0.0
    if p >= _SURE or p - second >= _AHEAD:
        context.item, context.confidence = best, p
    elif context.memory.item in [item for item, q in items if q >= _POSSIBLE]:
        context.item, context.confidence = context.memory.item, p
    else:
        likely = [item for item, q in items if q >= _POSSIBLE][:_MOST_CANDIDATES]
        if len(likely) > 1:
            context.candidates = tuple(likely)
        else:
            context.item, context.confidence = best, p


def _from_weak_signs(context: Context) -> None:
    """A follow-up with nothing before it: the item it hints at, if any, else every family is a candidate."""
    items = [(item, p) for item, p in _items(context) if p >= _POSSIBLE]
    if items:
        _settle_between(context, items)
