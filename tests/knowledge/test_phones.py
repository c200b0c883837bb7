"""The numbers of 乐山: by item and district, and never another district's."""

from __future__ import annotations

from knowledge.query import Finding, KnowledgeBase
from tests.knowledge.expected import leshan_numbers

DISTRICTS = (
    "市中区",
    "沙湾区",
    "五通桥区",
    "金口河区",
    "井研县",
    "夹江县",
    "犍为县",
    "沐川县",
    "峨边县",
    "马边县",
    "峨眉山市",
    "市本级",
)


def numbers(base: KnowledgeBase, item: str, aspect: str, region: str) -> list[str]:
    found = base.look_up(item, [aspect], region)
    assert isinstance(found, Finding)
    return [phone["number"] for phone in found.facts.get("phones", ())]


def test_a_district_of_leshan_gets_its_number_for_the_item(knowledge_base: KnowledgeBase, leshan_item: str) -> None:
    by_label = leshan_numbers()[leshan_item]
    for_all = [number for label, number in by_label.items() if label not in (*DISTRICTS, "complaint")]
    for district in DISTRICTS:
        own = [by_label[district]] if district in by_label else []
        assert numbers(knowledge_base, leshan_item, "phone", f"乐山市/{district}") == [*for_all, *own]


def test_a_complaint_has_the_number_of_the_item_in_every_district(knowledge_base: KnowledgeBase, leshan_item: str) -> None:
    for district in DISTRICTS:
        complaint = numbers(knowledge_base, leshan_item, "complaint", f"乐山市/{district}")
        assert complaint == [leshan_numbers()[leshan_item]["complaint"]]


def test_while_the_district_is_unknown_all_numbers_are_given(knowledge_base: KnowledgeBase, leshan_item: str) -> None:
    printed = [number for label, number in leshan_numbers()[leshan_item].items() if label != "complaint"]
    assert numbers(knowledge_base, leshan_item, "phone", "乐山市") == printed


def test_an_overview_gives_the_number_of_the_district_and_none_for_complaints(knowledge_base: KnowledgeBase) -> None:
    assert numbers(knowledge_base, "inpatient_reimbursement", "overview", "乐山市/市中区") == ["0833-2128816"]


def test_the_city_itself_has_a_line_of_its_own(knowledge_base: KnowledgeBase) -> None:
    assert numbers(knowledge_base, "inpatient_reimbursement", "phone", "乐山市/市本级") == ["0833-2694037"]
    assert numbers(knowledge_base, "unit_enrollment", "phone", "乐山市/市本级") == ["0833-2639682"]


def test_where_the_city_itself_has_no_line_it_gets_no_other(knowledge_base: KnowledgeBase) -> None:
    found = knowledge_base.look_up("pharmacy_settlement", ["phone"], "乐山市/市本级")
    assert isinstance(found, Finding)
    assert "phones" not in found.facts
    assert "phones" in found.gaps
    assert found.unlisted_district == "市本级"


def test_a_guide_without_numbers_by_district_lacks_no_district(knowledge_base: KnowledgeBase) -> None:
    found = knowledge_base.look_up("social_security_card", ["complaint"], "云南省/昆明市")
    assert isinstance(found, Finding)
    assert "phones" in found.gaps
    assert found.unlisted_district is None


def test_the_hospitals_numbers_are_labelled_as_theirs(knowledge_base: KnowledgeBase) -> None:
    found = knowledge_base.look_up("special_drug_recognition", ["phone"], "乐山市/峨眉山市")
    assert isinstance(found, Finding)
    phones = [(phone["kind"], phone.get("place"), phone["number"]) for phone in found.facts["phones"]]
    assert phones == [
        ("inquiry", None, "0833-2270478"),
        ("hospital", "乐山市人民医院", "0833-2109203"),
        ("hospital", "武警四川总队医院", "0833-2452713"),
        ("hospital", "乐山市中医医院", "0833-2429292"),
        ("inquiry", "峨眉山市", "0833-5552923"),
    ]
