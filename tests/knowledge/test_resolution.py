"""Which guide answers: the nearest up the chain that holds the fact, never a neighbour's."""

from __future__ import annotations

import pytest

from knowledge.query import Finding, KnowledgeBase, NotListed
from tests.knowledge.expected import ASPECTS, CHAINS, KEYS, PLACES, Listed, entries, lists, printed

ALL = [*ASPECTS, "overview"]


def ask(base: KnowledgeBase, item: str, aspects: list[str], region: str | None, *circumstances: str) -> Finding:
    found = base.look_up(item, aspects, region, circumstances)
    assert isinstance(found, Finding), f"{item} is not listed for {region}"
    return found


def sources_of(found: Finding | NotListed) -> set[str]:
    return {f["source"] for fs in found.facts.values() for f in fs} if isinstance(found, Finding) else set()


def told(found: Finding, aspect: str) -> list[str]:
    return [fact.get("text") or fact["number"] for fact in found.facts.get(KEYS.get(aspect, aspect), [])]


def test_an_entry_asked_from_its_own_place_gives_its_own_facts(knowledge_base: KnowledgeBase, listed: Listed) -> None:
    entry = entries()[listed.guide][listed.item]
    for aspect in ASPECTS:
        found = ask(knowledge_base, listed.item, [aspect], PLACES[listed.guide])
        assert (found.nearest.id, found.nearest.entry) == (listed.guide, listed.title)
        key, own = KEYS.get(aspect, aspect), printed(entry, aspect)
        if own:
            assert told(found, aspect) == own
            assert sources_of(found) == {listed.guide}
            assert [source.id for source in found.sources] == [listed.guide]
            assert not found.wider
            assert not found.gaps
        else:
            assert all(fact["source"] != listed.guide for fact in found.facts.get(key, ()))
            assert key in {*found.wider, *found.gaps}


@pytest.mark.parametrize("place", CHAINS)
def test_a_field_comes_from_the_nearest_guide_that_holds_it(knowledge_base: KnowledgeBase, place: str, any_item: str) -> None:
    chain = [guide for guide in CHAINS[place] if lists(guide, any_item)]
    if not chain:
        assert not sources_of(knowledge_base.look_up(any_item, ["overview"], place)) & {
            guide for guide in PLACES if guide not in CHAINS[place]
        }
        return
    for aspect in set(ASPECTS) - {"phone"}:
        key = KEYS.get(aspect, aspect)
        found = ask(knowledge_base, any_item, [aspect], place)
        holds = next((guide for guide in chain if printed(entries()[guide][any_item], aspect)), None)
        assert found.nearest.id == chain[0]
        if holds is None:
            assert list(found.gaps) == [key]
            assert key not in found.facts
        else:
            assert not found.gaps
            assert told(found, aspect) == printed(entries()[holds][any_item], aspect)
            assert {fact["source"] for fact in found.facts[key]} == {holds}
            assert (found.wider[key].id if key in found.wider else chain[0]) == holds
        assert set(found.facts) <= {key, "level", "remarks"}


@pytest.mark.parametrize("aspect", ALL)
def test_a_question_from_liangshan_is_never_answered_from_leshan_or_yunnan(
    knowledge_base: KnowledgeBase, any_item: str, aspect: str
) -> None:
    for place in ("凉山州", "凉山州/西昌市", "凉山州/木里县"):
        found = knowledge_base.look_up(any_item, [aspect], place)
        assert sources_of(found) <= {"liangshan-2024", "sichuan-2020", "national"}


def test_no_county_of_liangshan_gets_a_number_of_leshan(knowledge_base: KnowledgeBase, any_item: str) -> None:
    for county in knowledge_base.regions.children("凉山州"):
        found = knowledge_base.look_up(any_item, ["phone", "complaint"], county.path)
        assert not isinstance(found, Finding) or "phones" not in found.facts


@pytest.mark.parametrize("place", CHAINS)
def test_every_fact_comes_from_a_guide_up_the_chain(knowledge_base: KnowledgeBase, place: str, any_item: str) -> None:
    found = knowledge_base.look_up(any_item, ALL, place)
    assert sources_of(found) <= set(CHAINS[place])
    if isinstance(found, Finding):
        assert {source.id for source in found.sources} >= sources_of(found)


def test_with_no_place_the_widest_guide_answers(knowledge_base: KnowledgeBase, any_item: str) -> None:
    widest_first = ("national", "sichuan-2020", "yunnan", "leshan-2024", "liangshan-2024")
    found = ask(knowledge_base, any_item, ["overview"], None)
    assert found.nearest.id == next(guide for guide in widest_first if lists(guide, any_item))
    assert found.region is None
    assert sources_of(found) == {found.nearest.id}


def test_chengdu_is_answered_from_sichuan(knowledge_base: KnowledgeBase) -> None:
    found = ask(knowledge_base, "unit_enrollment", ["time_limit"], "四川省/成都市")
    assert told(found, "time_limit")[0] == "不超过3个工作日"
    assert found.nearest.id == "sichuan-2020"


def test_chongqing_is_answered_from_the_nation(knowledge_base: KnowledgeBase) -> None:
    found = ask(knowledge_base, "unit_enrollment", ["time_limit"], "重庆市/渝北区")
    assert told(found, "time_limit")[0] == "不超过5个工作日"
    assert found.nearest.id == "national"


