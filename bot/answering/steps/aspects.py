"""What is asked of the item."""

from __future__ import annotations

import re

from bot.answering.context import Context, Turn
from bot.answering.subject.words import HARDLY_ASKED, asks, asks_the_same
from knowledge.facts import OVERVIEW

_AND_THAT_ONE = re.compile(r"^(那|那么|还有)?.{0,14}呢\W*$")
_OF_ANOTHER = re.compile(r"^(?!.*想).*((的|那种|那个)呢|那种|那个)\W*$")
"""自己临时跑去看的呢: asks the same of another case, though telling it takes long. Who wants (想) asks anew."""
_THESE = re.compile(r"(要|交|带|拿|用|准备|提供)(到)?(这些|那些|这几样|那几样|同样|一样的)")
"""What one brings, whatever was asked before."""
_NAMES_ONE = re.compile(r"材料|资料|手续|带|电话|几天|多久|好久|时限|流程|步骤|条件|网上|手机|地址|上班|依据|进度")
"""那昆明那边材料呢 names a place, and yet another aspect."""
_PAPERS = re.compile(r"(开|拿|带|交|备|填|给|提供).{0,4}(啥|什么|哪些|哪样)(子|文件|证明|东西)\W*$")
_PAPERS_SEEM = frozenset({OVERVIEW, "legal_basis"})
"""要去医院开啥子, 应该给学校哪些文件: papers to bring, though a 文件 is a law elsewhere."""
_HOW = re.compile(r"(怎么|咋个?|如何|怎样)(去)?(办|弄|整|搞|报|取|申请|领|开|转)")
_SURELY = 0.8
_AGAIN = "repeat"
"""Also stands for the last item asked about anew by the talk itself, which then names the aspects."""
_NO_QUESTION = frozenset(
    {"inform_region", "inform_circumstance", "choose_option", "affirm", "deny", "repeat", "not_understood"}
)


def decide_aspects(context: Context) -> Context:
    """The aspects the message asks; those asked before when it only adds to that question; else an overview."""
    asked, before = _asked(context.turn), context.memory.aspects
    the_same_of_another = bool(_OF_ANOTHER.search(context.turn.text)) and set(asked) <= HARDLY_ASKED
    nothing_new = not asked or asked == (OVERVIEW,) or the_same_of_another
    leans_back = context.follows_up or the_same_of_another or bool(_AND_THAT_ONE.match(context.turn.text))
    only_a_place = (
        context.turn.intent == "inform_region"
        and context.turn.probability("inform_region") >= _SURELY
        and (nothing_new or not names_an_aspect(context.turn))
    )
    if before and _THESE.search(context.turn.text) and asks_the_same(context.turn):
        context.aspects = ("materials",)
        return context
    if before and (
        only_a_place
        or (not asks(context.turn) and context.turn.intent != _AGAIN and _same_business(context))
        or asks_the_same(context.turn)
        or (nothing_new and (leans_back or context.turn.intent in _NO_QUESTION) and not _how_another_is_done(context))
    ):
        context.aspects = before
    else:
        context.aspects = asked or (OVERVIEW,)
    return context


def _asked(turn: Turn) -> tuple[str, ...]:
    papers = _PAPERS.search(turn.text) and set(turn.aspects) <= _PAPERS_SEEM
    return ("materials",) if papers else turn.aspects


def names_an_aspect(turn: Turn) -> bool:
    """Whether a word of the message itself says what is asked (那边材料呢), beside what the model takes it to ask."""
    return bool(_NAMES_ONE.search(turn.text))


def _how_another_is_done(context: Context) -> bool:
    """要是人走了，钱怎么取: another item, and all of it is asked."""
    return context.item != context.memory.item and bool(_HOW.search(context.turn.text))


def _same_business(context: Context) -> bool:
    """Whether the item is one that was offered, the one before, or one beside it."""
    items, before = context.knowledge.catalogue.items, context.memory.item
    if context.item is None or before is None:
        return context.follows_up
    return items[context.item].family == items[before].family
