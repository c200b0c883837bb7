"""What the printed guides hold, read from the files beside this one and, field by field, from the guide files."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from knowledge import files
from knowledge.facts import Fact
from knowledge.query import Finding, NotListed

HERE = Path(__file__).parent

PLACES: dict[str, str | None] = {
    "leshan-2024": "乐山市",
    "liangshan-2024": "凉山州",
    "sichuan-2020": "四川省",
    "yunnan": "云南省",
    "national": None,
}
"""The guides and the place each holds for."""

CHAINS: dict[str | None, tuple[str, ...]] = {
    "乐山市": ("leshan-2024", "sichuan-2020", "national"),
    "乐山市/峨边县": ("leshan-2024", "sichuan-2020", "national"),
    "凉山州": ("liangshan-2024", "sichuan-2020", "national"),
    "凉山州/西昌市": ("liangshan-2024", "sichuan-2020", "national"),
    "四川省/成都市": ("sichuan-2020", "national"),
    "云南省/昆明市/五华区": ("yunnan", "national"),
    "重庆市/渝北区": ("national",),
    "广东省/广州市": ("national",),
}
"""The guides that may answer for a place, nearest first."""

ASPECTS = (
    "materials",
    "time_limit",
    "channels",
    "process",
    "eligibility",
    "phone",
    "complaint",
    "office_hours",
    "address",
    "legal_basis",
    "progress",
    "remarks",
)
KEYS = {"phone": "phones", "complaint": "phones"}
"""The key an aspect's facts stand under, where it is not the aspect's own name."""


class Listed(NamedTuple):
    """One line of a guide's table of contents."""

    guide: str
    item: str
    number: str | None
    title: str


@lru_cache(maxsize=1)
def contents() -> dict[str, list[Listed]]:
    rows = files.read_yaml(HERE / "contents.yml")
    return {guide: [Listed(guide, *row) for row in listed] for guide, listed in rows.items()}


def lists(guide: str, item: str) -> bool:
    return any(row.item == item for row in contents()[guide])


@lru_cache(maxsize=1)
def leshan_numbers() -> dict[str, dict[str, str]]:
    """By item, the numbers by district, hospital, ``unlabelled`` or ``complaint``."""
    groups = files.read_yaml(HERE / "phones.yml")
    return {item: group["numbers"] for group in groups for item in group["items"]}


@lru_cache(maxsize=1)
def entries() -> dict[str, dict[str, dict[str, Any]]]:
    """The entries of the guide files as they stand, by guide and item."""
    guides = [files.read_yaml(path) for path in files.guide_paths()]
    return {guide["id"]: {entry["item"]: entry for entry in guide["entries"]} for guide in guides}


def printed(entry: dict[str, Any], aspect: str) -> list[str]:
    """The texts (or numbers) that an entry holds for an aspect, in its order."""
    field = {"time_limit": "time_limits"}.get(aspect, aspect)
    deferred = entry.get("deferred", {})
    if field in deferred.get("fields", ()):
        return [deferred["text"]]
    if aspect in ("phone", "complaint"):
        wanted = aspect == "complaint"
        return [phone["number"] for phone in entry.get("phones", ()) if (phone["kind"] == "complaint") is wanted]
    if aspect in ("office_hours", "address", "progress"):
        text = entry.get({"office_hours": "hours"}.get(aspect, aspect))
        return [text] if text else []
    if aspect == "process":
        return ["：".join(step[part] for part in ("name", "text") if part in step) for step in entry.get("process", ())]
    texts = [part if isinstance(part, str) else part["text"] for part in entry.get(field, ())]
    if aspect == "materials" and "no_materials" in entry:
        texts.append(entry["no_materials"])
    if aspect == "time_limit":
        texts += [window["text"] for window in entry.get("windows", ())]
    if aspect == "eligibility":
        texts += [f"{group['class']}：{'、'.join(group['names'])}" for group in entry.get("diseases", ())]
    return texts


def working_days(facts: list[Fact]) -> list[int]:
    return [fact["working_days"] for fact in facts if "working_days" in fact]


def gaps_of(found: Finding | NotListed) -> dict[str, str | None]:
    assert isinstance(found, Finding)
    return found.gaps
