"""Reading what a request says, or a :class:`Problem` that names the field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanic.exceptions import InvalidUsage
from sanic.request import Request

from bot.services import services
from bot.web.problems import Problem

_LARGEST_NUMBER = 2**31 - 1


def object_of(request: Request) -> dict[str, Any]:
    """The JSON object of a request's body."""
    try:
        body = request.json
    except InvalidUsage:
        raise Problem(400, "not_json") from None
    if not isinstance(body, dict):
        raise Problem(400, "not_an_object")
    return body


def text_of(body: Mapping[str, Any], field: str, required: bool = True) -> str:
    """A string; one that is not required may be missing or null, and is empty then."""
    value = body.get(field)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        raise Problem(400, "bad_field", field=field)
    return value


def flag(body: Mapping[str, Any], field: str) -> bool:
    """True or false."""
    value = body.get(field)
    if not isinstance(value, bool):
        raise Problem(400, "bad_field", field=field)
    return value


def number(source: Request | Mapping[str, Any], field: str) -> int:
    """A whole number from 0 on, out of a body or of a request's query, where it may be missing and is 0 then."""
    value = source.args.get(field, "0") if isinstance(source, Request) else source.get(field)
    if isinstance(value, str) and isinstance(source, Request) and value.isascii() and value.isdecimal():
        value = int(value[:12])
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LARGEST_NUMBER:
        raise Problem(400, "bad_field", field=field)
    return value


def query(request: Request, field: str, longest: int) -> str:
    """A text of a request's query, cut to ``longest`` characters; empty where it is missing."""
    value: str = request.args.get(field, "")
    return value.strip()[:longest]


def region_of(body: Mapping[str, Any]) -> str | None:
    """The place a body names, by path or name, as a path; None for none and for one that no region tree knows."""
    return known_region(text_of(body, "region", required=False))


def known_region(name: str) -> str | None:
    """The path of a place, given a path or a name that means one place."""
    tree = services().knowledge.regions
    return name if name in tree.regions else tree.resolve(name)
