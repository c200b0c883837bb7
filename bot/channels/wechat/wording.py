"""The channel's own phrases, from ``wording.yml``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge import files


def say(phrase: str, **values: object) -> str:
    """A phrase with its values filled in."""
    text: str = _wording()["say"][phrase]
    return text.format(**values)


def phrases(name: str) -> tuple[str, ...]:
    """Phrases that go together."""
    return tuple(_wording()["say"][name])


def words(name: str) -> tuple[str, ...]:
    """A list of words, for what they mean when a person writes them."""
    return tuple(_wording()["words"][name])


@lru_cache(maxsize=1)
def _wording() -> Any:
    return files.read_yaml(Path(__file__).with_name("wording.yml"))
