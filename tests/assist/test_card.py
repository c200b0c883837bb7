"""The card: all that the guide says, nothing that it does not."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.assist.card import _numeral, _sentences
from tests.assist.conftest import Person


def card_of(agent: Person, item: str, region: str, circumstances: dict[str, bool] | None = None) -> dict[str, Any]:
    call = agent.open_call()
    choice = {"item": item, "region": region, "circumstances": circumstances or {}}
    card: dict[str, Any] = agent.ask("PATCH", f"/calls/{call}", choice).json()["card"]
    return card


def test_the_checklist_names_every_material(agent: Person) -> None:
    card = card_of(agent, "inpatient_reimbursement", "乐山市/市中区")
    materials = card["payload"]["facts"]["materials"]
    assert [(fact["text"] in line["text"], fact["when"]) for fact, line in zip(materials, card["checklist"], strict=True)] == [
        (True, fact["when"]) for fact in materials
    ]


@pytest.mark.parametrize("item", ["remote_retiree_filing", "inpatient_reimbursement", "maternity_allowance"])
def test_no_number_is_in_the_script_that_is_not_in_the_facts(agent: Person, item: str) -> None:
    card = card_of(agent, item, "乐山市/峨眉山市")
    facts = set(re.findall(r"\d+", str(card["payload"]["facts"]).replace("-", "")))
    spoken = "\n".join(card["script"])
    assert spoken
    for number in re.findall(r"\d[\d，]*\d", spoken):
        assert number.replace("，", "") in facts, number


def test_a_phone_number_is_read_in_groups(agent: Person) -> None:
    card = card_of(agent, "remote_retiree_filing", "乐山市/峨眉山市")
    assert "峨眉山市的咨询电话是：0833，554，6541。" in card["script"]
    assert "峨眉山市 0833-5546541" in card["sms"]


def test_one_circumstance_that_decides_is_asked_for_and_settles_it(agent: Person) -> None:
    card = card_of(agent, "account_withdrawal", "乐山市/市中区")
    question = card["ask_next"]
    assert question["question"] in card["script"][-1]
    known = card_of(agent, "account_withdrawal", "乐山市/市中区", {question["choices"][0]["id"]: True})
    assert known["ask_next"] is None or known["ask_next"]["question"] != question["question"]


def test_an_item_that_no_guide_of_the_place_lists_is_said_to_be_so(agent: Person) -> None:
    card = card_of(agent, "phone_number_change", "上海市")
    assert card["payload"]["facts"] == {}
    assert card["checklist"] == []
    assert "没有列出" in "".join(card["script"])
    assert "12393" in "".join(card["script"])


def test_a_semicolon_inside_of_brackets_does_not_end_a_sentence() -> None:
    assert _sentences("材料（甲；乙，丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉）。第二句。") == [
        "材料（甲；乙，丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉）。",
        "第二句。",
    ]


def test_numbers_are_read_in_chinese() -> None:
    assert [_numeral(n) for n in (1, 10, 11, 20, 35)] == ["一", "十", "十一", "二十", "三十五"]
