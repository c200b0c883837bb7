"""Messages that go back to an item spoken of earlier in the talk (最开头问的那个), or mean the other one (另一个呢)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.context import Context
from bot.answering.subject.likely import WORTH_A_THOUGHT, far_better, settle, siblings_of
from bot.answering.subject.words import asks

_HARDLY = 0.001
_FIRST_ASKED = re.compile(r"((最|一)(开头|开始|先|早)|(第|头)一(个|件|样|项)(?=我?(问|说|讲|提|聊|那))).{0,8}那?(个|项|件)")
_POINTS_BACK = re.compile(r"刚才|刚刚|前面|之前|先前|开头|上面|起先|(回到|说回|回头|还是)(说|问|讲)?|那会儿")
_THAT_ONE = re.compile(r"\w那(个|种|件|项|样)")
_RETURNS = re.compile(r"(回到|说回|转回|回头(再)?说|再说)(刚才|前面|之前|开头|上面|头|最先|第一)")
_ANOTHER = re.compile(
    r"^\W*(那|还有|那么)?(另外?|剩下|余下|前|头|上)(的|那|一)*(个|样|件|项|种)(业务|事|事情)?(呢|也|要|是|的话)"
)


def another(context: Context) -> bool:
    """另一个呢: the item spoken of just before this one, else the other of a family of two. The words name nothing."""
    before, earlier = context.memory.item, context.memory.earlier
    if not before or not _ANOTHER.search(context.turn.text):
        return False
    siblings = [item for item in siblings_of(context, before) if item != before]
    context.follows_up = True
    return settle(context, earlier[0] if earlier else siblings[0] if len(siblings) == 1 else None, 1.0)


def back_to(context: Context) -> str | None:
    """停的话又要几天, 取钱那个呢: an earlier item that the words fit far better than the one before, or its family does.

    Who says 最开头问的那个 has named it: the first item spoken of. Who says 前面那个减人的 or 法人那个 means an earlier one,
    however little a few words tell of which.
    """
    if _FIRST_ASKED.search(context.turn.text) and context.memory.earlier:
        return context.memory.earlier[-1]
    if _POINTS_BACK.search(context.turn.text) or _THAT_ONE.search(context.turn.text):
        one = context.memory.earlier[0] if len(context.memory.earlier) == 1 and _RETURNS.search(context.turn.text) else None
        return far_better(context, context.memory.earlier, _HARDLY) or one
    return far_better(context, context.memory.earlier, WORTH_A_THOUGHT) if asks(context.turn) else None


def spoken_of(context: Context, candidates: Sequence[str]) -> str | None:
    """The likeliest of several items, where it alone of them was spoken of before, or lies beside the item of the talk."""
    before = context.memory.item
    beside = siblings_of(context, before) if before else ()
    again = [item for item in candidates if item in beside or item in context.memory.earlier]
    return again[0] if again and again == list(candidates[:1]) else None


def by_what_was_said(context: Context, members: list[str]) -> str | None:
    """The one of these items that was spoken of before, or that fits what is known of the person from before.

    Who asked how to enrol a newborn and now asks how to change its name means a resident's name; who applied for a
    clinic means the clinic's accounts.
    """
    items, memory = context.knowledge.catalogue.items, context.memory
    spoken_of = [item for item in (memory.item, *memory.earlier) if item]
    again = [item for item in spoken_of if item in members]
    if again:
        return again[0] if len(again) == 1 else None
    known = {*memory.circumstances, *(case for item in spoken_of[:1] for case in items[item].cases)}
    fitting = [item for item in members if known & set(items[item].cases)]
    return fitting[0] if len(fitting) == 1 else None
