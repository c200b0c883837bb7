"""Whose matter a message is about: who asked for his mother and for himself goes back to hers with 我妈那个要几天."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from bot.answering.context import SELF, Context
from bot.answering.subject.likely import decision_on, settle
from bot.answering.subject.words import FOLLOW_UPS

_KIN = {
    "father": "爸爸?|父亲|老汉儿?|爹",
    "mother": "妈妈?|母亲|娘(?!家)",
    "grandfather": "爷爷?|外公|姥爷|家公",
    "grandmother": "奶奶?|外婆|姥姥|家婆",
    "father_in_law": "公公|岳父|丈人",
    "mother_in_law": "婆婆|岳母|丈母娘",
    "spouse": "老公|老婆|爱人|媳妇|丈夫|妻子|老伴|男人|先生|太太",
    "son": "儿子?|幺儿",
    "daughter": "女儿|闺女|姑娘",
    "child": "(?:娃儿?|孩子|小孩|宝宝)(?![他她的]*[爸妈爹娘])",
    "elder_brother": "哥哥?",
    "younger_brother": "弟弟?",
    "elder_sister": "姐姐?",
    "younger_sister": "妹妹?",
    SELF: "(?<=[我咱俺])(?:自己|本人)",
}
_ADDRESSED = re.compile("先生|太太|姑娘|[哥弟姐妹]")
"""妹儿，那要几天: how a stranger is spoken to; 我妹儿 is the sister."""
_MINE = "我咱俺给替的"
_CHILDREN = frozenset({"son", "daughter", "child"})
_BESIDE = "(?<![跟和陪同随像])"
"""跟我妈住: whom one lives with is not whose matter it is."""
_DOES_IT = r"(?!说|讲|喊|叫|让|[^的那这]{0,3}(?:帮|替|代|陪|打电话|垫|[去来](?:办|拿|交|领|取|跑)))"
"""我女儿帮我去办, 我妈说要复印件: nor who does it, or says so."""
_NAMED = re.compile(
    rf"{_BESIDE}(?:^|\W|我|咱|俺|给|替|的)(?:们)?(?:家|屋)?(?:头)?(?:老|小|大)?"
    + f"(?:{'|'.join(f'(?P<{who}>{words})' for who, words in _KIN.items())})"
    + _DOES_IT
)
_REFERS = r"(?:那|这)(?:个|种|份|件|边)|(?:那|这)?(?:个|种)?的?呢\W*$|的(?:那|这|呢)"
_OWN = re.compile(rf"[我俺咱](?={_REFERS}|也(?:想|要)(?!问))")
_WANTS = re.compile("[我俺咱](?:也|想|要)")
_OTHER = re.compile(rf"(?<!其)[他她](?={_REFERS})")
_OF_SOMEBODY = re.compile(_REFERS)


def decide_person(context: Context) -> Context:
    """Fill ``person`` if the message names one, and take up his matter where it points to that."""
    memory, text = context.memory, context.turn.text
    context.person = person = _named(context)
    matter = memory.matters.get(person or "")
    if not person or not matter or person == memory.person:
        return context
    if not _OF_SOMEBODY.search(text) and context.turn.intent != "ask_aspect":  # 我妈住院的钱咋个报: for her place
        context.memory = replace(memory, region=matter.region or memory.region)
        return context
    _take_up(context, person)
    if matter.item and _asks_on(context, matter.item):
        context.follows_up = settle(context, matter.item, context.turn.ranking[0][1])
    return context


def return_to_person(context: Context) -> Context:
    """Take up the matter whose item a message goes back to without naming anybody: 诊所那个电话, after the mother's."""
    memory, item = context.memory, context.item
    offered = {memory.item, *(option.id for option in memory.options)}
    if not item or context.person or item in offered or _WANTS.search(context.turn.text):
        return context
    whose = [person for person, matter in memory.matters.items() if matter.item == item and matter.region]
    if len(whose) == 1 and whose[0] != memory.person:
        context.person = whose[0]
        _take_up(context, whose[0])
    return context


def _take_up(context: Context, person: str) -> None:
    """Remember a person's matter as what was spoken of just before."""
    memory, matter = context.memory, context.memory.matters[person]
    item = matter.item or memory.item
    context.memory = replace(
        memory,
        person=person,
        item=item,
        region=matter.region,
        circumstances=matter.circumstances,
        earlier=memory.besides(item),
    )


def _asks_on(context: Context, item: str) -> bool:
    """Whether the message names no other business than the one this item belongs to."""
    items, found = context.knowledge.catalogue.items, decision_on(context)
    family = items[found.item].family if found.item else found.family
    return context.turn.intent in FOLLOW_UPS or family == items[item].family


def _named(context: Context) -> str | None:
    text, memory = context.turn.text, context.memory
    for named in _NAMED.finditer(text):
        person = _same_child(named.lastgroup or SELF, memory.matters)
        known = person in memory.matters and _OF_SOMEBODY.match(text, named.end())
        if known or named[0][0] in _MINE or not _ADDRESSED.match(named[named.lastgroup or 0]):
            return person
    if _OWN.search(text):
        return SELF
    if _OTHER.search(text):
        others = [person for person in memory.matters if person != SELF]
        return others[-1] if others and memory.person == SELF else None
    return None


def _same_child(person: str, known: Collection[str]) -> str:
    """Who asked for his son and now says 娃儿那个 means the son."""
    alike = [who for who in known if {who, person} <= _CHILDREN and "child" in {who, person}]
    return alike[0] if len(alike) == 1 and person not in known else person
