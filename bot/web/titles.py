"""How guides and their places are named on pages."""

from __future__ import annotations

from bot.answering.wording import load_wording
from bot.web.problems import load_words
from knowledge.query import Source


def place_name(source: Source) -> str:
    """The place a guide holds for: 乐山市, or 全国 for the nation's."""
    return source.region.replace("/", "") if source.region else str(load_words()["nation"])


def guide_name(source: Source) -> str:
    """A guide's title with its year, in title marks."""
    return load_wording().guide(source)
