"""How likely items are: by the ranking of a message, by its circumstances, by a name in it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.context import FAMILY, Context
from bot.answering.decision import Decision, decide
from bot.answering.subject.words import FOLLOW_UPS
from bot.thresholds import load_thresholds

WORTH_A_THOUGHT = 0.02
"""The least that an item must fit where the words say that another one is meant."""
_MOSTLY = 0.7
_FAR_BETTER = 3.0


def settle(context: Context, item: str | None, confidence: float) -> bool:
    """Decide for an item; False where there is none to decide for."""
    if item is None:
        return False
    context.item, context.confidence = item, confidence
    return True


def likely_items(context: Context) -> list[tuple[str, float]]:
    """The items of the ranking with their probabilities, likeliest first."""
    catalogue = context.knowledge.catalogue
    return [(intent, p) for intent, p in context.turn.ranking if intent in catalogue.items]


def members_of(context: Context, family: str) -> list[str]:
    """The items of a family."""
    return [item.id for item in context.knowledge.catalogue.family_items(family)]


def siblings_of(context: Context, item: str) -> list[str]:
    """The items of an item's family, it among them."""
    return members_of(context, context.knowledge.catalogue.items[item].family)


def family_share(context: Context, family: str) -> float:
    """The probability that a family is meant, whichever of its items."""
    return context.turn.probability(FAMILY + family)


def far_better(context: Context, items: Sequence[str], enough: float) -> str | None:
    """The one of these items that the words fit best: at least ``enough``, and far better than the item of the talk."""
    catalogue, before = context.knowledge.catalogue, context.memory.item or ""

    def fit(item: str) -> float:
        family = catalogue.items[item].family
        share = family_share(context, family) if family != catalogue.items[before].family else 0.0
        return context.turn.probability(item) + share

    best = max(items, key=fit, default=None)
    return best if best and fit(best) >= max(enough, _FAR_BETTER * fit(before)) else None


def open_family(context: Context) -> str | None:
    """The family that the likeliest intent leaves open."""
    name = context.turn.intent.removeprefix(FAMILY)
    is_family = context.turn.intent.startswith(FAMILY) and name in context.knowledge.catalogue.families
    return name if is_family else None


def by_case(context: Context, members: list[str]) -> str | None:
    """The one of these items that a stated circumstance singles out (住院 among the reimbursements)."""
    stated = set(context.turn.circumstances.stated)
    told = [item for item in members if stated & set(context.knowledge.catalogue.items[item].cases)]
    return told[0] if len(told) == 1 else None


def named_in_full(context: Context, items: Sequence[str]) -> str | None:
    """The one of several items whose official name stands in the message."""
    names = {context.knowledge.catalogue.items[item].name: item for item in items}
    called = sorted((name for name in names if name in context.turn.text), key=len)
    return names[called[-1]] if called and all(name in called[-1] for name in called) else None


def decision_on(context: Context) -> Decision:
    """What the ranking alone says. A message that nothing was said before cannot lean back, unless nothing else is likely."""
    ranking = _not_denied(context)
    leaning = sum(p for intent, p in ranking if intent in FOLLOW_UPS)
    if leaning < _MOSTLY and not (context.memory.item or context.memory.options):
        ranking = tuple((intent, p / (1 - leaning)) for intent, p in ranking if intent not in FOLLOW_UPS)
    return decide(ranking, context.knowledge.catalogue.items, load_thresholds())


def _not_denied(context: Context) -> tuple[tuple[str, float], ...]:
    """The ranking; an item whose case the message denies (没得转院证明) leaves its share to the items beside it."""
    ranking, items = context.turn.ranking, context.knowledge.catalogue.items
    denied, top = set(context.turn.circumstances.denied), items.get(context.turn.intent)
    if not top or not denied & set(top.cases) or set(context.turn.circumstances.stated) & set(top.cases):
        return ranking
    beside = [(item, p) for item, p in ranking if item != top.id and item in items and items[item].family == top.family]
    share = sum(p for _, p in beside)
    if not share:
        return ranking
    raised = {item: p / share * (share + ranking[0][1]) for item, p in beside}
    return tuple(sorted(((item, raised.get(item, p)) for item, p in ranking[1:]), key=lambda entry: -entry[1]))
