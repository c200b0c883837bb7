"""Two questions in one message: where it may be cut, so that each part can be understood by itself."""

from __future__ import annotations

import re

_CUT = re.compile(
    r"[?;]|[,，。.\s]*(?:还有(?:就是|一个|个)?|另外|顺便(?:再)?问?(?:一下)?|再问(?:一下|个|一个)?|再就是|再(?:一个|有)(?!月|年|人)|同时(?:也)?想?问?)[,，:：\s]*"
)
_SHORTEST = 5


def parts(text: str) -> list[str]:
    """The parts between question marks and words like 另外, each long enough to be a question."""
    return [part.strip() for part in _CUT.split(text) if len(part.strip()) >= _SHORTEST]
