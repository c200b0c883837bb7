"""The bot's own phrases, from ``wording.yml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge import files
from knowledge.catalogue import Hotline
from knowledge.query import Source


@dataclass(frozen=True)
class Wording:
    """Phrases by name."""

    phrases: Mapping[str, str]
    aspects: Mapping[str, str]
    phone_kinds: Mapping[str, str]

    def say(self, phrase: str, **values: object) -> str:
        """A phrase with its values filled in."""
        return self.phrases[phrase].format(**values)

    def numbered(self, phrase: str, lines: Sequence[str], **values: object) -> str:
        """A phrase and a numbered list under it."""
        return "\n".join([self.say(phrase, **values), *(f"{n}. {line}" for n, line in enumerate(lines, 1))])

    def guide(self, source: Source) -> str:
        """A guide's title with its year, unless the title has it."""
        year = "" if source.year is None or str(source.year) in source.title else self.say("year", year=source.year)
        return f"《{source.title}》{year}"

    @staticmethod
    def hotlines(hotlines: Sequence[Hotline]) -> str:
        return "或".join(f"{hotline.number}（{hotline.name}）" for hotline in hotlines)


@lru_cache(maxsize=1)
def load_wording() -> Wording:
    data = files.read_yaml(Path(__file__).with_name("wording.yml"))
    return Wording(data["say"], data["aspect_names"], data["phone_kinds"])
