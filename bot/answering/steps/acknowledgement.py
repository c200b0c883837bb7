"""The end for a nod (嗯, 好, 要得) where nothing was offered to nod to, and for a no that says which item it was not."""

from __future__ import annotations

import re

from bot.answering.context import Context, Reply
from bot.answering.reply import base_payload

_WORDLESS = re.compile(r"^[^\w?]*$")
"""What is left of 嗯嗯 or 👌. A question mark alone asks."""
_NODS = re.compile(
    r"^(?:[哦噢喔嗯恩唔啊呃好行对是那就的了嘛吧哈咯啦呀嘞哒]|得行|要得|晓得|知道|明白|了解|懂|清楚|收到|可以|没问题|记(?:住|下)|多?谢谢?|\W)+$"
)
"""哦哦好, 喔 懂了, 嗯嗯了解: people pile one nod on another, so that no list of examples holds them all."""
_ANOTHER = re.compile(r"不是|不对|错|系|啱")
"""不是这个, but not 不用了 or 算了."""
_LONGEST = 8
_LIKELY = 0.5


def acknowledge(context: Context) -> Context:
    """After an answer, 好 asks nothing: saying it all again would read as not having listened."""
    turn, memory = context.turn, context.memory
    short = len(turn.text) <= _LONGEST
    nods = _WORDLESS.match(turn.text) or _NODS.match(turn.text) or (short and turn.probability("affirm") >= _LIKELY)
    if not memory.item or _offered_items(context) or not (nods or (short and turn.intent == "deny")):
        return context
    if turn.intent == "deny" and _ANOTHER.search(turn.text):
        family = context.knowledge.catalogue.items[memory.item].family
        members = context.knowledge.catalogue.family_items(family)
        context.candidates = tuple(item.id for item in members if item.id != memory.item)
        context.follows_up = True
        return context
    context.circumstances = memory.circumstances
    context.reply = Reply(
        (context.wording.say("acknowledged"),), base_payload(context, "chitchat"), memory.options, memory.more
    )
    return context


def _offered_items(context: Context) -> bool:
    """Whether the last reply asked which item is meant: then a nod is an answer to that."""
    return any(option.id not in context.knowledge.catalogue.circumstances for option in context.memory.options)
