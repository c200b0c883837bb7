"""The intent model, trained on a tiny set of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from bot.understanding import features
from bot.understanding.intents import IntentModel

EXAMPLES = {
    "reimburse": [
        "住院的钱怎么报",
        "住院花的钱能报吗",
        "出院了怎么报销",
        "医药费怎么报销",
        "住院报销找谁",
        "我要报住院的账",
        "住院单据拿去报",
        "报销住院花费",
    ],
    "file": [
        "去外地看病先备案",
        "异地就医怎么备案",
        "外地住院要备案吗",
        "备案去成都",
        "我想做异地备案",
        "备案要怎么弄",
        "跨省看病备案",
        "异地备个案",
    ],
    "greet": ["你好", "您好啊", "早上好", "在吗你好", "你好呀", "喂你好", "您好", "大家好"],
}
TEXTS = [text for texts in EXAMPLES.values() for text in texts]
LABELS = [label for label, texts in EXAMPLES.items() for _ in texts]
SURE = 0.9
Meaning = Callable[[Sequence[str]], Any]


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return IntentModel.train(TEXTS, LABELS)


@pytest.fixture
def second_looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were given a second look; the look itself is the real one."""
    taken: list[str] = []
    real: Meaning = features.meaning

    def noted(texts: Sequence[str]) -> Any:
        taken.extend(texts)
        return real(texts)

    monkeypatch.setattr("bot.understanding.intents.meaning", noted)
    return taken


@pytest.mark.parametrize("text", [*TEXTS[::5], "医保", "", "😀", "完全没见过的字㐀", "a" * 500])
def test_probabilities_of_all_intents_sum_to_one_and_are_sorted(model: IntentModel, text: str) -> None:
    ranking = model.rank(text, SURE)
    probabilities = [p for _, p in ranking]
    assert {name for name, _ in ranking} == set(EXAMPLES)
    assert sum(probabilities) == pytest.approx(1.0, abs=1e-5)
    assert probabilities == sorted(probabilities, reverse=True)
    assert probabilities[-1] >= 0


def test_sentences_like_the_examples_get_their_intent(model: IntentModel) -> None:
    asked = {"住院的账怎么报销": "reimburse", "我要异地就医备案": "file", "你好你好": "greet"}
    assert {text: model.rank(text, SURE)[0][0] for text in asked} == asked


def test_a_second_look_is_taken_only_when_the_first_is_unsure(model: IntentModel, second_looks: list[str]) -> None:
    for text in TEXTS:
        model.rank(text, second_look=0.0)
    assert second_looks == []
    first = max(model.rank("你好", second_look=0.0)[0][1], 0.5)
    model.rank("你好", second_look=first)
    assert second_looks == []
    model.rank("㐀㐁", second_look=first)
    assert second_looks == ["㐀㐁"]


def test_a_model_that_is_never_sure_looks_twice_at_everything(model: IntentModel, second_looks: list[str]) -> None:
    model.rank("你好", second_look=1.1)
    model.rank("备案", second_look=1.1)
    assert second_looks == ["你好", "备案"]


def test_a_second_look_knows_a_paraphrase_that_shares_no_word(model: IntentModel) -> None:
    assert model.rank("治病开销如何退还", second_look=1.1)[0][0] == "reimburse"


def test_both_looks_are_those_that_a_ranking_chooses_from(model: IntentModel) -> None:
    text = "医药费找谁报"
    first, second = next(model.both_looks([text]))
    assert first == model.rank(text, second_look=0.0)
    assert [name for name, _ in second] == [name for name, _ in model.rank(text, second_look=1.1)]


def test_training_twice_gives_the_same_model(model: IntentModel) -> None:
    again = IntentModel.train(TEXTS, LABELS)
    assert [again.rank(text, SURE) for text in TEXTS] == [model.rank(text, SURE) for text in TEXTS]
