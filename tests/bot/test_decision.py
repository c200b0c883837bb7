"""From probabilities to a decision."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.decision import Decision, decide
from bot.thresholds import Thresholds
from knowledge.catalogue import load_catalogue

ITEMS = load_catalogue().items
AT = Thresholds(
    0.9, sure=0.6, possible=0.08, outside=0.4, aspect=0.0, further_aspect=0.0, aspect_of_a_part=0.0, circumstance=0.0
)


@pytest.mark.parametrize(
    ("ranking", "decision"),
    [
        ([("inpatient_reimbursement", 0.7), ("outpatient_reimbursement", 0.3)], Decision(item="inpatient_reimbursement")),
        (
            [("inpatient_reimbursement", 0.4), ("outpatient_reimbursement", 0.3)],
            Decision(candidates=("inpatient_reimbursement", "outpatient_reimbursement")),
        ),
        ([("family_reimbursement", 0.5), ("inpatient_reimbursement", 0.5)], Decision(family="reimbursement")),
        (
            [("family_enrollment", 0.4), ("remote_resident_filing", 0.3), ("family_remote_filing", 0.25)],
            Decision(family="remote_filing"),
        ),
        ([("family_planning_payment", 0.9)], Decision(item="family_planning_payment")),
        ([("out_of_scope", 0.5), ("inpatient_reimbursement", 0.4)], Decision()),
        ([("inpatient_reimbursement", 0.55), ("out_of_scope", 0.45)], Decision()),
        ([("greet", 0.9), ("inpatient_reimbursement", 0.05)], Decision()),
        ([], Decision()),
    ],
)
def test_a_ranking_is_decided(ranking: list[tuple[str, float]], decision: Decision) -> None:
    assert decide(ranking, ITEMS, AT) == decision


def test_a_higher_threshold_asks_where_a_lower_one_answers() -> None:
    ranking = [("inpatient_reimbursement", 0.65), ("outpatient_reimbursement", 0.3)]
    assert decide(ranking, ITEMS, AT).item
    assert decide(ranking, ITEMS, replace(AT, sure=0.7)).candidates
