"""The assist's own phrases, from ``wording.yml``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from knowledge import files


def say(part: str, phrase: str, **values: object) -> str:
    """A phrase of one part of the file with its values filled in."""
    return _phrases()[part][phrase].format(**values)


@lru_cache(maxsize=1)
def _phrases() -> dict[str, dict[str, str]]:
    phrases: dict[str, dict[str, str]] = files.read_yaml(Path(__file__).with_name("wording.yml"))
    return phrases
