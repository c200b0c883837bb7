"""Which item is meant: one, several that fit, or none. Thresholds: ``bot/thresholds.yml``."""

from __future__ import annotations

from bot.answering.context import Context
from bot.answering.subject.earlier import another, spoken_of
from bot.answering.subject.going_on import continued, corrected
from bot.answering.subject.likely import by_case, decision_on, named_in_full, settle
from bot.answering.subject.open_questions import left_open, still_open, torn
from bot.answering.subject.words import asks_a_sum


def decide_item(context: Context) -> Context:
    """Fill ``item`` and ``confidence``, or ``candidates`` when the question leaves several open."""
    if not (context.item or context.candidates):
        for decide in (_a_sum, _called_by_name, corrected, another, still_open, continued, torn, left_open, _best):
            if decide(context):
                break
    return context


def _a_sum(context: Context) -> bool:
    """No guide holds sums: it is no question about the item, whatever the words lean on."""
    return asks_a_sum(context.turn)


def _called_by_name(context: Context) -> bool:
    return settle(context, context.turn.named_item, 1.0)


def _best(context: Context) -> bool:
    """The likeliest item, if it is likely enough; else those that are worth offering."""
    found = decision_on(context)
    items, several = context.knowledge.catalogue.items, list(found.candidates)
    told = by_case(context, several) if len({items[item].family for item in several}) == 1 else None
    item = found.item or named_in_full(context, several) or told or spoken_of(context, several)
    context.candidates = () if item else found.candidates
    return bool(context.candidates) or settle(context, item, context.turn.probability(item or ""))
