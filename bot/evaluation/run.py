"""Running talks against the assistant and printing what came out."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.evaluation.rows import Talk
from bot.evaluation.scoring import Score, interval, score
from bot.runtime.assistant import Assistant
from bot.talk_to import Conversation
from knowledge.query import KnowledgeBase

_DETAILS = {"turn", "aspect_exact", "circumstance", "circumstance_only"}
"""Measures that a miss is not explained by."""
SINGLE, DIALOGUES = "all questions", "all dialogue turns"


@dataclass(frozen=True)
class Result:
    """A talk with the score and the seconds of each turn."""

    talk: Talk
    scores: tuple[Score, ...]
    seconds: tuple[float, ...]


async def run(assistant: Assistant, knowledge: KnowledgeBase, talks: Sequence[Talk]) -> list[Result]:
    """Say every turn of every talk, each talk in a conversation of its own."""
    results = []
    for talk in talks:
        conversation = Conversation(assistant)
        scores, seconds = [], []
        for expected in talk.turns:
            started = time.perf_counter()
            messages = await conversation.say(expected.text)
            seconds.append(time.perf_counter() - started)
            scores.append(score(expected, messages, knowledge))
        results.append(Result(talk, tuple(scores), tuple(seconds)))
    return results


def figures(results: Sequence[Result]) -> dict[str, dict[str, tuple[int, int]]]:
    """Right and asked, by set and measure."""
    counts: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for result in results:
        for one in result.scores:
            for name, right in one.measures.items():
                for group in (result.talk.set, DIALOGUES if result.talk.is_dialogue else SINGLE):
                    counts[group][name].append(right)
    return {group: {name: (sum(rights), len(rights)) for name, rights in names.items()} for group, names in counts.items()}


def confusions(results: Sequence[Result], most: int = 20) -> list[tuple[tuple[str, str], int]]:
    """The commonest pairs of (item expected, what came instead)."""
    pairs = Counter(
        (one.expected.items[0], (one.got.get("item") or {}).get("id") or one.got["type"])
        for result in results
        for one in result.scores
        if one.measures.get("item") is False
    )
    return pairs.most_common(most)


def table(results: Sequence[Result]) -> str:
    """The figures as text, with 95% confidence intervals."""
    lines = [f"{'set':20}{'measure':16}{'right':>6}{'of':>6}{'share':>8}   95% interval"]
    for group, names in figures(results).items():
        for name, (right, of) in names.items():
            low, high = interval(right, of)
            lines.append(f"{group:20}{name:16}{right:6}{of:6}{right / of:8.1%}   {low:.1%} – {high:.1%}")
    times = sorted(second * 1000 for result in results for second in result.seconds)
    median, slow = times[len(times) // 2], times[int(len(times) * 0.95)]
    lines.append(f"time a message: median {median:.1f} ms, 95th percentile {slow:.1f} ms")
    lines += [f"{count:4} × {expected} → {got}" for (expected, got), count in confusions(results)]
    return "\n".join(lines)


def misses(results: Sequence[Result]) -> list[str]:
    """Every turn that was not right: what was said, expected and got."""
    return [
        _miss(f"{result.talk.id}/{number}", one)
        for result in results
        for number, one in enumerate(result.scores, 1)
        if not one.right
    ]


def _miss(name: str, one: Score) -> str:
    expected, got = one.expected, one.got
    wrong = [measure for measure, right in one.measures.items() if not right and measure not in _DETAILS]
    wanted = (expected.kind, "|".join(expected.items), "+".join(expected.aspects), expected.region)
    item, region = (got.get(key) or {} for key in ("item", "region"))
    came = (got["type"], item.get("id"), "+".join(got.get("aspects", ())), region.get("path"), got.get("confidence"))
    offered = [option["id"] for option in got.get("options", ())]
    return f"{name} {wrong} {expected.text}\n    expected {wanted}\n    got      {came} {offered}"
