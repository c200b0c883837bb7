"""The answer as a card for the agent: a script to read aloud, the checklist, a text message, and what to ask next."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from bot.actions.actions import place_rules
from bot.answering.context import Context, Memory, Turn
from bot.answering.sections import number_with_place, shown
from bot.answering.steps.answer import compose
from bot.answering.steps.circumstances import decide_circumstances
from bot.answering.steps.lookup import look_up
from bot.answering.wording import load_wording
from bot.assist.wording import say
from bot.services import services
from bot.understanding.circumstances import Found
from bot.web.links import answer_path
from knowledge.facts import COMPLAINT_KINDS, OVERVIEW, Fact
from knowledge.query import Finding

Card = dict[str, Any]

_BREATH = 30
"""From how many characters a sentence may be cut after a semicolon."""
_KEPT, _KEPT_SECONDS = 256, 30
_SPOKEN = ("materials", "time_limit", "channels", "phones")
"""What a script tells when nothing particular is asked, in this order."""
_FACTS_OF = {"phone": "phones", "complaint": "phones"}
_PHONE = re.compile(r"(?<!\d)(0\d{2,3})-?(\d{3,4})(\d{4})(?!\d)")
_NUMERALS = "零一二三四五六七八九十"


def card(
    item: str, region: str | None, origin: str, circumstances: tuple[str, ...], aspects: tuple[str, ...], sure: float
) -> Card:
    """The card of an item. ``origin`` is how the region is known, as in the answer contract; ``sure`` the confidence.

    Kept for half a minute. Raises ``sqlalchemy.exc.SQLAlchemyError`` when the knowledge base cannot be read.
    """
    made = _card(item, region, origin, circumstances, aspects, int(time.monotonic() // _KEPT_SECONDS))
    return {**made, "payload": {**made["payload"], "confidence": sure}}


@lru_cache(_KEPT)
def _card(item: str, region: str | None, origin: str, circumstances: tuple[str, ...], aspects: tuple[str, ...], _: int) -> Card:
    context = _answered(item, region, origin, circumstances, aspects)
    assert context.reply
    payload = context.reply.payload
    facts, path = payload["facts"], answer_path(payload)
    return {
        "payload": payload,
        "script": _script(context, aspects),
        "checklist": [{"text": shown(fact, context.wording), "when": fact["when"]} for fact in facts.get("materials", ())],
        "time_limit": _lines(facts.get("time_limit", ()), context),
        "channels": _lines(facts.get("channels", ()), context),
        "phones": [{"kind": f["kind"], "place": f.get("place"), "number": f["number"]} for f in facts.get("phones", ())],
        "ask_next": _ask_next(context),
        "sms": _sms(context, path),
        "link": path,
    }


def _answered(item: str, region: str | None, origin: str, circumstances: tuple[str, ...], aspects: tuple[str, ...]) -> Context:
    """The answering steps with what was heard decided already. All of the item is looked up, a complaint's number if asked."""
    turn = Turn(text="", ranking=((item, 1.0),), circumstances=Found(stated=circumstances))
    context = Context(turn, Memory(), services().knowledge, place_rules(), load_wording())
    context.item, context.region, context.region_from = item, region, origin
    context.aspects = (OVERVIEW, "complaint") if "complaint" in aspects else (OVERVIEW,)
    return compose(look_up(decide_circumstances(context)))


def _script(context: Context, aspects: Sequence[str]) -> list[str]:
    """Short sentences: what decides the case, what was asked, then the rest an agent has to tell; the question last."""
    if not isinstance(context.finding, Finding):
        assert context.reply
        return _sentences("".join(context.reply.payload["notices"]))
    facts = context.finding.facts
    asked = [_FACTS_OF.get(aspect, aspect) for aspect in aspects]
    keys = [key for key in dict.fromkeys([*asked, *_SPOKEN]) if key in facts]
    lines = [_opening(context, context.finding), *context.finding.decisive]
    for key in keys:
        lines += _spoken(key, facts[key], context, "complaint" in aspects)
    question = _ask_next(context)
    return [*(s for line in lines for s in _sentences(line)), *([say("script", "ask", **question)] if question else [])]


def _opening(context: Context, finding: Finding) -> str:
    if context.region:
        return say("script", "opening", item=finding.item.name, place=context.region.replace("/", ""))
    return say("script", "opening_no_place", item=finding.item.name, guide=context.wording.guide(finding.nearest))


def _spoken(key: str, facts: Sequence[Fact], context: Context, complaint: bool) -> list[str]:
    if key == "materials":
        return _spoken_materials(facts, context)
    if key == "phones":
        return [_spoken_phone(fact, context) for fact in facts if (fact["kind"] in COMPLAINT_KINDS) == complaint]
    if key == "time_limit":
        return [_spoken_limit(fact) for fact in facts]
    texts = dict.fromkeys(fact["text"] + (f"（{fact['when']}）" if fact["when"] else "") for fact in facts)
    return [say("script", key, text="；".join(text.rstrip("。；") for text in texts))]


