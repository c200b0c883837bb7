"""Facts checked by hand against the printed guides, above all where these are faulty or easily misread."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.facts import Fact
from knowledge.query import Finding, KnowledgeBase, NotListed
from tests.knowledge.conftest import Export

Texts = Callable[[str, str, str], list[str]]


def working_days(facts: list[Fact]) -> list[int]:
    return [fact["working_days"] for fact in facts if "working_days" in fact]


def listed_gaps(found: Finding | NotListed) -> dict[str, str | None]:
    assert isinstance(found, Finding)
    return found.gaps


# 乐山


def test_the_ecard_of_leshan_has_neither_place_nor_hours(knowledge_base: KnowledgeBase, exported: Export) -> None:
    assert not {"address", "office_hours"} & set(exported["leshan-2024"]["ecard_application"])
    gaps = listed_gaps(knowledge_base.look_up("ecard_application", ["address", "office_hours"], "乐山市/沙湾区"))
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


# 凉山


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
            fact["text"]
            for fact in exported["liangshan-2024"][item]["materials"]
            if fact.get("circumstances") == ["by_proxy"]
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


# the nation


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


# 四川


def test_sichuan_gives_no_place_hours_or_phones_and_says_why(knowledge_base: KnowledgeBase, exported: Export) -> None:
    for item, facts in exported["sichuan-2020"].items():
        assert not {"address", "office_hours", "phones"} & set(facts)
        gaps = listed_gaps(knowledge_base.look_up(item, ["phone", "address", "office_hours"], "四川省"))
        assert set(gaps) == {"phones", "address", "office_hours"}
        assert all(reason and "以各经办机构公布的为准" in reason for reason in gaps.values())


def test_a_wound_in_sichuan_needs_the_form_for_settlement_inside_the_province(exported: Export) -> None:
    materials = exported["sichuan-2020"]["remote_emergency_filing"]["materials"]
    [form] = [fact for fact in materials if "form" in fact]
    assert form["form"] == "四川省省内异地就医外伤入院登记表"
    assert form["circumstances"] == ["accident", "within_province"]


@pytest.mark.parametrize(
    ("item", "days"),
    [("unit_enrollment", 3), ("two_diseases_recognition", 10), ("institution_remote_settlement", 22)],
)
def test_the_limits_of_sichuan_are_the_printed_ones(exported: Export, item: str, days: int) -> None:
    assert working_days(exported["sichuan-2020"][item]["time_limit"]) == [days]


# 云南


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
def test_both_settlements_of_yunnan_name_their_paper_only_in_the_flow_chart(
    exported: Export, item: str, paper: str
) -> None:
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
