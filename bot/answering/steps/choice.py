"""An answer to the choices that the last reply offered: by number, by ordinal, by name, or in free words."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from rapidfuzz import fuzz

from bot.answering.context import FAMILY, Context, Option, Turn
from bot.answering.decision import OUT_OF_SCOPE
from bot.answering.subject.words import asks, only_tells

_DIGITS = {"十": 10, "九": 9, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "首": 1, "头": 1}
_ORDINAL = re.compile(
    r"^\W*(?:就|选|要|我选|我要|是|应该是|我是)*(?:第|头)?"
    r"(十[一二三四五]?|[一二两三四五六七八九首]|1[0-9]|[1-9])"
    r"\s*(?:个|种|项|条|号|那个|样)*(?:吧|的|嘛|啊|咯|呗|哈|哦|那个)*\W*$"
)
_LAST = re.compile(r"(最后|末尾|最下面|最底下|倒数第一)(面)?(那|一)?(个|种|项|条)?(?!不)")
_FIRST = re.compile(r"^\W*(最)?(上面|前面|头一)(那|一)?(个|种|项|条)(?!不)")
_SHORTEST_PART = 2
_ALIKE = 90
_NO = ("没", "无", "不", "未")
_ENOUGH = 0.0005
_CLEARLY = 3.0
_SURE = 0.97
_POINTS = re.compile(r"^(就)?(是|选|要)|(那种|那个|那些|那项|这种|这个|的)(吧|嘛|哈|呗)?\W*$|^就|那种[，,]|那个[，,]")
"""Words that point at one of several: 就是…, …那种."""
_DENIED = re.compile(r"(不是|没得|没有|没|无|不想|不)[^\s，。,.]{1,2}")
"""没得单位，就农村那种: what it is not says nothing for it."""
_NONE = re.compile(r"^\W*(都|全都|一个都|哪个都|两个都|上面)(都)?不是\W*(?=\w)")
"""都不是，我要改名字: the question was the wrong one."""
_FEW_WORDS = 8
_ANSWERS = frozenset({"choose_option", "inform_circumstance"})


def take_offered_choice(context: Context) -> Context:
    """Set the item or add the circumstance that the person chose."""
    options = context.memory.options
    if _NONE.search(context.turn.text):
        context.memory = replace(context.memory, options=())
        return context
    chosen = _chosen(context, options) if options else None
    if chosen is None:
        return context
    catalogue = context.knowledge.catalogue
    context.follows_up = True
    family = catalogue.families.get(chosen.id.removeprefix(FAMILY)) if chosen.id.startswith(FAMILY) else None
    if family:
        context.candidates = tuple(item.id for item in catalogue.family_items(family.id))
    elif chosen.id in catalogue.items:
        context.item, context.confidence = chosen.id, 1.0
    elif chosen.id in catalogue.circumstances:
        found = context.turn.circumstances
        context.turn = replace(context.turn, circumstances=replace(found, stated=(*found.stated, chosen.id)))
    return context


def _chosen(context: Context, options: tuple[Option, ...]) -> Option | None:
    text = context.turn.text
    position = _position(text, len(options))
    if position is not None:
        return options[position]
    alike = max(options, key=lambda option: _likeness(text, option))
    if _likeness(text, alike) >= _ALIKE and alike.id not in context.turn.circumstances.denied:
        return alike
    if context.turn.circumstances.stated and not any(option.id in context.knowledge.catalogue.items for option in options):
        return None  # said in the person's own words: the circumstances step reads them
    return (
        _by_part(text, options)
        or _by_case(context, options)
        or _by_elimination(context, options)
        or _by_meaning(context, options)
    )


def _likeness(text: str, option: Option) -> float:
    """How nearly a text is an option's name, up to 100; the opposite (没有… against 有…) is not near."""
    names = [name for name in (option.send, option.label) if text.startswith(_NO) == name.startswith(_NO)]
    return max((fuzz.ratio(text, name) for name in names), default=0.0)


