"""From a guide's entry to facts in the shape of the answer contract.

A fact is a plain dictionary: ``text``, ``when`` (the condition in words, or ``None``), ``source`` (guide id), and what
the aspect adds (``working_days``, ``form``, ``number`` …). Empty values are left out, except ``when``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from knowledge.schema import Conditional, Entry

Fact = dict[str, Any]

ASPECT_FACTS: Mapping[str, tuple[str, ...]] = {
    "materials": ("materials",),
    "time_limit": ("time_limit",),
    "channels": ("channels", "level"),
    "process": ("process",),
    "eligibility": ("eligibility",),
    "phone": ("phones",),
    "complaint": ("phones",),
    "office_hours": ("office_hours",),
    "address": ("address", "level"),
    "legal_basis": ("legal_basis",),
    "progress": ("progress",),
    "remarks": ("remarks",),
}
"""The aspects a person may ask about, and the key their facts stand under."""

OVERVIEW = "overview"
OVERVIEW_ASPECTS = tuple(ASPECT_FACTS)
"""An overview answers over all aspects …"""
OVERVIEW_SHOWN = ("eligibility", "materials", "time_limit", "channels", "phones")
"""… and shows the facts that people ask for first."""
ASPECTS = (OVERVIEW, *ASPECT_FACTS)

COMPLAINT_KINDS = frozenset({"complaint"})


def entry_facts(entry: Entry, source: str, labels: Mapping[str, str]) -> dict[str, list[Fact]]:
    """All facts of an entry by key, in the guide's order. ``labels`` names the circumstances for citizens.

    A material that always applies unless ``waived_when`` holds has no ``when``; the guide's words for that stand under
    ``waived``.
    """

    def fact(part: Conditional, text: str, **detail: Any) -> Fact:
        waived_only = bool(detail.get("waived_when")) and not part.when
        when = part.condition or "、".join(labels[circumstance] for circumstance in part.when) or None
        if waived_only:
            detail["waived"], when = part.condition, None
        return _compact(text=text, when=when, source=source, circumstances=list(part.when), origin=part.origin, **detail)

    def plain(text: str | None, **detail: Any) -> list[Fact]:
        return [_compact(text=text, when=None, source=source, **detail)] if text else []

    facts: dict[str, list[Fact]] = {
        "eligibility": [fact(x, x.text) for x in entry.eligibility]
        + [
            fact_
            for x in entry.diseases
            for fact_ in plain(f"{x.class_}：{'、'.join(x.names)}", diseases=list(x.names), disease_class=x.class_)
        ],
        "materials": [
            fact(
                x,
                x.text,
                form=x.form,
                copies=x.copies,
                original=x.original,
                seal=x.seal,
                attachment=x.attachment,
                optional=x.optional,
                waived_when=list(x.waived_when),
            )
            for x in entry.materials
        ]
        + plain(entry.no_materials),
        "time_limit": [
            fact(x, x.text, working_days=x.working_days, days=x.days, immediate=x.immediate) for x in entry.time_limits
        ]
        + [fact(x, x.text, window=True) for x in entry.windows],
        "channels": [fact(x, x.text, kind=x.kind, conditional=x.conditional) for x in entry.channels],
        "process": [fact(x, "：".join(filter(None, (x.name, x.text))), name=x.name, branch=x.branch) for x in entry.process],
        "phones": [_compact(kind=x.kind, place=x.place, number=x.number, source=source) for x in entry.phones],
        "office_hours": plain(entry.hours),
        "address": plain(entry.address),
        "legal_basis": [
            x_ for x in entry.legal_basis for x_ in plain(x.text, document=x.document, number=x.number, articles=x.articles)
        ],
        "progress": plain(entry.progress),
        "remarks": [x_ for x in entry.remarks for x_ in plain(x)],
        "evaluation": plain(entry.evaluation),
        "scope": plain(entry.scope),
        "level": plain(entry.level),
    }
    if entry.deferred:
        for field in entry.deferred.fields_:
            facts["time_limit" if field == "time_limits" else field] = plain(entry.deferred.text, deferred=True)
    return {key: values for key, values in facts.items() if values}


def fact_keys(aspects: Iterable[str]) -> list[str]:
    """The keys that hold the facts of these aspects, without repeats."""
    return list(dict.fromkeys(key for aspect in aspects for key in ASPECT_FACTS[aspect]))


def _compact(**values: Any) -> Fact:
    """A fact without empty details; ``when`` stays (the contract shows it always), except for phones, which have none."""
    return {key: value for key, value in values.items() if key == "when" or value not in (None, [], False)}
