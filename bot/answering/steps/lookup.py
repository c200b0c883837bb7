"""The facts: what the guides of the place say."""

from __future__ import annotations

from bot.answering.context import Context
from knowledge.facts import OVERVIEW
from knowledge.query import Finding


def look_up(context: Context) -> Context:
    assert context.item, "the steps before end the walk when no item is decided"
    context.finding = context.knowledge.look_up(context.item, context.aspects, context.region, context.circumstances)
    same_item = context.item == context.memory.item
    if context.turn.intent == "inform_circumstance" and same_item and _untouched(context):
        context.aspects = (OVERVIEW,)
        context.finding = context.knowledge.look_up(context.item, context.aspects, context.region, context.circumstances)
    return context


def _untouched(context: Context) -> bool:
    """Whether the circumstances just said change nothing of what was asked, so that they ask for more than that."""
    stated = set(context.turn.circumstances.stated)
    if not stated or not isinstance(context.finding, Finding) or context.finding.decisive:
        return False
    facts = [fact for values in context.finding.facts.values() for fact in values]
    return not any(stated & {*fact.get("circumstances", ()), *fact.get("waived_when", ())} for fact in facts)
