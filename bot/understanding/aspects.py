"""What is asked of an item (材料, 时限, 电话 …): one linear model an aspect, over the sentence, its end, and cue words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.thresholds import Thresholds
from bot.understanding.features import SurfaceFeatures
from knowledge import files
from knowledge.facts import ASPECTS, OVERVIEW

_CLAUSES = re.compile(r"[，。,.!?；;\s]+")
_JOINTS = re.compile(r"[，。,.!?；;、\s]+|还有(?!几|多)|另外|再就是|顺便|然后|跟|和")
_SHORTEST_PART = 3
_TAIL_LENGTH = 10
_CUE_WEIGHT = 0.5
_WHERE = re.compile(
    r"(在|去|到|上|往)?(哪里?|哪儿|哪点|哪块|哪边|什么地方|啥地方|何处)(可以|能)?(办|弄|申请|交|报|开|领|补|登记|备案|改|查|看|打印|取|换|$)|(去|到|上)(哪|什么地方)"
)
_WHERE_TO_LOOK = re.compile(r"(哪里?|哪儿|哪点|哪块|哪边|什么地方|啥地方)(可以|能|去)?(查|看)(得到)?[呢嘛哦啊呀\s?]*$")
_TO_BRING = re.compile(
    r"(证|本|卡|表|单|票|照片|复印件|原件|证明|材料|病历)(也|还|都)?(要|带|拿|交|用)(不|没|吗|嘛|么|得?不得?)?(要|带|拿|交|用)?[哦啊嘛呀\s?]*$"
)
"""结婚证要不: what the model learned of documents need not hold this one."""
_HOW_FAR = re.compile(r"进度|结果|办|批|审|到账|下来|通过|交上去|申请|[好了]没")


def tail(text: str) -> str:
    """The last clauses of a text, at least ten characters: in a story, the question stands at the end."""
    parts = [part for part in _CLAUSES.split(text) if part]
    end = ""
    while parts and len(end) < _TAIL_LENGTH:
        end = f"{parts.pop()} {end}".strip()
    return end


class AspectModel:
    """The trained model."""

    def __init__(self) -> None:
        self._whole, self._tail = SurfaceFeatures(), SurfaceFeatures()
        self._weights: Any = None
        self._bias: Any = None
        cues = files.read_yaml(Path(__file__).with_name("aspects.yml"))["cues"]
        self._cues = [re.compile("|".join(f"(?:{cue})" for cue in words)) for words in cues.values()]

    @classmethod
    def train(cls, texts: Sequence[str], aspects: Sequence[Sequence[str] | None], cost: float = 0.5) -> AspectModel:
        """Fit on texts and the aspects each asks for: empty where it asks nothing of its own, None where nobody said."""
        from bot.understanding import fitting

        model = cls()
        vectors = fitting.side_by_side(
            [
                model._whole.fit(texts),
                model._tail.fit([tail(text) for text in texts]),
                [model._cue_vector(text) for text in texts],
            ]
        )
        told = [asked for asked in aspects if asked is not None]
        vectors = vectors[[row for row, asked in enumerate(aspects) if asked is not None]]
        answers = [[aspect in asked for asked in told] for aspect in ASPECTS]
        model._weights, model._bias = fitting.yes_or_no(vectors, answers, cost)
        return model

    def asked(self, text: str, thresholds: Thresholds) -> list[str]:
        """The aspects asked for, likeliest first; empty when nothing particular is. ``overview`` only alone."""
        return chosen(text, self.scores(text), self.scores_of_parts(text), thresholds)

    def scores(self, text: str) -> Any:
        """A score for each of :data:`knowledge.facts.ASPECTS`, in their order."""
        positions, values = self._whole.one(text)
        tail_positions, tail_values = self._tail.one(tail(text))
        cues = self._cue_vector(text)
        return (
            values @ self._weights[positions]
            + tail_values @ self._weights[tail_positions + self._whole.size]
            + cues @ self._weights[-len(cues) :]
            + self._bias
        )

    def scores_of_parts(self, text: str) -> Iterator[Any]:
        """The scores of each part of a text that may ask for something else (几天办好，还有电话好多): none for a single one."""
        parts = [part for part in _JOINTS.split(text) if len(part) >= _SHORTEST_PART]
        yield from map(self.scores, parts if len(parts) > 1 else ())

    def _cue_vector(self, text: str) -> Any:
        found = [bool(cue.search(part)) for part in (text, tail(text)) for cue in self._cues]
        return np.array(found, dtype=np.float32) * _CUE_WEIGHT


def chosen(text: str, scores: Any, of_parts: Iterable[Any], thresholds: Thresholds) -> list[str]:
    """The aspects of a text that its scores stand for, and those that its parts surely ask besides."""
    order = np.argsort(-scores)
    further = max(thresholds.aspect, thresholds.further_aspect)
    found = [ASPECTS[n] for n in order if scores[n] > (thresholds.aspect if n == order[0] else further)]
    if len(found) > 1 and OVERVIEW in found:
        found.remove(OVERVIEW)
    if not found and _TO_BRING.search(text):
        return ["materials"]
    found = _with_address(found, text)
    if not set(found) - {OVERVIEW}:
        return found
    besides = [ASPECTS[part.argmax()] for part in of_parts if part.max() > thresholds.aspect_of_a_part]
    return list(dict.fromkeys([*found, *(aspect for aspect in besides if aspect != OVERVIEW)]))


def _with_address(found: list[str], text: str) -> list[str]:
    """去哪里办 asks for the channels and the place alike; 去哪查 for them, unless something handed in is looked for."""
    if "progress" in found and _WHERE_TO_LOOK.search(text) and not _HOW_FAR.search(text):
        found = ["channels", *(aspect for aspect in found if aspect != "progress")]  # 我参保没有 去哪查
    if ("channels" in found) != ("address" in found) and _WHERE.search(tail(text)):
        return [*found, "address" if "channels" in found else "channels"]
    return found
