"""The thresholds of ``bot/thresholds.yml``, computed from the training examples: ``python -m bot thresholds``.

Each example is judged by models that have not seen it (cross-validation over ``data/nlu``); no evaluation question is
used, so ``make eval`` stays an honest check. What people decide is what an error costs (:data:`COSTS`, the shares below);
the thresholds follow from the data.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import yaml
from sklearn.model_selection import StratifiedKFold

from bot.answering.context import FAMILY
from bot.answering.decision import OUT_OF_SCOPE, Decision, decide
from bot.evaluation.examples import FOLDER, Example, read_examples, remembering_encoder
from bot.thresholds import PATH, Thresholds, load_thresholds
from bot.understanding.aspects import AspectModel, chosen
from bot.understanding.circumstances import CircumstanceModel, with_scores
from bot.understanding.intents import IntentModel, Ranking
from knowledge.catalogue import Catalogue, load_catalogue
from knowledge.facts import OVERVIEW

COSTS = {
    "item": {"right": 0.0, "offered": 1.0, "wrong": 2.0},
    "open": {"asked": 0.0, "one of them": 1.0, "wrong": 2.0},
    "outside": {"refused": 0.0, "asked": 0.5, "wrong": 2.0},
}
"""What an outcome costs, by what was meant. A wrong answer costs twice a question asked for nothing."""
SECOND_LOOK_LOSS = 0.003
"""The share of rightly ranked examples that may be given up to save second looks, each of which costs three first ones."""
CIRCUMSTANCES_RIGHT = 0.9
"""The share of the circumstances found by the model alone, in questions that an item answers, that must be right."""
_FOLDS = 3
_DEPTH = 12
_ROUNDS = 3
_SECOND_LOOKS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98)
_STEPS: dict[str, Sequence[float]] = {
    "sure": [*np.arange(0.3, 0.95, 0.05)],
    "possible": (0.02, 0.03, 0.05, 0.08, 0.12),
    "outside": [*np.arange(0.1, 0.55, 0.05)],
    "aspect": [*np.arange(-0.7, 0.35, 0.05)],
    "further_aspect": [*np.arange(-0.7, 0.35, 0.05)],
    "aspect_of_a_part": [*np.arange(-0.4, 1.05, 0.1)],
}


Heard = tuple[Example, Any, Sequence[Any]]
"""An example, the scores of its aspects by a model that has not seen it, and those of its parts."""


@dataclass(frozen=True)
class Looks:
    """An example's intent and its rankings by models that have not seen it: at first look, and after the second."""

    intent: str
    first: Ranking
    second: Ranking

    def ranking(self, second_look: float) -> Ranking:
        return self.first if self.first[0][1] >= second_look else self.second


def compute() -> str:
    """Compute all thresholds and write them to :data:`bot.thresholds.PATH`. Returns what was written."""
    catalogue = load_catalogue()
    examples = read_examples(catalogue)
    found = load_thresholds()
    looks = _looks(examples)
    found = replace(found, second_look=best_second_look(looks))
    judged = [(look.intent, look.ranking(found.second_look)) for look in looks]
    found = _descend(found, ("sure", "possible", "outside"), lambda t: sum(costs(judged, t, catalogue).values()))
    asking = _aspect_scores(examples)
    found = _descend(found, ("aspect", "further_aspect", "aspect_of_a_part"), lambda t: -sum(aspects_right(asking, t)))
    stating = _circumstance_scores(examples)
    found = replace(found, circumstance=best_circumstance(stating, catalogue))
    written = _report(found, len(examples), second_looks(looks), costs(judged, found, catalogue), aspects_right(asking, found))
    PATH.write_text(written, encoding="utf-8")
    return written


def best_second_look(looks: Sequence[Looks]) -> float:
    """The lowest probability under which nearly no example is lost that second looks at all would rank rightly."""
    right = {step: figures["right"] for step, figures in second_looks(looks).items()}
    return next(step for step in _SECOND_LOOKS if right[step] >= max(right.values()) - SECOND_LOOK_LOSS)


def second_looks(looks: Sequence[Looks]) -> dict[float, dict[str, float]]:
    """For each threshold that is tried, the share of examples looked at twice and the share ranked rightly."""
    return {
        step: {
            "looked_twice": round(float(np.mean([look.first[0][1] < step for look in looks])), 3),
            "right": round(float(np.mean([look.ranking(step)[0][0] == look.intent for look in looks])), 4),
        }
        for step in _SECOND_LOOKS
    }


def costs(judged: Sequence[tuple[str, Ranking]], thresholds: Thresholds, catalogue: Catalogue) -> dict[str, float]:
    """The mean cost of the decisions, by what was meant: an item, a family left open, nothing that is answered."""
    by_kind: dict[str, list[float]] = {kind: [] for kind in COSTS}
    for intent, ranking in judged:
        kind, outcome = _outcome(intent, decide(ranking, catalogue.items, thresholds), catalogue)
        if kind:
            by_kind[kind].append(COSTS[kind][outcome])
    return {kind: float(np.mean(values)) for kind, values in by_kind.items() if values}


