"""The end for what the guides do not answer: say so, offer the nearest items and a number."""

from __future__ import annotations

import re

from bot.answering.context import FAMILY, Context, Option, Reply
from bot.answering.reply import base_payload, item_options, local_phone_line

_NEAREST = 3
_NEAR = 0.01


def reject(context: Context) -> Context:
    if context.item or context.candidates:
        return context
    wording = context.wording
    if not re.search(r"\w", context.turn.text):
        return _end(context, [wording.say("empty")])
    if context.follows_up and context.turn.aspects:
        return _ask_which_family(context)
    if context.memory.misses:
        options = _menu(context)
        return _end(context, [wording.numbered("menu", [option.label for option in options])], options)
    options = item_options(context, _nearest(context))
    offer = [wording.numbered("fallback_nearest", [option.label for option in options])] if options else []
    return _end(context, [wording.say("fallback"), *offer], options)


def _ask_which_family(context: Context) -> Context:
    """几点上班, 电话多少, with nothing said before: of which business?"""
    options = _menu(context)
    text = context.wording.numbered("which_family", [option.label for option in options])
    payload = base_payload(context, "clarify") | {"options": [option.payload() for option in options]}
    context.reply = Reply((text,), payload, options)
    return context


def _end(context: Context, lines: list[str], options: tuple[Option, ...] = ()) -> Context:
    payload = base_payload(context, "fallback") | {"options": [option.payload() for option in options]}
    context.reply = Reply(("\n".join([*lines, local_phone_line(context)]),), payload, options)
    return context


def _nearest(context: Context) -> list[str]:
    items = context.knowledge.catalogue.items
    return [intent for intent, p in context.turn.ranking if intent in items and p >= _NEAR][:_NEAREST]


def _menu(context: Context) -> tuple[Option, ...]:
    """After a second miss: every family of items, so that nobody is left with nothing to do next."""
    return tuple(Option(FAMILY + f.id, f.name, f.name) for f in context.knowledge.catalogue.families.values())
