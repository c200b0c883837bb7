"""Facts as short plain Chinese: one section an aspect, lists numbered, what depends on circumstances grouped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from bot.answering.wording import Wording
from knowledge.facts import Fact

_BRIEF = 160
"""In an overview, materials of further cases longer than this altogether are left for the question about materials."""


def section(key: str, facts: Sequence[Fact], wording: Wording, brief: bool = False, known: frozenset[str] = frozenset()) -> str:
    """The section of one fact key. ``brief``: as part of an overview, where what the circumstances known do not call for
    may be left out."""
    if brief and key == "materials":
        facts = _brief(facts, known)
    return _WRITERS.get(key, _list)(key, _without_repeats(facts), wording, brief)


def _brief(facts: Sequence[Fact], known: frozenset[str]) -> Sequence[Fact]:
    """Without the materials of further cases, when those are long; all of them when nothing else is left."""
    called_for = [f for f in facts if not f["when"] or (f.get("circumstances") and known.issuperset(f["circumstances"]))]
    further = sum(len(f["when"]) + len(f["text"]) for f in facts if f not in called_for)
    return called_for if called_for and further > _BRIEF else facts


def _list(key: str, facts: Sequence[Fact], wording: Wording, brief: bool) -> str:
    """Unconditional facts first, numbered when several; then those of each circumstance."""
    always = [shown(fact, wording) for fact in facts if not fact["when"]]
    lines = [_headed(wording.aspects[key], always, wording)] if always else [wording.say("section", name=wording.aspects[key])]
    for when, group in groupby((fact for fact in facts if fact["when"]), lambda fact: fact["when"]):
        lines.append(wording.say("in_case", when=when) + "；".join(shown(fact, wording) for fact in group))
    return "\n".join(lines)


def _headed(name: str, texts: Sequence[str], wording: Wording) -> str:
    head = wording.say("section", name=name)
    if len(texts) == 1:
        return head + texts[0]
    return "\n".join([head, *(f"{n}. {text}" for n, text in enumerate(texts, 1))])


def shown(fact: Fact, wording: Wording) -> str:
    """A fact's text, with the seal it needs and the case in which it is not needed, where its text does not say so."""
    text = str(fact["text"])
    seal = fact.get("seal")
    if seal and seal not in text:
        text += wording.say("seal", seal=seal)
    return f"{text}（{fact['waived']}）" if "waived" in fact else text


def _inline(key: str, facts: Sequence[Fact], wording: Wording, brief: bool) -> str:
    """Short facts on one line, each with its condition."""
    texts = [wording.say("window_of_application", text=f["text"]) if f.get("window") else f["text"] for f in facts]
    return wording.say("section", name=wording.aspects[key]) + "；".join(
        f"{text}（{fact['when']}）" if fact["when"] else text for text, fact in zip(texts, facts, strict=True)
    )


def _process(key: str, facts: Sequence[Fact], wording: Wording, brief: bool) -> str:
    if brief:
        names = list(dict.fromkeys(fact.get("name") or fact["text"] for fact in facts))
        return wording.say("section", name=wording.aspects[key]) + " → ".join(names)
    lines = []
    for branch, group in groupby(facts, lambda fact: fact.get("branch")):
        texts = [fact["text"] for fact in group]
        lines.append(_headed(branch or wording.aspects[key], texts, wording))
    return "\n".join(lines)


def _phones(key: str, facts: Sequence[Fact], wording: Wording, brief: bool) -> str:
    lines = []
    for kind, group in groupby(facts, lambda fact: fact["kind"]):
        numbers = [number_with_place(fact) for fact in group]
        name = wording.phone_kinds[kind] + wording.aspects["phones"]
        separator = "\n" if len(numbers) > 2 else "；"
        lines.append(wording.say("section", name=name) + ("\n" if len(numbers) > 2 else "") + separator.join(numbers))
    return "\n".join(lines)


def number_with_place(fact: Fact) -> str:
    """A phone fact as it is read: 市中区 0833-…, or the number alone."""
    return " ".join(filter(None, (fact.get("place"), fact["number"])))


def _without_repeats(facts: Sequence[Fact]) -> list[Fact]:
    """Facts that read alike (one channel sentence naming several kinds) once."""
    seen: dict[tuple[object, ...], Fact] = {}
    for fact in facts:
        seen.setdefault(
            (
                fact.get("text"),
                fact.get("when"),
                fact.get("number"),
                fact.get("place"),
                fact.get("kind") if "number" in fact else None,
                fact.get("branch"),
            ),
            fact,
        )
    return list(seen.values())


_WRITERS: dict[str, Callable[[str, Sequence[Fact], Wording, bool], str]] = {
    "time_limit": _inline,
    "channels": _inline,
    "process": _process,
    "phones": _phones,
    "address": _inline,
    "office_hours": _inline,
}


def pages(blocks: Sequence[str], ending: str, limit: int) -> list[str]:
    """Blocks joined into messages of at most ``limit`` characters, cut at line ends; the first keeps room for ``ending``."""
    lines = [piece for block in blocks for line in block.split("\n") for piece in _pieces(line, limit - len(ending) - 2)]
    result: list[str] = []
    current = ""
    for line in lines:
        room = limit - (len(ending) + 1 if not result else 0)
        if current and len(current) + 1 + len(line) > room:
            result.append(current)
            current = line
        else:
            current = f"{current}\n{line}" if current else line
    return [*result, current]


def _pieces(line: str, limit: int) -> list[str]:
    """A line longer than the limit, cut after a semicolon, full stop or comma."""
    pieces = []
    while len(line) > limit:
        cut = max(line.rfind(mark, 1, limit) for mark in "；。，、") + 1 or limit
        pieces.append(line[:cut])
        line = line[cut:]
    return [*pieces, line]
