"""What the assist keeps of what it understood."""

from __future__ import annotations

import json
import tracemalloc
from dataclasses import replace
from itertools import islice, product
from pathlib import Path

import pytest

from bot.assist.hearing import Ear
from bot.runtime.live_model import live_archive
from bot.runtime.model import load_model

QUESTIONS = Path("tests/evaluation/hotline.jsonl")
_PIECES, _MOST_MB = 2_500, 12


@pytest.fixture(scope="module")
def ear() -> Ear:
    return Ear(load_model(live_archive(Path("models"))))


def test_what_was_understood_of_thousands_of_pieces_takes_few_megabytes(ear: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ear, "_thresholds", replace(ear._thresholds, second_look=0.0))  # second looks that take no time
    questions = [json.loads(line)["text"] for line in QUESTIONS.open(encoding="utf-8")]
    hear(ear, "你好")
    tracemalloc.start()
    for number, question in islice(product(range(_PIECES), questions), _PIECES):
        hear(ear, f"{question[:40]}{number}")
    grown = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    assert grown < _MOST_MB


def test_a_piece_that_had_its_second_look_is_not_looked_at_again(ear: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    unsure = ear.understand("治病开销如何退还").masked
    first, second = ear.rank(unsure, second_look=False), ear.rank(unsure, second_look=True)
    assert second != first
    monkeypatch.setattr(ear, "_intents", None)
    assert ear.rank(unsure, second_look=False) == ear.rank(unsure, second_look=True) == second


def hear(ear: Ear, text: str) -> None:
    """A final piece, as the assist takes it in."""
    part = ear.understand(text)
    ear.aspects(part.masked)
    ranking = ear.rank(part.masked, second_look=False)
    ear.rank(part.masked, second_look=True)
    ear.rests_on(part.words, next(intent for intent, _ in ranking))
