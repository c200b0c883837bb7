"""The end for what the guides do not answer: say so, offer the nearest items and a number."""

from __future__ import annotations

import re

from bot.answering.context import Context, Option, Reply
from bot.answering.reply import base_payload, item_options, local_phone_line

_NEAREST = 3
_NEAR = 0.01


def reject(context: Context) -> Context:
    if context.item or context.candidates:
        return context
    if not re.search(r"\w", context.turn.text):
        context.reply = Reply((context.wording.say("empty"),), base_payload(context, "fallback"))
        return context
    nearest = [intent for intent, p in context.turn.ranking if intent in context.knowledge.catalogue.items and p >= _NEAR]
    options: tuple[Option, ...] = item_options(context, nearest[:_NEAREST])
    wording = context.wording
    lines = [wording.say("fallback")]
    if options:
        lines.append(wording.numbered("fallback_nearest", [option.label for option in options]))
    lines.append(local_phone_line(context))
    payload = base_payload(context, "fallback") | {"options": [option.payload() for option in options]}
    context.reply = Reply(("\n".join(lines),), payload, options)
    return context
