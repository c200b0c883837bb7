"""云南, checked by hand against the printed guide: what stands in flow charts, forms and names of items."""

from __future__ import annotations

import pytest

from knowledge.query import Finding, KnowledgeBase
from tests.knowledge.conftest import Export, Texts


def test_yunnan_names_25_chronic_and_15_special_diseases(exported: Export) -> None:
    diseases = {
        fact["disease_class"]: fact["diseases"]
        for fact in exported["yunnan"]["chronic_disease_recognition"]["eligibility"]
        if "diseases" in fact
    }
    assert {name: len(names) for name, names in diseases.items()} == {"门诊慢性病": 25, "门诊特殊病": 15}
    assert "精神病" in diseases["门诊慢性病"]
    assert "耐药肺结核" in diseases["门诊特殊病"]


def test_yunnan_recognises_special_diseases_in_5_days_and_chronic_ones_in_10(exported: Export) -> None:
    limits = exported["yunnan"]["chronic_disease_recognition"]["time_limit"]
    assert {fact["circumstances"][0]: fact["working_days"] for fact in limits} == {
        "special_disease": 5,
        "chronic_disease": 10,
    }


def test_12333_for_lost_cards_is_the_only_phone_of_yunnan(exported: Export) -> None:
    phones = {item: facts["phones"] for item, facts in exported["yunnan"].items() if "phones" in facts}
    assert list(phones) == ["social_security_card"]
    [phone] = phones["social_security_card"]
    assert (phone["kind"], phone["number"]) == ("loss_report", "12333")


@pytest.mark.parametrize("item", ["hospital_designation", "pharmacy_designation"])
def test_yunnan_takes_applications_for_designation_in_five_days_a_quarter(exported: Export, item: str) -> None:
    limit, window = exported["yunnan"][item]["time_limit"]
    assert limit["working_days"] == 30
    assert window["window"]
    assert "working_days" not in window
    assert window["text"] == "申报时间：每季度第一个月的前5个工作日，遇节假日顺延"


@pytest.mark.parametrize("item", ["employee_enrollment", "flexible_enrollment", "unit_info_change"])
def test_yunnan_takes_some_applications_only_in_the_first_half_of_a_month(texts: Texts, item: str) -> None:
    assert "每月1-15日受理" in texts("yunnan", item, "time_limit")


def test_proof_of_residence_stands_only_in_the_flow_chart_of_yunnan(exported: Export) -> None:
    [proof] = [
        fact
        for fact in exported["yunnan"]["remote_resident_filing"]["materials"]
        if fact["text"].startswith("长期居住认定材料")
    ]
    assert proof["origin"] == "flow_chart"


@pytest.mark.parametrize(
    ("item", "paper"), [("hospital_settlement", "定点机构结算单据"), ("pharmacy_settlement", "零售药店结算单据")]
)
def test_both_settlements_of_yunnan_name_their_paper_only_in_the_flow_chart(exported: Export, item: str, paper: str) -> None:
    [material] = exported["yunnan"][item]["materials"]
    assert (material["text"], material["origin"]) == (paper, "flow_chart")


@pytest.mark.parametrize(
    "item",
    ["prenatal_checkup_payment", "maternity_medical_payment", "family_planning_payment", "maternity_allowance"],
)
def test_maternity_in_yunnan_needs_the_sealed_list_twice_within_a_year(exported: Export, item: str) -> None:
    facts = exported["yunnan"][item]
    [form] = [fact for fact in facts["materials"] if fact.get("form") == "生育保险待遇核报资料明细清单"]
    assert (form["seal"], form["copies"]) == ("单位公章", 2)
    [deadline] = [fact for fact in facts["time_limit"] if fact.get("window")]
    assert "一年内" in deadline["text"]
    assert deadline["origin"] == "form_note"


def test_flexible_workers_of_yunnan_get_no_maternity_allowance(exported: Export, knowledge_base: KnowledgeBase) -> None:
    rule = "灵活就业、自谋职业人员只享受生育医疗费，不享受生育津贴"
    facts = exported["yunnan"]["maternity_allowance"]
    assert [fact["text"] for fact in facts["eligibility"] if fact.get("circumstances") == ["flexible"]] == [rule]
    assert not any("灵活就业" in fact["text"] for fact in facts["materials"])
    found = knowledge_base.look_up("maternity_allowance", ["materials"], "云南省", ["flexible"])
    assert isinstance(found, Finding)
    assert found.decisive == (rule,)
