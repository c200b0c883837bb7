"""Questions that several items fit: the choices offered before that are not taken yet, and those to offer now."""

from __future__ import annotations

import re

from bot.answering.context import Context
from bot.answering.decision import OUT_OF_SCOPE
from bot.answering.subject.earlier import by_what_was_said
from bot.answering.subject.likely import by_case, decision_on, likely_items, members_of, named_in_full, settle
from bot.answering.subject.words import FOLLOW_UPS, asks, asks_an_aspect, asks_an_aspect_of_something, only_a_place, only_tells
from bot.thresholds import load_thresholds

_ACCEPTS = frozenset({"affirm", "choose_option"})
_MOST_CANDIDATES = 5
_TORN = re.compile(
    r"还是.*([没不](搞|弄|分)?得?(清|懂|明白)|不(晓得|知道))|([分搞弄]不清|不(晓得|知道)).{0,8}还是|"
    r"(一个|有的|有人)说.*(一个|有的|有人|又)说.*(糊涂|不清|哪个|不(晓得|知道))"
)


def still_open(context: Context) -> bool:
    """A follow-up while the last reply asked which item: that is still the question, unless one was likely or alone offered.

    Who asks on (要好久) or names a place has passed the question over: asked once more, it would go round in a circle.
    """
    offered = [option.id for option in context.memory.options if option.id in context.knowledge.catalogue.items]
    if context.memory.misses and (context.memory.item or context.turn.intent not in _ACCEPTS):
        return False  # what was offered beside a refusal is not what the talk is about
    only_adds = only_a_place(context.turn) or only_tells(context.turn)
    still = context.turn.intent in FOLLOW_UPS or only_adds or asks_an_aspect_of_something(context.turn)
    if not offered or not (still or (context.turn.intent == OUT_OF_SCOPE and not asks(context.turn))):
        return False
    context.follows_up = True
    if len(offered) == 1:
        return settle(context, offered[0], context.turn.ranking[0][1])
    if context.memory.leading and (only_adds or asks_an_aspect(context.turn)):
        context.passed_over = tuple(item for item in offered if item != context.memory.leading)
        return settle(context, context.memory.leading, context.turn.ranking[0][1])
    context.candidates = tuple(offered)
    return True


def torn(context: Context) -> bool:
    """加人还是改资料我也没搞清: who says so is asked which, however sure the words alone would be."""
    likely = [item for item, p in likely_items(context) if p >= load_thresholds().possible][:_MOST_CANDIDATES]
    if len(likely) < 2 or not _TORN.search(context.turn.text):
        return False
    context.candidates = tuple(likely)
    return True


def left_open(context: Context) -> bool:
    """A question that a family's items all fit: one of them if a circumstance tells, else all are candidates."""
    family = decision_on(context).family
    if not family:
        return False
    members = members_of(context, family)
    likely = [item for item, p in likely_items(context) if p >= load_thresholds().possible]
    told = by_case(context, members) or named_in_full(context, members) or by_what_was_said(context, members)
    if told:
        return settle(context, told, context.turn.ranking[0][1])
    context.candidates = tuple(dict.fromkeys([*likely, *members]))[: max(_MOST_CANDIDATES, len(members))]
    return True
