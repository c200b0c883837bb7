"""An answer to the choices that the last reply offered: by number, by ordinal, by name, or in free words."""

from __future__ import annotations

import re
from dataclasses import replace

from rapidfuzz import fuzz

from bot.answering.context import FAMILY, Context, Option

_DIGITS = {"十": 10, "九": 9, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "首": 1, "头": 1}
_ORDINAL = re.compile(
    r"^\W*(?:就|选|要|我选|我要|是|应该是|我是)*(?:第|头)?"
    r"(十[一二三四五]?|[一二两三四五六七八九首]|1[0-9]|[1-9])"
    r"\s*(?:个|种|项|条|号|那个|样)*(?:吧|的|嘛|啊|咯|呗|哈|哦|那个)*\W*$"
)
_LAST = re.compile(r"(最后|末尾|最下面|最底下|倒数第一)(面)?(那|一)?(个|种|项|条)?")
_FIRST = re.compile(r"^\W*(最)?(上面|前面|头一)(那|一)?(个|种|项|条)")
_SHORTEST_PART = 2
_ALIKE = 90
_NO = ("没", "无", "不", "未")
_ENOUGH = 0.12


def take_offered_choice(context: Context) -> Context:
    """Set the item or add the circumstance that the person chose."""
    options = context.memory.options
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
    return _by_part(text, options) or _by_meaning(context, options)


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


def _by_meaning(context: Context, options: tuple[Option, ...]) -> Option | None:
    """The offered item that the words fit best, unless they clearly mean something else."""
    catalogue, turn = context.knowledge.catalogue, context.turn
    items = [option for option in options if option.id in catalogue.items]
    if not items:
        return None
    top = turn.intent
    if top in catalogue.items and top not in {option.id for option in items} and turn.probability(top) > 0.6:
        return None
    if turn.probability("out_of_scope") > 0.6 or turn.intent in {"handoff", "start_over", "greet", "thanks", "bye"}:
        return None
    words = {option.id: _overlap(turn.text, option, items) for option in items}
    best = max(items, key=lambda option: turn.probability(option.id) + words[option.id])
    return best if turn.probability(best.id) + words[best.id] >= _ENOUGH else None


def _overlap(text: str, option: Option, others: list[Option]) -> float:
    """How much of what sets this option apart from the others (门诊 / 住院) the text says."""
    own = _pairs(option.label + option.send)
    common = set.intersection(*(_pairs(other.label + other.send) for other in others)) if len(others) > 1 else set()
    elsewhere = set().union(*(_pairs(other.label + other.send) for other in others if other is not option))
    telling = (own - common - elsewhere) & _pairs(text)
    return 0.3 * min(len(telling), 2)


def _pairs(text: str) -> set[str]:
    clean = re.sub(r"\W", "", text)
    return {clean[n : n + 2] for n in range(len(clean) - 1)}