def _number(word: str) -> int:
    """1, 一, 十二 … as a number."""
    if word.isdigit():
        return int(word)
    return _DIGITS["十"] + _DIGITS[word[1]] if len(word) == 2 else _DIGITS[word]


def _by_part(text: str, options: tuple[Option, ...]) -> Option | None:
    """The one option of whose label the text is a part (普通病: 普通病住院)."""
    bare = re.sub(r"\W|(的|吧|嘛|啊|那个|那种)$", "", text)
    holding = [option for option in options if len(bare) >= _SHORTEST_PART and bare in option.label]
    return holding[0] if len(holding) == 1 else None


def _position(text: str, count: int) -> int | None:
    match = _ORDINAL.match(text)
    if match:
        number = _number(match.group(1))
        return number - 1 if 1 <= number <= count else None
    if _LAST.search(text):
        return count - 1
    return 0 if _FIRST.search(text) else None


def _by_case(context: Context, options: tuple[Option, ...]) -> Option | None:
    """The one item that what is told of the case singles out (农村那种，一年一交), where nothing is asked."""
    items, stated = context.knowledge.catalogue.items, set(context.turn.circumstances.stated)
    told = [option for option in options if option.id in items and stated & set(items[option.id].cases)]
    return told[0] if len(told) == 1 and only_tells(context.turn) else None


def _by_elimination(context: Context, options: tuple[Option, ...]) -> Option | None:
    """The one of two items that is left when the case of the other is denied (没住院的那个)."""
    items, denied = context.knowledge.catalogue.items, set(context.turn.circumstances.denied)
    left = [option for option in options if option.id in items and not denied & set(items[option.id].cases)]
    return left[0] if denied and len(left) == 1 and len(options) == 2 else None


def _by_meaning(context: Context, options: tuple[Option, ...]) -> Option | None:
    """The offered item that the words fit best, if they fit one clearly better than the others.

    What was asked is which of these: so only the offered items are compared, unless the words surely mean something else.
    """
    catalogue, turn = context.knowledge.catalogue, context.turn
    items = [option for option in options if option.id in catalogue.items]
    if not items or _surely_else(turn, {option.id for option in items}, catalogue.items):
        return None
    fits = {option.id: turn.probability(option.id) + _overlap(turn.text, option, items) for option in items}
    best, *others = sorted(items, key=lambda option: -fits[option.id])
    clearly = fits[best.id] >= _CLEARLY * max((fits[option.id] for option in others), default=0.0)
    return best if fits[best.id] >= _ENOUGH and clearly else None


def _surely_else(turn: Turn, offered: Collection[str], items: Collection[str]) -> bool:
    """Whether a message is no answer to the choices: a question of its own, or talk."""
    if (turn.intent in items or turn.intent == OUT_OF_SCOPE) and len(turn.text) <= _FEW_WORDS and not asks(turn):
        return False  # 公司的, 卖药的: too little to be a question of its own
    if turn.intent in items:
        return turn.intent not in offered and turn.probability(turn.intent) > (_SURE if _POINTS.search(turn.text) else 0.6)
    if turn.intent in _ANSWERS or turn.intent.startswith(FAMILY):
        return False
    return turn.probability(turn.intent) > 0.6


def _overlap(text: str, option: Option, others: list[Option]) -> float:
    """How much of what sets this option apart from the others (门诊 / 住院) the text says."""
    own = _pairs(option.label + option.send)
    common = set.intersection(*(_pairs(other.label + other.send) for other in others)) if len(others) > 1 else set()
    elsewhere = set().union(*(_pairs(other.label + other.send) for other in others if other is not option))
    telling = (own - common - elsewhere) & _pairs(_DENIED.sub("，", text))
    return 0.3 * min(len(telling), 2)


def _pairs(text: str) -> set[str]:
    clean = re.sub(r"\W", "", text)
    return {clean[n : n + 2] for n in range(len(clean) - 1)}
