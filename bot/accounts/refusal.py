"""A request refused: a status and a Chinese sentence from ``refusals.yml``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from knowledge import files


class Refusal(Exception):
    """Ends a request with ``{"error": sentence}``."""

    def __init__(self, status: int, reason: str, **values: object) -> None:
        self.status = status
        self.sentence = _sentences()[reason].format(**values)
        super().__init__(self.sentence)


@lru_cache(maxsize=1)
def _sentences() -> dict[str, str]:
    sentences: dict[str, str] = files.read_yaml(Path(__file__).with_name("refusals.yml"))
    return sentences
