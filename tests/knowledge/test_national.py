"""The national list, checked by hand against the printed table with its merged cells."""

from __future__ import annotations

import pytest

from tests.knowledge.conftest import Export, Texts
from tests.knowledge.expected import working_days


@pytest.mark.parametrize("item", ["hospital_designation", "pharmacy_designation"])
def test_the_nation_leaves_designation_to_the_agreement_rules(exported: Export, item: str) -> None:
    for key in ("materials", "time_limit", "process"):
        [fact] = exported["national"][item][key]
        assert fact["text"] == "办理材料、办理时限、办理环节按照两定机构协议管理办法和经办规程执行"
        assert fact["deferred"]


@pytest.mark.parametrize("item", ["hospital_settlement", "pharmacy_settlement"])
def test_the_nation_leaves_papers_of_settlement_to_the_agreement(exported: Export, texts: Texts, item: str) -> None:
    assert texts("national", item, "materials") == ["办理材料根据定点医药机构与经办机构签订的协议执行"]
    assert working_days(exported["national"][item]["time_limit"]) == [30]


def test_the_national_remarks_on_filing_are_shared_by_four_rows(texts: Texts) -> None:
    for item in ("remote_retiree_filing", "remote_resident_filing", "remote_worker_filing", "remote_referral_filing"):
        assert "省内异地就医参照执行" in texts("national", item, "remarks")


def test_resident_enrollment_has_no_national_remark_of_its_own(exported: Export) -> None:
    assert "remarks" not in exported["national"]["resident_enrollment"]


def test_every_national_row_has_a_legal_basis(exported: Export) -> None:
    assert all(item["legal_basis"] for item in exported["national"].values())


def test_the_nation_enrolls_employees_in_five_days_and_flexible_workers_at_once(exported: Export) -> None:
    employee, flexible = exported["national"]["employee_enrollment"]["time_limit"]
    assert (employee["working_days"], employee["circumstances"]) == (5, ["employee"])
    assert (flexible["immediate"], flexible["circumstances"]) == (True, ["flexible"])