def _spoken_materials(facts: Sequence[Fact], context: Context) -> list[str]:
    always = [shown(fact, context.wording).rstrip("。；") for fact in facts if not fact["when"]]
    if len(always) == 1:
        lines = [say("script", "one_material", text=always[0])]
    else:
        lines = [say("script", "materials", count=_numeral(len(always)))] if always else []
        lines += [say("script", "material", n=_numeral(n), text=text) for n, text in enumerate(always, 1)]
    cases: dict[str, list[str]] = {}
    for fact in facts:
        if fact["when"]:
            cases.setdefault(fact["when"], []).append(shown(fact, context.wording).rstrip("。；"))
    return [*lines, *(say("script", "in_case", when=when, texts="；".join(texts)) for when, texts in cases.items())]


def _spoken_phone(fact: Fact, context: Context) -> str:
    number = _PHONE.sub(r"\1，\2，\3", fact["number"])
    kind, place = context.wording.phone_kinds[fact["kind"]], fact.get("place")
    return say("script", "phone", place=place, kind=kind, number=number) if place else _phone_alone(kind, number)


def _phone_alone(kind: str, number: str) -> str:
    return say("script", "phone_no_place", kind=kind, number=number)


def _spoken_limit(fact: Fact) -> str:
    if fact.get("window"):
        return say("script", "window", text=fact["text"])
    if fact["when"]:
        return say("script", "time_limit_in_case", when=fact["when"], text=fact["text"])
    return say("script", "time_limit", text=fact["text"])


def _sentences(line: str) -> list[str]:
    """A line cut after full stops, a long one after semicolons too, outside of brackets and quotes."""
    pieces, depth, current = [], 0, ""
    for character in line:
        depth += (character in "（(“《") - (character in "）)”》")
        current += character
        if depth <= 0 and (character in "。\n" or (character == "；" and len(current) >= _BREATH)):
            pieces.append(current.strip())
            current = ""
    return [piece for piece in [*pieces, current.strip()] if piece]


def _lines(facts: Sequence[Fact], context: Context) -> list[str]:
    """Facts as lines of their own, each with its condition, once."""
    lines = []
    for fact in facts:
        text = context.wording.say("window_of_application", text=fact["text"]) if fact.get("window") else fact["text"]
        lines.append(f"{text}（{fact['when']}）" if fact["when"] else text)
    return list(dict.fromkeys(lines))


def _ask_next(context: Context) -> dict[str, Any] | None:
    """The question whose answer would change the card most."""
    finding = context.finding
    if not isinstance(finding, Finding) or not finding.open_questions:
        return None
    question = finding.open_questions[0]
    return {"question": question.asks, "choices": [{"id": c.id, "label": c.label} for c in question.choices]}


def _sms(context: Context, path: str | None) -> str:
    """The answer as a text message, with the address of the whole guide entry."""
    finding, region = context.finding, context.region
    name = context.knowledge.catalogue.items[context.item or ""].name
    lines = [
        say("sms", "heading", item=name, place=region.replace("/", "")) if region else say("sms", "heading_no_place", item=name)
    ]
    if isinstance(finding, Finding):
        texts = {
            "materials": _numbered(finding.facts.get("materials", ()), context),
            "time_limit": "；".join(_lines(finding.facts.get("time_limit", ()), context)),
            "channels": "；".join(_lines(finding.facts.get("channels", ()), context)),
            "phones": "；".join(number_with_place(fact) for fact in finding.facts.get("phones", ())),
        }
        lines += [say("sms", key, text=text.rstrip("。；")) for key, text in texts.items() if text]
        lines.append(say("sms", "source", guides="、".join(context.wording.guide(s) for s in finding.sources)))
    elif context.reply:
        lines += context.reply.payload["notices"]
    if path:
        lines.append(say("sms", "link", link=services().settings.public_url + path))
    return "\n".join(lines)


def _numbered(facts: Sequence[Fact], context: Context) -> str:
    texts = [shown(f, context.wording).rstrip("。；") + (f"（{f['when']}）" if f["when"] else "") for f in facts]
    return texts[0] if len(texts) == 1 else " ".join(f"{n}.{text}" for n, text in enumerate(texts, 1))


def _numeral(number: int) -> str:
    """1 to 99 as it is read: 一, 十二, 三十."""
    tens, ones = divmod(number, 10)
    return (_NUMERALS[tens] if tens > 1 else "") + ("十" if tens else "") + (_NUMERALS[ones] if ones else "")
