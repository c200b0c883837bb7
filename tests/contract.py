"""The answer contract as a JSON schema: what every front door may rely on."""

from __future__ import annotations

from typing import Any

import jsonschema

from knowledge.facts import ASPECTS

_TEXT = {"type": "string", "minLength": 1}
_MAYBE = {"type": ["string", "null"]}


def _object(required: tuple[str, ...], more: bool = False, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties, "additionalProperties": more}


_FROM: dict[str, Any] = {"from": {"enum": ["said", "remembered", "channel", "none"]}}  # a word of Python's own
_FACT = {"type": "object", "required": ["source"], "properties": {"source": _TEXT}}
_SCHEMA = _object(
    (
        "type",
        "item",
        "aspects",
        "region",
        "jurisdiction",
        "circumstances",
        "facts",
        "sources",
        "notices",
        "options",
        "confidence",
    ),
    more=True,
    type={"enum": ["answer", "clarify", "fallback", "handoff", "chitchat"]},
    item={"anyOf": [{"type": "null"}, _object(("id", "name", "code"), id=_TEXT, name=_TEXT, code=_MAYBE)]},
    aspects={"type": "array", "items": {"enum": list(ASPECTS)}},
    region=_object(("path", "adcode", "from"), path=_MAYBE, adcode=_MAYBE, **_FROM),
    jurisdiction=_MAYBE,
    circumstances={"type": "array", "items": _TEXT},
    facts={"type": "object", "additionalProperties": {"type": "array", "items": _FACT}},
    sources={"type": "array", "items": _object(("id", "title", "year"), more=True, id=_TEXT, title=_TEXT)},
    notices={"type": "array", "items": _TEXT},
    options={"type": "array", "items": _object(("id", "label", "send"), id=_TEXT, label=_TEXT, send=_TEXT)},
    confidence={"type": "number", "minimum": 0, "maximum": 1},
)


def check(payload: dict[str, Any]) -> None:
    """Raises ``jsonschema.ValidationError`` for a payload that breaks the contract; facts must name a listed source."""
    jsonschema.validate(payload, _SCHEMA)
    sources = {source["id"] for source in payload["sources"]}
    named = {fact["source"] for facts in payload["facts"].values() for fact in facts}
    assert named <= sources
    assert payload["facts"] == {} or payload["item"]
