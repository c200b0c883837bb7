"""The thresholds: those in the file, and how they are computed."""

from __future__ import annotations

from dataclasses import asdict

import pytest
import yaml

from bot.evaluation.examples import Example
from bot.evaluation.thresholds import COSTS, Looks, best_circumstance, best_second_look, costs, second_looks
from bot.thresholds import PATH, Thresholds, load_thresholds
from bot.understanding.circumstances import Found
from knowledge.catalogue import Catalogue, load_catalogue

AT = Thresholds(
    0.9, sure=0.6, possible=0.08, outside=0.5, aspect=0.0, further_aspect=0.0, aspect_of_a_part=0.0, circumstance=0.0
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_the_file_says_where_its_numbers_come_from() -> None:
    data = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    assert data["thresholds"] == asdict(load_thresholds())
    assert data["measured"]["examples"] > 10_000


def test_probabilities_lie_between_nothing_and_one() -> None:
    found = asdict(load_thresholds())
    assert all(0 < found[name] < 1 for name in ("second_look", "sure", "possible", "outside"))


def test_a_wrong_answer_costs_more_than_a_question_and_the_right_one_nothing(catalogue: Catalogue) -> None:
    sure = [("inpatient_reimbursement", 0.9), ("outpatient_reimbursement", 0.1)]
    torn = [("inpatient_reimbursement", 0.45), ("outpatient_reimbursement", 0.4)]
    right, asked, wrong = (
        costs([(intent, ranking)], AT, catalogue)["item"]
        for intent, ranking in (
            ("inpatient_reimbursement", sure),
            ("outpatient_reimbursement", torn),
            ("outpatient_reimbursement", sure),
        )
    )
    assert (right, asked, wrong) == tuple(COSTS["item"].values())


def test_refusing_what_is_out_of_scope_costs_nothing_and_talk_is_not_judged(catalogue: Catalogue) -> None:
    assert costs([("out_of_scope", [("out_of_scope", 0.9)]), ("greet", [("greet", 0.9)])], AT, catalogue) == {"outside": 0.0}


def test_second_looks_are_taken_as_long_as_they_help() -> None:
    helped = [Looks("a", [("b", 0.82), ("a", 0.18)], [("a", 0.9), ("b", 0.1)])] * 10
    idle = [Looks("a", [("a", 0.95), ("b", 0.05)], [("a", 0.9), ("b", 0.1)])] * 10
    assert best_second_look([*helped, *idle]) == pytest.approx(0.85)
    assert best_second_look(idle) == pytest.approx(0.5)


def test_what_second_looks_bring_is_written_beside_what_they_cost() -> None:
    helped = [Looks("a", [("b", 0.82), ("a", 0.18)], [("a", 0.9), ("b", 0.1)])]
    idle = [Looks("a", [("a", 0.95), ("b", 0.05)], [("a", 0.9), ("b", 0.1)])] * 3
    found = second_looks([*helped, *idle])
    assert found[0.8] == {"looked_twice": 0.0, "right": 0.75}
    assert found[0.85] == {"looked_twice": 0.25, "right": 1.0}
    assert found[0.98] == {"looked_twice": 1.0, "right": 1.0}


def test_the_score_for_circumstances_is_the_lowest_that_is_right_often_enough(catalogue: Catalogue) -> None:
    def example(*circumstances: str) -> Example:
        return Example("", "person_info_query", None, circumstances, Found())

    right = [(example("by_proxy"), {"by_proxy": 0.5 + n / 100}) for n in range(40)]
    wrong = [(example(), {"by_proxy": 0.2})] * 20
    assert best_circumstance([*right, *wrong], catalogue) == pytest.approx(0.5)
    assert best_circumstance(wrong, catalogue) == float("inf")