def test_a_place_without_guides_gets_what_only_the_nation_lists(knowledge_base: KnowledgeBase, any_item: str) -> None:
    found = knowledge_base.look_up(any_item, ["materials"], "重庆市")
    answers = isinstance(found, Finding) and found.treated_as is None
    assert answers == lists("national", any_item)


def test_the_channels_missing_in_liangshan_come_from_sichuan(knowledge_base: KnowledgeBase) -> None:
    found = ask(knowledge_base, "inpatient_reimbursement", ["materials", "channels"], "凉山州/会理市")
    assert {fact["source"] for fact in found.facts["materials"]} == {"liangshan-2024"}
    assert told(found, "channels") == ["经办机构窗口"]
    assert found.wider["channels"].id == "sichuan-2020"
    assert list(found.wider) == ["channels"]
    assert [source.id for source in found.sources] == ["liangshan-2024", "sichuan-2020"]


def test_the_legal_basis_missing_in_leshan_comes_from_the_nation(knowledge_base: KnowledgeBase) -> None:
    found = ask(knowledge_base, "inpatient_reimbursement", ["legal_basis"], "乐山市/犍为县")
    assert found.wider["legal_basis"].id == "national"


def test_a_phone_that_no_guide_of_liangshan_holds_is_a_gap(knowledge_base: KnowledgeBase, any_item: str) -> None:
    found = knowledge_base.look_up(any_item, ["phone"], "凉山州/西昌市")
    if isinstance(found, Finding):
        assert list(found.gaps) == ["phones"]
        assert "phones" not in found.facts


def test_the_offices_that_handle_an_item_in_liangshan_stand_beside_the_missing_address(
    knowledge_base: KnowledgeBase,
) -> None:
    found = ask(knowledge_base, "inpatient_reimbursement", ["address"], "凉山州/西昌市")
    assert list(found.gaps) == ["address"]
    assert [fact["text"] for fact in found.facts["level"]] == ["州、县（市）"]


@pytest.mark.parametrize(
    ("item", "place", "own"),
    [
        ("phone_number_change", "凉山州/西昌市", "liangshan-2024"),
        ("contribution_base", "乐山市/市中区", "leshan-2024"),
        ("inpatient_reimbursement", "乐山市/市中区", None),
        ("unit_enrollment", "重庆市", None),
    ],
)
def test_where_the_nearest_guide_does_not_list_the_item_it_is_named(
    knowledge_base: KnowledgeBase, item: str, place: str, own: str | None
) -> None:
    found = ask(knowledge_base, item, ["materials"], place)
    assert (found.own_guide.id if found.own_guide else None) == own


@pytest.mark.parametrize(
    ("item", "place", "guides"),
    [
        ("ecard_application", "云南省/昆明市", ["yunnan", "national"]),
        ("veteran_backpay", "乐山市/夹江县", ["leshan-2024", "sichuan-2020", "national"]),
        ("social_security_card", "凉山州", ["liangshan-2024", "sichuan-2020", "national"]),
        ("remote_temporary_filing", "四川省/成都市", ["sichuan-2020", "national"]),
        ("contribution_base", "北京市", ["national"]),
    ],
)
def test_an_item_that_no_guide_up_the_chain_lists_is_not_listed(
    knowledge_base: KnowledgeBase, item: str, place: str, guides: list[str]
) -> None:
    found = knowledge_base.look_up(item, ["overview"], place)
    assert isinstance(found, NotListed)
    assert found.item.id == item
    assert [guide.id for guide in found.guides] == guides


@pytest.mark.parametrize(("place", "guide"), [("乐山市/沐川县", "leshan-2024"), ("重庆市", "national")])
def test_enrolling_as_a_flexible_worker_is_treated_under_employees(
    knowledge_base: KnowledgeBase, place: str, guide: str
) -> None:
    found = ask(knowledge_base, "flexible_enrollment", ["materials", "time_limit"], place)
    assert found.treated_as
    assert found.treated_as.id == "employee_enrollment"
    assert found.item.id == "flexible_enrollment"
    assert (found.nearest.id, found.nearest.entry) == (guide, "职工参保登记")
    assert told(found, "materials")[:2] == ["有效身份证件", "《职工基本医疗保险参保登记表》"]
    assert not any("employee" in fact.get("circumstances", ()) for fact in found.facts["materials"])


def test_yunnan_has_an_entry_of_its_own_for_flexible_workers(knowledge_base: KnowledgeBase) -> None:
    found = ask(knowledge_base, "flexible_enrollment", ["materials"], "云南省/大理州")
    assert found.treated_as is None
    assert found.nearest.entry == "灵活就业、自谋职业人员参保登记"


@pytest.mark.parametrize(
    ("item", "place", "circumstance"),
    [
        ("dental_care", "乐山市", None),
        ("inpatient_reimbursement", "乐山市/渝北区", None),
        ("inpatient_reimbursement", "乐山市", "on_the_moon"),
    ],
)
def test_an_unknown_item_region_or_circumstance_is_refused(
    knowledge_base: KnowledgeBase, item: str, place: str, circumstance: str | None
) -> None:
    with pytest.raises(KeyError):
        knowledge_base.look_up(item, ["materials"], place, [circumstance] if circumstance else [])
