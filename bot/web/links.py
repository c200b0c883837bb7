"""Permanent links of guide pages: the one place that knows how they are built."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode


def guide_path(jurisdiction: str, item: str, region: str | None = None) -> str:
    """The page of an item in a jurisdiction; ``region`` (a path, ``乐山市/市中区``) picks the numbers of a district."""
    path = f"/guide/{quote(jurisdiction)}/{quote(item)}"
    return f"{path}?{urlencode({'place': region})}" if region else path


def answer_path(payload: Mapping[str, Any]) -> str | None:
    """The page that holds the whole guide of what an answer (the contract's payload) is about; ``None`` if it is about none."""
    item, jurisdiction = payload.get("item"), payload.get("jurisdiction")
    if payload.get("type") != "answer" or not item or not jurisdiction or not payload.get("facts"):
        return None
    return guide_path(jurisdiction, item["id"], (payload.get("region") or {}).get("path"))
