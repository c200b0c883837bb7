"""The last step: the facts as a reply that fits a phone, with source, notices, and what to do next."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.answering.context import Context, Option, Reply
from bot.answering.reply import MESSAGE_LIMIT, base_payload, hotlines
from bot.answering.sections import pages, section
from knowledge.facts import OVERVIEW, OVERVIEW_SHOWN
from knowledge.query import Finding, NotListed

_NEXT = ("materials", "time_limit", "channels", "process", "phone", "remarks", "eligibility")
_SHOWN_NEXT = 3


def compose(context: Context) -> Context:
    finding = context.finding
    if isinstance(finding, NotListed):
        context.reply = _not_listed(context, finding)
    elif finding:
        context.reply = _answer(context, finding)
    return context


def _answer(context: Context, finding: Finding) -> Reply:
    wording = context.wording
    overview = OVERVIEW in context.aspects
    shown = [key for key in finding.facts if not overview or key in OVERVIEW_SHOWN]
    known = context.knowledge.catalogue.with_implied(frozenset(context.circumstances))
    blocks = [section(key, finding.facts[key], wording, overview, known) for key in shown]
    notices = _notices(context, finding, shown)
    options = _options(finding)
    labels = [option.label for option in options]
    asks = [wording.numbered("which_circumstance", labels, asks=finding.open_questions[0].asks)] if options else []
    used = {fact["source"] for key in shown for fact in finding.facts[key]} or {finding.nearest.id}
    guides = "、".join(wording.guide(source) for source in finding.sources if source.id in used)
    closing = "\n".join([*notices, *asks, wording.say("source", guides=guides), _next_step(context, finding)])
    texts, more = _fit([_heading(context), *blocks], closing, wording.say("more"))
    payload = base_payload(context, "answer") | {
        "jurisdiction": finding.nearest.jurisdiction,
        "facts": finding.facts,
        "sources": [_source(source) for source in finding.sources],
        "notices": notices,
        "options": [option.payload() for option in options],
    }
    return Reply(texts, payload, options, more)


def _fit(blocks: list[str], closing: str, more_line: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The first message with the closing words, and what is left to show on 更多."""
    whole = "\n".join([*blocks, closing])
    if len(whole) <= MESSAGE_LIMIT:
        return (whole,), ()
    ending = f"{closing}\n{more_line}"
    if len(ending) > MESSAGE_LIMIT // 2:
        first, *rest = pages(blocks, more_line, MESSAGE_LIMIT)
        return (first if not rest else f"{first}\n{more_line}",), (*rest, *pages([closing], "", MESSAGE_LIMIT))
    first, *rest = pages(blocks, ending, MESSAGE_LIMIT)
    return (f"{first}\n{ending}",), tuple(rest)


def _heading(context: Context) -> str:
    item = context.knowledge.catalogue.items[context.item or ""]
    if context.region:
        return context.wording.say("heading", item=item.name, place=context.region.replace("/", ""))
    return context.wording.say("heading_no_place", item=item.name)


def _notices(context: Context, finding: Finding, shown: list[str]) -> list[str]:
    wording, notices = context.wording, _assumed(context)
    guide = wording.guide(finding.nearest)
    notices += [wording.say("decisive", text=text) for text in finding.decisive]
    if finding.treated_as:
        notices.append(wording.say("treated_as", guide=guide, item=finding.item.name, entry=finding.treated_as.name))
    for source in dict.fromkeys(finding.wider[key] for key in shown if key in finding.wider):
        names = "、".join(wording.aspects[key] for key in shown if finding.wider.get(key) == source)
        notices.append(wording.say("wider", guide=guide, aspect=names, source=wording.guide(source)))
    notices += _gaps(context, finding, guide)
    if finding.region is None:
        notices.append(wording.say("ask_place", guide=guide))
    elif finding.own_guide and finding.own_guide.region:
        notices.append(wording.say("item_not_in_own_guide", own=wording.guide(finding.own_guide), guide=guide))
    elif _foreign(context, finding):
        notices.append(wording.say("no_own_guide", place=finding.region.replace("/", ""), guide=guide))
    if sum(1 for fact in finding.facts.get("phones", ()) if fact.get("place") and fact["kind"] == "inquiry") > 1:
        notices.append(wording.say("which_district"))
    return notices


def _assumed(context: Context) -> list[str]:
    """That the likeliest item was taken where the person did not say which, and what else was offered."""
    if not context.passed_over:
        return []
    items = context.knowledge.catalogue.items
    others = "、".join(f"“{items[item].means}”" for item in context.passed_over)
    return [context.wording.say("assumed", item=items[context.item or ""].name, others=others)]


def _gaps(context: Context, finding: Finding, guide: str) -> list[str]:
    """What no guide up the chain gives: said, with the guide's own words, and the hotline to ask."""
    if OVERVIEW in context.aspects or not finding.gaps:
        return []
    wording = context.wording
    lines = []
    for key, reason in finding.gaps.items():
        if key == "phones" and finding.unlisted_district:
            lines.append(wording.say("gap_district", guide=guide, district=finding.unlisted_district))
            continue
        name = wording.aspects["complaint" if key == "phones" and context.aspects == ("complaint",) else key]
        lines.append(wording.say("gap", guide=guide, aspect=name, reason=f"（{reason}）" if reason else ""))
    return [*lines, wording.say("gap_phone", hotlines=hotlines(context))]


def _foreign(context: Context, finding: Finding) -> bool:
    """Whether the nearest guide is that of a wider place than the person's city."""
    if not finding.region:
        return False
    return finding.nearest.region != context.knowledge.regions.jurisdiction_of(finding.region)


def _options(finding: Finding) -> tuple[Option, ...]:
    """The choices of the one question whose answer would change the reply most."""
    if not finding.open_questions:
        return ()
    return tuple(Option(choice.id, choice.label, choice.label) for choice in finding.open_questions[0].choices)


def _next_step(context: Context, finding: Finding) -> str:
    names, asked = context.wording.aspects, context.aspects
    told = {"materials", "time_limit", "channels", "eligibility"} if OVERVIEW in asked else set()
    if OVERVIEW in asked and finding.facts.get("phones"):
        told.add("phone")
    useful = [aspect for aspect in _NEXT if aspect not in asked and aspect not in told]
    return context.wording.say("next_step", aspects="、".join(names[aspect] for aspect in useful[:_SHOWN_NEXT]))


def _not_listed(context: Context, finding: NotListed) -> Reply:
    wording = context.wording
    guides = "、".join(wording.guide(guide) for guide in finding.guides)
    notice = wording.say("not_listed", guides=guides, item=finding.item.name)
    following = wording.say("not_listed_next", hotlines=hotlines(context))
    payload = base_payload(context, "answer") | {
        "jurisdiction": finding.guides[0].jurisdiction if finding.guides else None,
        "notices": [notice, following],
    }
    return Reply(("\n".join([_heading(context), notice, following]),), payload)


def _source(source: Any) -> dict[str, Any]:
    return {key: value for key, value in asdict(source).items() if key in {"id", "title", "year", "entry"}}
