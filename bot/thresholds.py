"""The thresholds of understanding and answering: numbers computed from data by ``python -m bot thresholds``, kept beside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge import files

PATH = Path(__file__).with_name("thresholds.yml")


@dataclass(frozen=True)
class Thresholds:
    """Probabilities (0 to 1), but for the scores of the two linear models without probabilities (any number)."""

    second_look: float
    """From which probability the first look at a message stands without a second."""
    sure: float
    """From which probability the best item stands."""
    possible: float
    """From which probability an item is worth offering."""
    outside: float
    """From which probability of being out of scope a message is not answered, whatever item is likely beside."""
    aspect: float
    """From which score an aspect is taken to be asked."""
    further_aspect: float
    """From which score an aspect is taken to be asked beside a likelier one."""
    aspect_of_a_part: float
    """From which score an aspect is taken to be asked by a part of the message."""
    circumstance: float
    """From which score a circumstance that no word of the lexicon gives away is taken to be stated."""


@lru_cache(maxsize=1)
def load_thresholds() -> Thresholds:
    """Read ``thresholds.yml``. Raises :class:`knowledge.files.DataError` when it cannot be read."""
    return Thresholds(**files.read_yaml(PATH)["thresholds"])
