"""The evaluation itself: its questions are apart from the training data, and its scores mean what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.loading import load_data

from bot.evaluation.rows import Expected, RowError, read_files
from bot.evaluation.scoring import interval, score
from knowledge.catalogue import load_catalogue
from knowledge.query import KnowledgeBase
from knowledge.regions import load_regions

FILES = sorted(Path("tests/evaluation").glob("*.jsonl"))
_SHORT = 4


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text)


def test_there_are_enough_questions_and_dialogues() -> None:
    talks = read_files(FILES)
    assert sum(not talk.is_dialogue for talk in talks) >= 700
    assert sum(talk.is_dialogue for talk in talks) >= 50


def test_every_item_is_asked_about() -> None:
    asked = {item for talk in read_files(FILES) for turn in talk.turns for item in turn.items if turn.kind == "answer"}
    assert asked == set(load_catalogue().items)


def test_every_place_of_an_evaluation_question_is_in_the_region_tree() -> None:
    regions = load_regions().regions
    places = {turn.region for talk in read_files(FILES) for turn in talk.turns if turn.region}
    assert places <= set(regions)


def test_no_evaluation_question_stands_in_the_training_data() -> None:
    trained = {_bare(example.get("text")) for example in load_data("data/nlu").intent_examples}
    asked = {_bare(turn.text) for talk in read_files(FILES) for turn in talk.turns}
    assert not {text for text in asked & trained if len(text) > _SHORT}


def test_every_item_has_sixty_training_examples() -> None:
    counts: dict[str, int] = {}
    for example in load_data("data/nlu").intent_examples:
        counts[example.get("intent")] = counts.get(example.get("intent"), 0) + 1
    assert {item: counts.get(item, 0) for item in load_catalogue().items if counts.get(item, 0) < 60} == {}


def test_a_line_that_is_no_question_is_named_with_its_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text('{"id": "1", "text": "x", "item": ["nonsense"], "aspect": [], "region": null, "kind": "answer"}\n')
    with pytest.raises(RowError, match=r"mine.jsonl:1.*nonsense"):
        read_files([path])


def _answer(item: str, region: str | None, facts: dict[str, list[dict[str, str]]]) -> list[dict[str, object]]:
    payload = {
        "type": "answer",
        "item": {"id": item},
        "aspects": ["time_limit"],
        "region": {"path": region},
        "circumstances": [],
        "facts": facts,
    }
    return [{"custom": payload}]


@pytest.mark.parametrize(
    ("item", "region", "text", "source", "wrong"),
    [
        ("inpatient_reimbursement", "乐山市", "9个工作日", "leshan-2024", set()),
        ("outpatient_reimbursement", "乐山市", "5个工作日", "leshan-2024", {"item", "facts"}),
        ("inpatient_reimbursement", "凉山州", "不超过30个工作日", "liangshan-2024", {"place", "facts"}),
        ("inpatient_reimbursement", "乐山市", "8个工作日", "leshan-2024", {"facts"}),
    ],
)
def test_a_turn_is_right_only_if_item_place_and_facts_are(
    knowledge_base: KnowledgeBase, item: str, region: str, text: str, source: str, wrong: set[str]
) -> None:
    expected = Expected("乐山住院报销要多久", ("inpatient_reimbursement",), ("time_limit",), "乐山市", "answer")
    got = score(expected, _answer(item, region, {"time_limit": [{"text": text, "source": source}]}), knowledge_base)
    assert {name for name, right in got.measures.items() if not right} == wrong | ({"turn"} if wrong else set())


@pytest.mark.parametrize(
    ("got", "found", "only"),
    [(["retired"], True, True), (["newborn"], False, True), (["no_third_party", "retired"], True, True), ([], False, True)],
)
def test_circumstances_are_right_if_those_expected_are_found(
    knowledge_base: KnowledgeBase, got: list[str], found: bool, only: bool
) -> None:
    items = ("remote_retiree_filing",)
    expected = Expected("退休了怎么备案", items, ("overview",), None, "answer", circumstances=("retired",))
    (message,) = _answer("remote_retiree_filing", None, {})
    message["custom"]["circumstances"] = got  # type: ignore[index]
    measures = score(expected, [message], knowledge_base).measures
    assert (measures["circumstance"], measures["circumstance_only"]) == (found, only)


def test_a_circumstance_that_excludes_the_expected_one_is_no_right_one(knowledge_base: KnowledgeBase) -> None:
    expected = Expected("住院报销", ("inpatient_reimbursement",), ("overview",), None, "answer", circumstances=("inpatient",))
    (message,) = _answer("inpatient_reimbursement", None, {})
    message["custom"]["circumstances"] = ["inpatient", "outpatient"]  # type: ignore[index]
    assert not score(expected, [message], knowledge_base).measures["circumstance_only"]


def test_silence_is_never_right() -> None:
    for kind in ("oos", "clarify", "chitchat"):
        expected = Expected("…", ("inpatient_reimbursement",), (), None, kind)
        assert not score(expected, [], None).right  # type: ignore[arg-type]


def test_intervals_hold_the_share_and_narrow_with_more_questions() -> None:
    narrow, wide = interval(900, 1000), interval(9, 10)
    assert narrow[0] < 0.9 < narrow[1]
    assert wide[1] - wide[0] > narrow[1] - narrow[0]
