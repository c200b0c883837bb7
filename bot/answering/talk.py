"""Replies to the talk around questions: a person wanted, a complaint, again, more, from the start."""

from __future__ import annotations

from dataclasses import replace

from bot.answering.context import Context, Memory, Reply
from bot.answering.pipeline import answer_question
from bot.answering.reply import base_payload, hotlines, local_phones
from bot.answering.sections import number_with_place
from bot.answering.steps.aspects import names_an_aspect
from bot.answering.steps.place import decide_place
from knowledge.query import NotListed

_SURELY_A_PERSON = 0.9
_SURELY = 0.9


def hand_off(context: Context) -> Context:
    """The general hotlines, and the district's own number and hours where the last item and place are known.

    Just a number asked for, after an item (给个电话), is a question about that item.
    """
    if context.memory.item and "phone" in context.turn.aspects and context.turn.probability("handoff") < _SURELY_A_PERSON:
        return _about_last_item(context, "phone")
    context = decide_place(context)
    lines = [
        context.wording.say("handoff", hotlines=hotlines(context)),
        *_local(context, "phone", "handoff_local"),
        *_hours(context),
    ]
    return _reply(context, "handoff", lines)


def report(context: Context) -> Context:
    """Where to complain: the number of the item last spoken of, else the general ones."""
    if context.memory.item:
        return _about_last_item(context, "complaint")
    context = decide_place(context)
    return _reply(context, "handoff", [context.wording.say("complaint", hotlines=hotlines(context))])


def repeat(context: Context) -> Context:
    """The last question answered again; with none before, what one may ask.

    Who says what is to be said again (补卡要带哪样再讲一遍, 电话给一个，我再问问) gets that.
    """
    if not context.memory.item:
        if context.memory.options:
            return answer_question(context)  # which of these was the question: it still is
        return _reply(context, "chitchat", [context.wording.say("nothing_to_repeat")])
    return _about_last_item(context, *(context.turn.aspects if names_an_aspect(context.turn) else ()))


def more(context: Context) -> Context:
    """The next page of the last answer."""
    if _doubtful(context, "more"):
        return _answer_besides(context)
    if not context.memory.more:
        return _reply(context, "chitchat", [context.wording.say("nothing_more")])
    page, *rest = context.memory.more
    context = _reply(context, "chitchat", [page, *([context.wording.say("more")] if rest else [])])
    assert context.reply
    context.reply = replace(context.reply, more=tuple(rest))
    return context


def start_over(context: Context) -> Context:
    """Everything said before forgotten, where that is surely wished: else what the words may mean besides is answered."""
    if _doubtful(context, "start_over"):
        return _answer_besides(context)
    context.memory = Memory()
    return _reply(context, "chitchat", [context.wording.say("restarted")])


def unavailable(context: Context) -> Reply:
    """When the knowledge base cannot be read."""
    return Reply((context.wording.say("unavailable", hotlines=hotlines(context)),), base_payload(context, "fallback"))


def _doubtful(context: Context, intent: str) -> bool:
    """Whether a few words in a talk (我的呢, 公司那种呢) may as well ask something about its item."""
    return context.memory.item is not None and context.turn.probability(intent) < _SURELY


def _answer_besides(context: Context) -> Context:
    """What the words may mean but for their likeliest intent."""
    context.turn = replace(context.turn, ranking=context.turn.ranking[1:])
    return answer_question(context)


def _about_last_item(context: Context, *aspects: str) -> Context:
    """The item last spoken of answered again, for other aspects if any are given."""
    besides = tuple((intent, p) for intent, p in context.turn.ranking if intent in context.knowledge.catalogue.items)
    context.turn = replace(context.turn, ranking=(("repeat", 1.0), *besides), aspects=aspects, named_item=None)
    context.memory = replace(context.memory, options=())
    return answer_question(context)


def _reply(context: Context, kind: str, lines: list[str]) -> Context:
    context.circumstances = context.memory.circumstances
    context.reply = Reply(("\n".join(lines),), base_payload(context, kind), context.memory.options)
    return context


def _local(context: Context, aspect: str, phrase: str) -> list[str]:
    numbers = [number_with_place(fact) for fact in local_phones(context, aspect)]
    if not numbers or not context.region:
        return []
    return [context.wording.say(phrase, place=context.region.replace("/", ""), numbers="；".join(numbers))]


def _hours(context: Context) -> list[str]:
    item = context.memory.item
    if not item or not context.region:
        return []
    finding = context.knowledge.look_up(item, ["office_hours"], context.region)
    hours = [] if isinstance(finding, NotListed) else finding.facts.get("office_hours", [])
    return [context.wording.say("handoff_hours", hours=fact["text"]) for fact in hours]
