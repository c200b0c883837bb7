"""Question files: JSON Lines, a question or a dialogue a line, as the answer contract describes them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.understanding.circumstances import CircumstanceFinder
from knowledge.catalogue import load_catalogue
from knowledge.facts import ASPECTS

KINDS = ("answer", "clarify", "oos", "chitchat", "handoff")


class RowError(ValueError):
    """A line that is no question. The message says which file, which line, and what is wrong."""


@dataclass(frozen=True)
class Expected:
    """What is right for one message. ``items`` are the acceptable ones."""

    text: str
    items: tuple[str, ...]
    aspects: tuple[str, ...]
    region: str | None
    kind: str
    circumstances: tuple[str, ...] = ()
    """Those that the words of the row's ``circumstance`` name in the catalogue."""


@dataclass(frozen=True)
class Talk:
    """A question (one turn) or a dialogue (several)."""

    id: str
    set: str
    turns: tuple[Expected, ...]

    @property
    def is_dialogue(self) -> bool:
        return len(self.turns) > 1


def read_files(paths: Sequence[Path]) -> list[Talk]:
    """All talks of all files; a file's name is its set. Raises :class:`RowError`."""
    return [talk for path in paths for talk in _read(path)]


def _read(path: Path) -> Iterator[Talk]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            turns = [{"text": t["text"], **t["expect"]} for t in row["turns"]] if "turns" in row else [row]
            yield Talk(str(row["id"]), path.stem, tuple(_expected(turn) for turn in turns))
        except (KeyError, TypeError, ValueError) as error:
            raise RowError(f"{path}:{number}: {error!r}") from error


def _named(row: dict[str, Any]) -> tuple[str, ...]:
    return _finder().find("，".join(row.get("circumstance", ()))).stated


@lru_cache(maxsize=1)
def _finder() -> CircumstanceFinder:
    return CircumstanceFinder(load_catalogue())


def _expected(row: dict[str, Any]) -> Expected:
    expected = Expected(row["text"], tuple(row["item"]), tuple(row["aspect"]), row["region"], row["kind"], _named(row))
    unknown = [i for i in expected.items if i not in load_catalogue().items] + [a for a in expected.aspects if a not in ASPECTS]
    if unknown or expected.kind not in KINDS:
        raise ValueError(f"unknown item, aspect or kind: {unknown or expected.kind}")
    return expected
