"""Circumstances select, exclude and waive facts, and leave questions open where one would change the answer."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.catalogue import load_catalogue
from knowledge.facts import ASPECT_FACTS
from knowledge.query import Finding, KnowledgeBase
from tests.knowledge.expected import CHAINS

NO_CULPRIT = "《外伤无第三方责任承诺书》"
POLICE_PAPERS = "交警事故认定书或法院判决书或调解协议书等公检法部门出具的相关证明材料复印件"


def ask(base: KnowledgeBase, item: str, aspects: list[str], region: str | None, *circumstances: str) -> Finding:
    found = base.look_up(item, aspects, region, circumstances)
    assert isinstance(found, Finding)
    return found


def materials(base: KnowledgeBase, item: str, region: str | None, *circumstances: str) -> list[str]:
    return [fact["text"] for fact in ask(base, item, ["materials"], region, *circumstances).facts.get("materials", [])]


def test_an_accident_without_a_culprit_needs_the_promise_and_no_police_papers(knowledge_base: KnowledgeBase) -> None:
    told = materials(knowledge_base, "inpatient_reimbursement", "乐山市", "accident", "no_third_party")
    assert NO_CULPRIT in told
    assert "门（急）诊病历/入院记录" in told
    assert POLICE_PAPERS not in told
    assert "个人承诺书" not in told


def test_an_accident_with_a_culprit_needs_police_papers_and_no_promise(knowledge_base: KnowledgeBase) -> None:
    told = materials(knowledge_base, "inpatient_reimbursement", "凉山州", "accident", "third_party")
    assert POLICE_PAPERS in told
    assert NO_CULPRIT not in told


def test_while_nothing_is_known_both_are_given_with_their_conditions(knowledge_base: KnowledgeBase) -> None:
    facts = ask(knowledge_base, "inpatient_reimbursement", ["materials"], "乐山市").facts["materials"]
    conditions = {fact["text"]: fact["when"] for fact in facts}
    assert conditions[NO_CULPRIT] == "无第三方责任人的应填写"
    assert conditions[POLICE_PAPERS] == "有第三方责任人的应提供"
    assert conditions["出院记录"] is None


def test_having_no_culprit_implies_an_accident(knowledge_base: KnowledgeBase) -> None:
    alone = materials(knowledge_base, "outpatient_reimbursement", "乐山市", "no_third_party")
    both = materials(knowledge_base, "outpatient_reimbursement", "乐山市", "accident", "no_third_party")
    assert alone == both


def test_a_limit_for_others_is_left_out(knowledge_base: KnowledgeBase) -> None:
    limits = {
        circumstance: [
            fact["text"]
            for fact in ask(knowledge_base, "employee_enrollment", ["time_limit"], "凉山州", circumstance).facts["time_limit"]
            if not fact.get("window")
        ]
        for circumstance in ("employee", "flexible")
    }
    assert limits == {"employee": ["单位职工参保登记不超过3个工作日"], "flexible": ["灵活就业人员参保登记即时办结"]}


def test_a_special_disease_in_yunnan_has_one_limit(knowledge_base: KnowledgeBase) -> None:
    found = ask(knowledge_base, "chronic_disease_recognition", ["time_limit"], "云南省/大理州", "special_disease")
    assert [fact["working_days"] for fact in found.facts["time_limit"]] == [5]


def test_an_itemised_receipt_waives_the_list_of_costs(knowledge_base: KnowledgeBase) -> None:
    assert "门急诊费用清单" in materials(knowledge_base, "outpatient_reimbursement", "乐山市")
    found = ask(knowledge_base, "outpatient_reimbursement", ["materials"], "乐山市", "itemised_receipt")
    assert "门急诊费用清单" not in [fact["text"] for fact in found.facts["materials"]]
    assert any("可不提供费用清单" in reason for reason in found.decisive)


def test_what_was_settled_online_needs_no_medical_records_in_sichuan(knowledge_base: KnowledgeBase) -> None:
    assert "病历资料" in materials(knowledge_base, "maternity_allowance", "四川省")
    assert "病历资料" not in materials(knowledge_base, "maternity_allowance", "四川省", "settled_online")


def test_changing_a_filing_takes_one_paper_by_the_national_list(knowledge_base: KnowledgeBase) -> None:
    facts = ask(knowledge_base, "remote_retiree_filing", ["materials"], None, "changing_filing").facts["materials"]
    always = [fact["text"] for fact in facts if fact.get("circumstances") != ["by_proxy"]]
    assert always == ["医保电子凭证或有效身份证件"]


def test_inside_sichuan_people_of_liangshan_need_no_filing_and_are_told_why(knowledge_base: KnowledgeBase) -> None:
    found = ask(knowledge_base, "remote_temporary_filing", ["materials"], "凉山州/西昌市", "within_province")
    assert "materials" not in found.facts
    assert any("无需办理备案手续" in reason for reason in found.decisive)


def test_a_newborn_is_a_minor(knowledge_base: KnowledgeBase) -> None:
    assert knowledge_base.catalogue.with_implied(frozenset({"newborn"})) == {"newborn", "minor"}


def test_a_circumstance_that_would_change_the_answer_is_asked_for(knowledge_base: KnowledgeBase) -> None:
    found = ask(knowledge_base, "inpatient_reimbursement", ["materials"], "乐山市", "accident")
    [question] = [question for question in found.open_questions if question.group == "third_party"]
    assert "第三方责任人" in question.asks
    assert {choice.id for choice in question.choices} == {"third_party", "no_third_party"}


def test_a_circumstance_that_is_known_is_not_asked_for(knowledge_base: KnowledgeBase) -> None:
    for known in ("third_party", "no_third_party"):
        found = ask(knowledge_base, "inpatient_reimbursement", ["materials"], "乐山市", known)
        assert "third_party" not in {question.group for question in found.open_questions}


def test_a_circumstance_that_changes_nothing_asked_is_not_asked_for(knowledge_base: KnowledgeBase) -> None:
    assert not ask(knowledge_base, "inpatient_reimbursement", ["time_limit"], "乐山市").open_questions


def test_a_question_offers_only_choices_that_exclude_each_other(knowledge_base: KnowledgeBase, any_item: str) -> None:
    for region in ("乐山市", "凉山州", "四川省", "云南省", "重庆市"):
        found = knowledge_base.look_up(any_item, list(ASPECT_FACTS), region)
        if isinstance(found, Finding):
            for question in found.open_questions:
                assert {choice.group for choice in question.choices} == {question.group}
                assert len(question.choices) > 1


@settings(max_examples=200, deadline=None)
@given(
    item=st.deferred(lambda: st.sampled_from(sorted(load_catalogue().items))),
    place=st.sampled_from([None, *CHAINS]),
    circumstances=st.sets(st.deferred(lambda: st.sampled_from(sorted(load_catalogue().circumstances))), max_size=4),
)
def test_knowing_more_only_leaves_facts_out_and_never_changes_the_guide(
    knowledge_base: KnowledgeBase, item: str, place: str | None, circumstances: set[str]
) -> None:
    before = knowledge_base.look_up(item, list(ASPECT_FACTS), place)
    after = knowledge_base.look_up(item, list(ASPECT_FACTS), place, circumstances)
    if isinstance(before, Finding) and isinstance(after, Finding):
        assert after.nearest == before.nearest
        for key, facts in after.facts.items():
            assert all(fact in before.facts[key] for fact in facts)
