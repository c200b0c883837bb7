"""How Chinese text is typed on a keyboard of Latin letters: whole pinyin, and initials."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@dataclass(frozen=True)
class Sound:
    """A text as it reads: ``plain`` without punctuation and width, its syllables one after the other, its initials.

    ``starts`` are the places in ``pinyin`` where a syllable begins.
    """

    plain: str
    pinyin: str
    initials: str
    starts: frozenset[int]


@lru_cache(maxsize=20_000)
def sound(text: str) -> Sound:
    """The sound of a text; what is not Chinese sounds as it is written."""
    bare = plain(text)
    syllables = lazy_pinyin(bare, style=Style.NORMAL)
    starts, length = [], 0
    for syllable in syllables:
        starts.append(length)
        length += len(syllable)
    return Sound(bare, "".join(syllables), "".join(syllable[:1] for syllable in syllables), frozenset(starts))


def plain(text: str) -> str:
    """Letters and digits only, of one width and in lower case."""
    return "".join(character for character in unicodedata.normalize("NFKC", text).lower() if character.isalnum())