def _outcome(intent: str, got: Decision, catalogue: Catalogue) -> tuple[str, str]:
    family = [item.id for item in catalogue.family_items(got.family)] if got.family in catalogue.families else []
    offered = {*family, *got.candidates}
    if intent in catalogue.items:
        return "item", "right" if got.item == intent else "offered" if intent in offered else "wrong"
    if intent.startswith(FAMILY):
        members = {item.id for item in catalogue.family_items(intent.removeprefix(FAMILY))}
        return "open", "asked" if offered & members else "one of them" if got.item in members else "wrong"
    if intent == OUT_OF_SCOPE:
        return "outside", "wrong" if got.item else "asked" if offered else "refused"
    return "", ""


def aspects_right(asking: Sequence[Heard], thresholds: Thresholds) -> tuple[float, float]:
    """The shares of examples whose aspects are found exactly, and of those answered by what is found."""
    exact, covered = [], []
    for example, scores, of_parts in asking:
        got = set(chosen(example.text, scores, of_parts, thresholds))
        wanted = set(example.aspects or ())
        exact.append(got == wanted)
        covered.append(wanted <= got or OVERVIEW in got)
    return float(np.mean(exact)), float(np.mean(covered))


def best_circumstance(stating: Sequence[tuple[Example, dict[str, float]]], catalogue: Catalogue) -> float:
    """The lowest score from which the circumstances that no word gives away are right often enough."""
    scored = sorted(
        (score, circumstance in example.circumstances)
        for example, scores in stating
        if example.intent in catalogue.items or example.intent.startswith(FAMILY)
        for circumstance, score in scores.items()
        if circumstance in with_scores(example.by_word, {circumstance: score}, score - 1, catalogue).stated
        and circumstance not in example.by_word.stated
    )
    right = 0
    best = float("inf")
    for taken, (score, is_right) in enumerate(reversed(scored), 1):
        right += is_right
        last_of_its_score = taken == len(scored) or scored[-1 - taken][0] < score
        if last_of_its_score and right >= CIRCUMSTANCES_RIGHT * taken:
            best = score
    return round(best, 2)


def _descend(start: Thresholds, names: Sequence[str], loss: Callable[[Thresholds], float]) -> Thresholds:
    """Each threshold in turn set to the step of least loss, until none moves."""
    best = start
    for _ in range(_ROUNDS):
        before = best
        for name in names:
            tried = [replace(best, **{name: round(float(step), 2)}) for step in _STEPS[name]]
            best = min(tried, key=loss)
        if best == before:
            break
    return best


def _looks(examples: Sequence[Example]) -> list[Looks]:
    encode = remembering_encoder()
    found: dict[int, Looks] = {}
    for train, test in _folds(examples):
        model = IntentModel.train([examples[n].text for n in train], [examples[n].intent for n in train], encode=encode)
        for n, (first, second) in zip(test, model.both_looks([examples[n].text for n in test], encode), strict=True):
            found[n] = Looks(examples[n].intent, first[:_DEPTH], second[:_DEPTH])
    return list(found.values())


def _aspect_scores(examples: Sequence[Example]) -> list[Heard]:
    asking = [example for example in examples if example.aspects is not None]
    found: list[Heard] = []
    for train, test in _folds(asking):
        model = AspectModel.train([asking[n].text for n in train], [asking[n].aspects or () for n in train])
        for example in (asking[n] for n in test):
            found.append((example, model.scores(example.text), list(model.scores_of_parts(example.text))))
    return found


def _circumstance_scores(examples: Sequence[Example]) -> list[tuple[Example, dict[str, float]]]:
    found = []
    for train, test in _folds(examples):
        model = CircumstanceModel.train(
            [examples[n].text for n in train],
            [examples[n].circumstances for n in train],
            [examples[n].by_word.stated for n in train],
        )
        found += [(examples[n], model.scores(examples[n].text)) for n in test]
    return found


def _folds(examples: Collection[Example]) -> Any:
    intents = [example.intent for example in examples]
    return StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(intents, intents)


def _report(
    found: Thresholds,
    count: int,
    looks: dict[float, dict[str, float]],
    cost: dict[str, float],
    aspects: tuple[float, float],
) -> str:
    head = (
        "# Written by `python -m bot thresholds`, not by hand: from the examples of "
        f"{FOLDER}, each judged by models\n# that have not seen it. bot/evaluation/thresholds.py says what is sought.\n"
    )
    measured = {
        "examples": count,
        "folds": _FOLDS,
        "second_look": looks,
        "mean_cost": {kind: round(value, 3) for kind, value in cost.items()},
        "aspects_exact": round(aspects[0], 3),
        "aspects_covered": round(aspects[1], 3),
        "circumstances_right": CIRCUMSTANCES_RIGHT,
    }
    return head + yaml.safe_dump({"thresholds": asdict(found), "measured": measured}, sort_keys=False)
