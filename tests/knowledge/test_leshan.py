"""乐山 2024, checked by hand against the printed guide, above all where it is faulty."""

from __future__ import annotations

import pytest

from knowledge.query import KnowledgeBase
from tests.knowledge.conftest import Export, Texts
from tests.knowledge.expected import gaps_of, working_days


def test_the_ecard_of_leshan_has_neither_place_nor_hours(knowledge_base: KnowledgeBase, exported: Export) -> None:
    assert not {"address", "office_hours"} & set(exported["leshan-2024"]["ecard_application"])
    gaps = gaps_of(knowledge_base.look_up("ecard_application", ["address", "office_hours"], "乐山市/沙湾区"))
    assert list(gaps) == ["address", "office_hours"]
    assert all(reason and "即时办结" in reason for reason in gaps.values())


def test_the_ecard_of_leshan_needs_no_materials(texts: Texts) -> None:
    assert texts("leshan-2024", "ecard_application", "materials") == ["无"]


def test_a_transfer_in_leshan_has_limits_of_five_and_ten_days(exported: Export) -> None:
    limits = exported["leshan-2024"]["relation_transfer"]["time_limit"]
    assert working_days(limits) == [5, 10, 5]
    assert [fact.get("circumstances", []) for fact in limits] == [[], ["transfer_out"], ["transfer_in"]]


def test_the_maternity_allowance_of_leshan_has_its_remarks_and_no_evaluation(exported: Export, texts: Texts) -> None:
    assert texts("leshan-2024", "maternity_allowance", "remarks") == [
        "办理生育保险待遇合并支付的一次性提供材料",
        "财政供养单位的非财政供养人员申领生育津贴时，需单位提供承诺书",
    ]
    assert "evaluation" not in exported["leshan-2024"]["maternity_allowance"]


def test_no_fifth_step_is_made_up_for_family_planning_in_leshan(exported: Export) -> None:
    steps = exported["leshan-2024"]["family_planning_payment"]["process"]
    assert [step["name"] for step in steps] == ["申请", "受理", "审核", "拨付"]


def test_the_cut_step_of_resident_enrollment_in_leshan_is_whole(texts: Texts) -> None:
    assert texts("leshan-2024", "resident_enrollment", "process")[-1] == "办结：符合条件的办理城乡居民参保登记"


@pytest.mark.parametrize("item", ["employee_info_change", "chronic_disease_recognition", "institution_info_change"])
def test_progress_whose_heading_is_displaced_or_missing_is_still_there(texts: Texts, item: str) -> None:
    [progress] = texts("leshan-2024", item, "progress")
    assert progress.startswith("窗口办理的可向经办窗口查询办理进度和结果")


def test_the_two_queries_of_leshan_have_no_progress(exported: Export) -> None:
    for item in ("unit_info_query", "person_info_query"):
        assert "progress" not in exported["leshan-2024"][item]


@pytest.mark.parametrize("item", ["hospital_designation", "pharmacy_designation"])
def test_the_five_days_for_completing_papers_are_no_limit_of_designation(exported: Export, item: str) -> None:
    assert working_days(exported["leshan-2024"][item]["time_limit"]) == [10]


@pytest.mark.parametrize(
    "item",
    ["unit_enrollment", "lump_sum_payment", "account_withdrawal", "outpatient_reimbursement", "inpatient_reimbursement"],
)
def test_no_online_channel_is_derived_from_the_progress_text(exported: Export, item: str) -> None:
    assert [channel["kind"] for channel in exported["leshan-2024"][item]["channels"]] == ["counter"]


@pytest.mark.parametrize(
    ("item", "days"),
    [
        ("account_withdrawal", 2),
        ("outpatient_reimbursement", 5),
        ("inpatient_reimbursement", 9),
        ("maternity_allowance", 3),
        ("hospital_settlement", 15),
        ("pharmacy_settlement", 6),
        ("institution_resumption", 1),
    ],
)
def test_the_limits_of_leshan_are_the_printed_ones(exported: Export, item: str, days: int) -> None:
    assert working_days(exported["leshan-2024"][item]["time_limit"]) == [days]
