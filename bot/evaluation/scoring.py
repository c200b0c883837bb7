"""What is right in a reply, measure by measure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.evaluation.rows import Expected
from knowledge.facts import OVERVIEW
from knowledge.query import Finding, KnowledgeBase

_REJECTIONS = {"fallback", "chitchat", "handoff"}
Messages = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Score:
    """One turn: what was expected, what came, and which measures it meets (a measure that does not apply is absent)."""

    expected: Expected
    got: dict[str, Any]
    measures: dict[str, bool]

    @property
    def right(self) -> bool:
        return self.measures["turn"]


def score(expected: Expected, messages: Messages, knowledge: KnowledgeBase) -> Score:
    """Score the reply to one message. Of several payloads (two questions in one message), the best counts."""
    payloads = [message["custom"] for message in messages if "custom" in message] or [{"type": "none"}]
    scores = [Score(expected, payload, _measures(expected, payload, knowledge)) for payload in payloads]
    return max(scores, key=lambda one: sum(one.measures.values()))


def _measures(expected: Expected, got: dict[str, Any], knowledge: KnowledgeBase) -> dict[str, bool]:
    kind = got["type"]
    if expected.kind == "answer":
        return _answer(expected, got, knowledge)
    if expected.kind == "clarify":
        offered = {option["id"] for option in got.get("options", ())}
        right = kind == "clarify" and bool(offered & set(expected.items))
        return {"clarification": right, "place": _place_right(expected, got), "turn": right}
    if expected.kind == "oos":
        not_answered = kind in {*_REJECTIONS, "clarify"}
        return {"rejection": kind in _REJECTIONS, "not_answered": not_answered, "turn": not_answered}
    right = kind in {"chitchat", "handoff"} if expected.kind == "chitchat" else kind == "handoff"
    return {"talk": right, "turn": right}


def _answer(expected: Expected, got: dict[str, Any], knowledge: KnowledgeBase) -> dict[str, bool]:
    answered = got["type"] == "answer"
    item = answered and got["item"]["id"] in expected.items
    asked = set(got.get("aspects", ())) if answered else set()
    aspect = answered and (set(expected.aspects) <= asked or OVERVIEW in asked)
    place = _place_right(expected, got)
    facts = item and _facts_right(expected, got, knowledge)
    return {
        "item": item,
        "place": place,
        "aspect": aspect,
        "aspect_exact": set(expected.aspects) == asked,
        "facts": facts,
        **(_circumstances(expected, set(got.get("circumstances", ())), knowledge) if answered else {}),
        "turn": item and place and aspect and facts,
    }


def _circumstances(expected: Expected, got: set[str], knowledge: KnowledgeBase) -> dict[str, bool]:
    """Whether those expected were found, and none that excludes them. Rows name only what decides: others are no fault."""
    if not expected.circumstances:
        return {}
    known = knowledge.catalogue.with_implied(frozenset(got))
    groups = {knowledge.catalogue.circumstances[c].group for c in expected.circumstances}
    others = {c for c in got if knowledge.catalogue.circumstances[c].group in groups} - set(expected.circumstances)
    return {"circumstance": known.issuperset(expected.circumstances), "circumstance_only": not others}


def _place_right(expected: Expected, got: dict[str, Any]) -> bool:
    return bool((got.get("region") or {}).get("path") == expected.region)


def _facts_right(expected: Expected, got: dict[str, Any], knowledge: KnowledgeBase) -> bool:
    """Every fact that the guides of the place give for what was asked stands in the reply, and no other guide's."""
    finding = knowledge.look_up(got["item"]["id"], expected.aspects, expected.region, got["circumstances"])
    if not isinstance(finding, Finding):
        return not got["facts"]
    wanted = {_plain(fact) for facts in finding.facts.values() for fact in facts}
    given = {_plain(fact) for facts in got["facts"].values() for fact in facts}
    allowed = {source.id for source in finding.sources} | {finding.nearest.id}
    sources = {fact["source"] for key in finding.facts for fact in got["facts"].get(key, ())}
    return wanted <= given and sources <= allowed


def _plain(fact: dict[str, Any]) -> tuple[Any, ...]:
    return fact.get("text"), fact.get("number"), fact.get("place"), fact["source"]


def interval(right: int, of: int) -> tuple[float, float]:
    """The 95% Wilson interval of a share."""
    if not of:
        return 0.0, 1.0
    z, p = 1.96, right / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return middle - half, middle + half
