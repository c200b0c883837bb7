"""The end for a question that leaves several items open: one question, the choices in a citizen's words."""

from __future__ import annotations

from bot.answering.context import Context, Reply
from bot.answering.reply import base_payload, item_options


def ask_which_item(context: Context) -> Context:
    if context.item:
        return context
    catalogue = context.knowledge.catalogue
    options = item_options(context, context.candidates)
    families = {catalogue.items[item].family for item in context.candidates}
    asks = catalogue.families[families.pop()].asks if len(families) == 1 else context.wording.say("which_item")
    text = context.wording.numbered("clarify", [option.label for option in options], asks=asks)
    payload = base_payload(context, "clarify") | {"options": [option.payload() for option in options]}
    context.reply = Reply((text,), payload, options)
    return context
