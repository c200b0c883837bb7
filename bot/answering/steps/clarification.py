"""The end for a question that leaves several items open: one question, the choices in a citizen's words."""

from __future__ import annotations

from bot.answering.context import Context, Reply
from bot.answering.reply import base_payload, hotlines, item_options

_FAR_LIKELIER = 2.0
_AT_ALL = 0.002
"""Below this, which of a family's items is the likeliest says nothing: 我要报销 leaves them all open."""


def ask_which_item(context: Context) -> Context:
    if context.item:
        return context
    catalogue = context.knowledge.catalogue
    options = item_options(context, context.candidates)
    families = {catalogue.items[item].family for item in context.candidates}
    asks = catalogue.families[families.pop()].asks if len(families) == 1 else context.wording.say("which_item")
    text = context.wording.numbered("clarify", [option.label for option in options], asks=asks)
    if options == context.memory.options:  # put once more, it must not sound as if nobody had listened
        text = "\n".join(
            [context.wording.say("asked_again"), text, context.wording.say("phone_line", hotlines=hotlines(context))]
        )
    payload = base_payload(context, "clarify") | {"options": [option.payload() for option in options]}
    context.reply = Reply((text,), payload, options)
    context.leading = _leading(context)
    return context


def _leading(context: Context) -> str | None:
    """The candidate that is far likelier than the others; asked again, the one that was."""
    if context.follows_up and context.memory.leading in context.candidates:
        return context.memory.leading
    fits = sorted(((context.turn.probability(item), item) for item in context.candidates), reverse=True)
    return fits[0][1] if len(fits) > 1 and fits[0][0] >= max(_AT_ALL, _FAR_LIKELIER * fits[1][0]) else None
