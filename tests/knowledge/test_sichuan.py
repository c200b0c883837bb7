"""四川 2020, checked by hand against the printed guide."""

from __future__ import annotations

import pytest

from knowledge.query import KnowledgeBase
from tests.knowledge.conftest import Export
from tests.knowledge.expected import gaps_of, working_days


def test_sichuan_gives_no_place_hours_or_phones_and_says_why(knowledge_base: KnowledgeBase, exported: Export) -> None:
    for item, facts in exported["sichuan-2020"].items():
        assert not {"address", "office_hours", "phones"} & set(facts)
        gaps = gaps_of(knowledge_base.look_up(item, ["phone", "address", "office_hours"], "四川省"))
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
