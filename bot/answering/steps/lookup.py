"""The facts: what the guides of the place say."""

from __future__ import annotations

from bot.answering.context import Context


def look_up(context: Context) -> Context:
    assert context.item, "the steps before end the walk when no item is decided"
    context.finding = context.knowledge.look_up(context.item, context.aspects, context.region, context.circumstances)
    return context
