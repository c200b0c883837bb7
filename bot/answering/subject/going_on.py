"""Messages that go on with the item of the talk, or with one beside it (公司那种呢)."""

from __future__ import annotations

import re

from bot.answering.context import Context
from bot.answering.decision import OUT_OF_SCOPE
from bot.answering.subject.earlier import back_to
from bot.answering.subject.likely import (
    WORTH_A_THOUGHT,
    by_case,
    family_share,
    far_better,
    likely_items,
    members_of,
    named_in_full,
    open_family,
    settle,
    siblings_of,
)
from bot.answering.subject.words import (
    FOLLOW_UPS,
    SHORT,
    asks,
    asks_an_aspect,
    asks_an_aspect_of_something,
    asks_the_same,
    only_a_place,
    only_tells,
)
from bot.thresholds import load_thresholds

_WEAK = 0.6
_SOME_FOLLOW_UP = 0.15
_VERY_SHORT = 16
_A_FEW_WORDS = 10
_FAIRLY_SURE = 0.75
_SURELY_A_FAMILY = 0.9
_LIKELY = 0.3
_AND_THE_OTHER = re.compile(r"^(那|要是|如果|换成|假如)|(那种|那个|那些|的)?呢\W*$|那种")
_ELLIPTIC = re.compile(r"^\W*(那|那么|要是|如果|换成)?.{1,8}呢\W*$")
_CORRECTION = re.compile(r"^不对|不是|说错|搞错|弄错|讲错|打错|问错|应该是")


def corrected(context: Context) -> bool:
    """不是门诊，是住院的: another item of the family just spoken of."""
    before, text = context.memory.item, context.turn.text
    if not before or len(text) > SHORT or not _CORRECTION.search(text):
        return False
    siblings = siblings_of(context, before)
    possible = load_thresholds().possible
    other = by_case(context, siblings)
    if not other and context.turn.intent != "inform_region":  # 说错了 单位在会理: the place was wrong, not the item
        other = far_better(context, siblings, possible)
    return other != before and settle(context, other, context.turn.probability(other or ""))


def continued(context: Context) -> bool:
    """A message that goes on with the item just spoken of, or with the one beside it that its circumstance tells."""
    before = context.memory.item
    context.follows_up = context.turn.intent in FOLLOW_UPS or (before is not None and _leans_back(context))
    if not before or not context.follows_up:
        return False
    siblings = siblings_of(context, before)
    named = named_in_full(context, [item for item, _ in likely_items(context)]) if context.turn.intent != OUT_OF_SCOPE else None
    other = named or by_case(context, siblings) or _the_other(context, siblings) or back_to(context)
    return settle(context, other or before, context.turn.ranking[0][1])


def _the_other(context: Context, siblings: list[str]) -> str | None:
    """公司那种呢: the item beside the one before that the words fit far better."""
    if (
        _AND_THE_OTHER.search(context.turn.text)
        or open_family(context) == context.knowledge.catalogue.items[siblings[0]].family
    ):
        return far_better(context, siblings, WORTH_A_THOUGHT)
    return far_better(context, siblings, _LIKELY) if asks(context.turn) else None


def _leans_back(context: Context) -> bool:
    turn, before = context.turn, context.memory.item
    if turn.intent in FOLLOW_UPS or only_a_place(turn) or only_tells(turn):
        return True
    if asks_the_same(turn) and not _speaks_for_itself(context):
        return True
    family = context.knowledge.catalogue.items[before or ""].family
    if _ELLIPTIC.search(turn.text) and by_case(context, members_of(context, family)):
        return True  # 药店的呢: of the same business, whatever the bare word goes with most
    leaning = sum(p for intent, p in turn.ranking if intent in FOLLOW_UPS)
    if turn.intent == OUT_OF_SCOPE:
        doubtful = leaning >= _SOME_FOLLOW_UP and turn.ranking[0][1] < _FAIRLY_SURE and len(turn.text) <= _A_FEW_WORDS
        return doubtful or asks_an_aspect_of_something(turn)
    if turn.probability(OUT_OF_SCOPE) >= load_thresholds().outside and not asks_an_aspect(turn):
        return False  # 老人想问低保怎么申请: near the item of the talk, yet no business of the guides
    if open_family(context) == family and not by_case(context, members_of(context, family)):
        return True
    if asks_an_aspect(turn) and len(turn.text) <= _VERY_SHORT and not _speaks_for_itself(context):
        return True
    leaning += turn.probability(before or "") + family_share(context, family)
    items = likely_items(context)
    unsure = not items or items[0][1] < _WEAK or (items[0][0] == before and asks_an_aspect(turn))
    return leaning >= _SOME_FOLLOW_UP and unsure


def _speaks_for_itself(context: Context) -> bool:
    """Whether a short message is sure enough of its item, or of the family whose items share the rest."""
    family = open_family(context)
    if not family:
        top, p = context.turn.ranking[0]
        item = context.knowledge.catalogue.items.get(top)
        return p + (family_share(context, item.family) if item else 0.0) >= _FAIRLY_SURE
    return family_share(context, family) + sum(map(context.turn.probability, members_of(context, family))) >= _SURELY_A_FAMILY
