"""Whose matter a message is about: who asked for his mother and for himself goes back to hers with 我妈那个要几天."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.answering.context import SELF, Context
from bot.answering.subject.likely import decision_on, settle
from bot.answering.subject.words import FOLLOW_UPS

_KIN = {
    "father": "爸爸?|父亲|老汉儿?|爹",
    "mother": "妈妈?|母亲|娘(?!家)",
    "grandparents": "爷爷?|奶奶?|外公|外婆|姥姥|姥爷|家公|家婆",
    "parents_in_law": "公公|婆婆|岳父|岳母|丈人|丈母娘",
    "spouse": "老公|老婆|爱人|媳妇|丈夫|妻子|老伴|男人|先生|太太",
    "child": "儿子?|女儿|娃儿?|孩子|闺女|姑娘|小孩|宝宝|幺儿",
    "sibling": "哥哥?|弟弟?|姐姐?|妹妹?",
    SELF: "自己|本人",
}
_DOES_IT = r"(?!.{0,3}(?:帮|替|代|陪|去办|来办))"
"""我女儿帮我去办: who does it is not whose matter it is."""
_NAMED = re.compile(
    r"(?:^|\W|我|咱|俺|给|替)(?:们)?(?:家|屋)?(?:头)?(?:老|小|大)?"
    + f"(?:{'|'.join(f'(?P<{who}>{words})' for who, words in _KIN.items())})"
    + _DOES_IT
)
_REFERS = r"(?:那|这)(?:个|种|份|件|边)|(?:那|这)?(?:个|种)?的?呢\W*$|的(?:那|这|呢)"
_OWN = re.compile(rf"我(?={_REFERS})")
_OTHER = re.compile(rf"(?<!其)[他她](?={_REFERS})")
_OF_SOMEBODY = re.compile(_REFERS)


def decide_person(context: Context) -> Context:
    """Fill ``person`` if the message names one, and take up his matter where it points to that."""
    memory, text = context.memory, context.turn.text
    context.person = person = _named(context)
    matter = memory.matters.get(person or "")
    if person and matter and person != memory.person and _OF_SOMEBODY.search(text):
        earlier = tuple(dict.fromkeys(item for item in (memory.item, *memory.earlier) if item and item != matter.item))
        context.memory = replace(
            memory, person=person, item=matter.item, region=matter.region, circumstances=matter.circumstances, earlier=earlier
        )
        if _asks_on(context, matter.item):
            context.follows_up = settle(context, matter.item, context.turn.ranking[0][1])
    return context


def _asks_on(context: Context, item: str) -> bool:
    """Whether the message names no other business than the one this item belongs to."""
    items, found = context.knowledge.catalogue.items, decision_on(context)
    family = items[found.item].family if found.item else found.family
    return context.turn.intent in FOLLOW_UPS or family == items[item].family


def _named(context: Context) -> str | None:
    text, memory = context.turn.text, context.memory
    if named := _NAMED.search(text):
        return named.lastgroup
    if _OWN.search(text):
        return SELF
    if _OTHER.search(text):
        others = [person for person in memory.matters if person != SELF]
        return others[-1] if others and memory.person == SELF else None
    return None
