"""凉山 2024, checked by hand against the printed table: cells that are shared, and cells that are empty."""

from __future__ import annotations

import pytest

from tests.knowledge.conftest import Export, Texts


def test_both_settlements_of_liangshan_share_remark_and_legal_basis(texts: Texts) -> None:
    for key in ("remarks", "legal_basis"):
        hospital = texts("liangshan-2024", "hospital_settlement", key)
        assert hospital
        assert hospital == texts("liangshan-2024", "pharmacy_settlement", key)
    assert texts("liangshan-2024", "pharmacy_settlement", "remarks") == [
        "鼓励各地与定点医药机构通过四川省医疗保障信息平台直接线上结算"
    ]


@pytest.mark.parametrize(
    "item",
    [
        "unit_info_query",
        "person_info_query",
        "remote_retiree_filing",
        "remote_worker_filing",
        "remote_referral_filing",
        "assistance_premium_subsidy",
        "institution_suspension",
    ],
)
def test_a_blank_remark_of_liangshan_is_empty_and_not_the_one_above(exported: Export, item: str) -> None:
    assert "remarks" not in exported["liangshan-2024"][item]


def test_the_legal_basis_of_a_group_in_liangshan_holds_for_each_row(texts: Texts) -> None:
    first = texts("liangshan-2024", "remote_retiree_filing", "legal_basis")
    assert "医保发〔2022〕22号" in first[0]
    for item in ("remote_resident_filing", "remote_worker_filing", "remote_referral_filing", "remote_temporary_filing"):
        assert texts("liangshan-2024", item, "legal_basis") == first


def test_the_remark_on_proxies_in_liangshan_holds_for_the_rows_below(exported: Export) -> None:
    for item in ("resident_enrollment", "person_info_query", "inpatient_reimbursement", "assistance_reimbursement"):
        by_proxy = [
            fact["text"] for fact in exported["liangshan-2024"][item]["materials"] if fact.get("circumstances") == ["by_proxy"]
        ]
        assert by_proxy == ["委托人及代理人身份证件原件", "委托人授权委托书"]


def test_residents_of_liangshan_need_the_form_only_to_end_their_insurance(exported: Export) -> None:
    [form] = [fact for fact in exported["liangshan-2024"]["resident_enrollment"]["materials"] if "form" in fact]
    assert form["circumstances"] == ["enrollment_termination"]


def test_a_newborn_of_liangshan_enrolls_with_the_birth_certificate(exported: Export) -> None:
    materials = exported["liangshan-2024"]["resident_enrollment"]["materials"]
    assert [fact["text"] for fact in materials if fact.get("circumstances") == ["newborn"]] == ["出生医学证明"]


def test_liangshan_gives_no_place_hours_phones_eligibility_progress_or_evaluation(exported: Export) -> None:
    for item in exported["liangshan-2024"].values():
        assert not {"address", "office_hours", "phones", "eligibility", "progress", "evaluation"} & set(item)


def test_liangshan_names_channels_only_for_the_ecard(exported: Export) -> None:
    assert [item for item, facts in exported["liangshan-2024"].items() if "channels" in facts] == ["ecard_application"]
