"""From probabilities to a decision: which item a message means by itself, which it leaves open, or that none is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.answering.context import FAMILY
from bot.thresholds import Thresholds
from knowledge.catalogue import Item

OUT_OF_SCOPE = "out_of_scope"
_MOST_CANDIDATES = 5


@dataclass(frozen=True)
class Decision:
    """An item; or a family left open; or several items worth offering; or nothing of these."""

    item: str | None = None
    family: str | None = None
    candidates: tuple[str, ...] = ()


def decide(ranking: Sequence[tuple[str, float]], items: Mapping[str, Item], thresholds: Thresholds) -> Decision:
    """Decide on a ranking of intents, likeliest first."""
    if not ranking or _outside(ranking, thresholds):
        return Decision()
    top = ranking[0][0]
    if top.startswith(FAMILY) and top not in items:
        return Decision(family=_likeliest_family(ranking, items))
    likely = [(intent, p) for intent, p in ranking if intent in items]
    if not likely:
        return Decision()
    best, p = likely[0]
    if p >= thresholds.sure:
        return Decision(item=best)
    worth = tuple(item for item, q in likely if q >= thresholds.possible)[:_MOST_CANDIDATES]
    if len(worth) > 1:
        return Decision(candidates=worth)
    return Decision(item=best) if top in items else Decision()


def _likeliest_family(ranking: Sequence[tuple[str, float]], items: Mapping[str, Item]) -> str:
    """The family that its own intent and those of its items together make likeliest."""
    shares: dict[str, float] = {}
    for intent, p in ranking:
        family = items[intent].family if intent in items else intent.removeprefix(FAMILY)
        shares[family] = shares.get(family, 0.0) + p
    return max((family for family in shares if FAMILY + family in dict(ranking)), key=lambda family: shares[family])


def _outside(ranking: Sequence[tuple[str, float]], thresholds: Thresholds) -> bool:
    return ranking[0][0] == OUT_OF_SCOPE or dict(ranking).get(OUT_OF_SCOPE, 0.0) >= thresholds.outside
