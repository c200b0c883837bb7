"""What the words of a message do, whatever item it is about: ask, only tell, name nothing but a place, want a sum."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.context import Turn
from bot.answering.decision import OUT_OF_SCOPE
from bot.understanding.places import MASK
from knowledge.facts import OVERVIEW

FOLLOW_UPS = frozenset(
    {
        "ask_aspect",
        "inform_region",
        "inform_circumstance",
        "choose_option",
        "affirm",
        "deny",
        "more",
        "repeat",
        "not_understood",
    }
)
SHORT = 25
_SURELY_OUT_OF_SCOPE = 0.95
_BARE_PLACE_REST = 4
_ASKS = re.compile(
    r"怎|咋|如何|什么|啥|哪|几|多少|多久|多长|好久|好多|吗|嘛|么|呢|[不没](?!\w)|(\w)不\1|能|可以|行|想|要(?!是)|办|申请|弄|问|报|查|改|换|取|补|转|还是|"
    r"周期|期限|时限|渠道|电话|号码|时间|依据|文件|步|讲|材料|资料|流程|条件|地址|进度|投诉|[?？]"
)
_THE_SAME = re.compile(
    r"也(是|要|用|需要|得)?.{0,4}(这些|一样|这样|这么)|一样(的)?(吗|不|嘛|没|么)|同样|(也是|一样的?)(这个|这种)?情况"
)
_SUM = re.compile(
    r"(报|领|得|补|发|拿|赔|退|交|缴|算)(得|到|个)*(多少|好多|几多)(?!天|年|样|份|久|次|张|人|项|个|工作|时间|日)|"
    r"(多少|好多|几多|几个)(钱|块|元)|几成|百分之(几|多少)|比例|(怎么|咋个?|如何)算(?![不是作在])"
)
HARDLY_ASKED = frozenset({OVERVIEW, "eligibility"})
"""What messages are often taken to ask that ask nothing of the guides (公积金能一起开户不), ask a sum, or tell at length."""
_CONDITION = re.compile(r"条件|资格|够格|符合|算不算|算在内")


def asks(turn: Turn) -> bool:
    """Whether a message holds a word of asking or wanting."""
    return bool(_ASKS.search(turn.text))


def asks_the_same(turn: Turn) -> bool:
    """他那边也要这些吗: what was asked before, of another case or person."""
    return bool(_THE_SAME.search(turn.text))


def asks_a_sum(turn: Turn) -> bool:
    """那我能领好多钱, 报得到几成. Who asks for a channel beside it (手机上看还剩多少钱) wants that."""
    return bool(_SUM.search(turn.text)) and set(turn.aspects) <= HARDLY_ASKED


def asks_an_aspect(turn: Turn) -> bool:
    """Whether a particular aspect is asked for."""
    return bool(turn.aspects) and turn.aspects != (OVERVIEW,)


def asks_an_aspect_of_something(turn: Turn) -> bool:
    """Out of scope by itself, but surely asking for an aspect: it leans on what was said before."""
    definite = surely_asked(turn.text, turn.aspects)
    return turn.intent == OUT_OF_SCOPE and definite and turn.probability(OUT_OF_SCOPE) < _SURELY_OUT_OF_SCOPE


def surely_asked(text: str, aspects: Sequence[str]) -> bool:
    """Whether a text that names no item asks for the aspects heard in it: 听得到不 asks for no eligibility."""
    return bool(set(aspects) - HARDLY_ASKED) or bool(_CONDITION.search(text))


def only_tells(turn: Turn) -> bool:
    """Whether a message only tells of the person's case (他是夹江退休的，户口在眉山) and asks nothing."""
    told = turn.mentions or turn.circumstances.stated
    return bool(told) and len(turn.text) <= SHORT and not asks(turn)


def only_a_place(turn: Turn) -> bool:
    """Whether, but for places, next to nothing is said."""
    rest = turn.text
    for mention in turn.mentions:
        rest = rest.replace(mention.text, "")
    return bool(turn.mentions) and len(re.sub(r"\W", "", rest.replace(MASK, ""))) <= _BARE_PLACE_REST
