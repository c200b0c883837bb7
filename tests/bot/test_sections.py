"""Facts as text, and text as pages."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.answering.reply import MESSAGE_LIMIT
from bot.answering.sections import pages, section
from bot.answering.wording import Wording

LINES = st.text(st.sampled_from("住院费用报销材料办理，。；、1.：（）ab 😀"), max_size=900)
BLOCKS = st.lists(st.lists(LINES, min_size=1, max_size=6).map("\n".join), min_size=1, max_size=6)


def fact(text: str, when: str | None = None, **detail: Any) -> dict[str, Any]:
    return {"text": text, "when": when, "source": "leshan-2024", **detail}


def phone(number: str, place: str | None = None, kind: str = "inquiry") -> dict[str, Any]:
    return {"kind": kind, "number": number, "source": "leshan-2024"} | ({"place": place} if place else {})


@settings(max_examples=300, deadline=None)
@given(BLOCKS, st.text(st.sampled_from("来源：更多\n"), max_size=MESSAGE_LIMIT // 2))
@example(["一" * MESSAGE_LIMIT], "更多")
@example(["", "材料", ""], "")
def test_pages_keep_to_the_limit_and_lose_no_character(blocks: list[str], ending: str) -> None:
    cut = pages(blocks, ending, MESSAGE_LIMIT)
    assert len(cut[0]) + 1 + len(ending) <= MESSAGE_LIMIT
    assert all(len(page) <= MESSAGE_LIMIT for page in cut)
    assert "".join(cut).replace("\n", "") == "".join(blocks).replace("\n", "")


@settings(max_examples=100, deadline=None)
@given(BLOCKS)
def test_a_page_is_only_begun_when_the_one_before_has_no_room(blocks: list[str]) -> None:
    cut = pages(blocks, "", MESSAGE_LIMIT)
    for page, following in pairwise(cut[1:]):
        assert len(page) + 1 + len(following.split("\n")[0]) > MESSAGE_LIMIT


def test_a_line_too_long_is_cut_behind_a_mark() -> None:
    line = "第一条；" * 100
    first, *_ = pages([line], "", 99)
    assert first.endswith("；")


def test_what_always_holds_is_numbered_and_in_the_order_of_the_guide(wording: Wording) -> None:
    text = section("materials", [fact("身份证"), fact("发票"), fact("清单")], wording)
    assert text == "办理材料：\n1. 身份证\n2. 发票\n3. 清单"


def test_a_single_fact_stands_on_the_line_of_its_heading(wording: Wording) -> None:
    assert section("materials", [fact("身份证")], wording) == "办理材料：身份证"


def test_conditional_facts_follow_grouped_under_their_condition(wording: Wording) -> None:
    facts = [
        fact("身份证"),
        fact("交警证明", "有第三方责任人"),
        fact("发票"),
        fact("病历", "急诊"),
        fact("急诊证明", "急诊"),
    ]
    assert section("materials", facts, wording).split("\n") == [
        "办理材料：",
        "1. 身份证",
        "2. 发票",
        "有第三方责任人：交警证明",
        "急诊：病历；急诊证明",
    ]


def test_conditions_are_never_dropped_when_everything_is_conditional(wording: Wording) -> None:
    long = fact("很长的材料" * 60, "急诊")
    assert "急诊：" in section("materials", [long], wording, brief=True)


def test_an_overview_leaves_out_long_conditional_lists(wording: Wording) -> None:
    facts = [fact("身份证"), fact("很长的材料" * 60, "急诊")]
    assert section("materials", facts, wording, brief=True) == "办理材料：身份证"
    assert "急诊" in section("materials", facts, wording)


def test_limits_and_their_conditions_stand_on_one_line(wording: Wording) -> None:
    facts = [fact("5个工作日", "转出"), fact("10个工作日", "转入"), fact("一年内申请", window=True)]
    assert section("time_limit", facts, wording) == "办理时限：5个工作日（转出）；10个工作日（转入）；（申请时间）一年内申请"


def test_steps_of_several_branches_are_numbered_by_branch(wording: Wording) -> None:
    facts = [
        fact("申请：交材料", name="申请", branch="转出"),
        fact("办结", name="办结", branch="转出"),
        fact("申请：填表", name="申请", branch="转入"),
    ]
    assert section("process", facts, wording).split("\n") == ["转出：", "1. 申请：交材料", "2. 办结", "转入：申请：填表"]
    assert section("process", facts, wording, brief=True) == "办理流程：申请 → 办结"


def test_phones_are_grouped_by_kind_and_keep_their_order(wording: Wording) -> None:
    facts = [
        phone("0833-2128816", "市中区"),
        phone("0833-3433653", "沙湾区"),
        phone("0833-3306226", "五通桥区"),
        phone("0833-2101641", kind="complaint"),
    ]
    assert section("phones", facts, wording).split("\n") == [
        "咨询电话：",
        "市中区 0833-2128816",
        "沙湾区 0833-3433653",
        "五通桥区 0833-3306226",
        "投诉电话：0833-2101641",
    ]


def test_two_numbers_share_a_line(wording: Wording) -> None:
    assert section("phones", [phone("12393"), phone("12345")], wording) == "咨询电话：12393；12345"


def test_facts_that_read_alike_are_shown_once_but_equal_numbers_of_two_places_twice(wording: Wording) -> None:
    same = [fact("微信/支付宝小程序", kind="mini_program"), fact("微信/支付宝小程序", kind="wechat")]
    assert section("channels", same, wording).count("微信") == 1
    assert section("phones", [phone("0833-2128816", "市中区"), phone("0833-2128816", "市本级")], wording).count("2128816") == 2


def test_an_overview_keeps_the_conditional_materials_that_the_circumstances_known_call_for(wording: Wording) -> None:
    facts = [
        fact("身份证"),
        fact("急诊证明" + "长" * 200, "急诊", circumstances=["emergency"]),
        fact("交警证明" + "长" * 200, "第三方", circumstances=["third_party"]),
    ]
    text = section("materials", facts, wording, brief=True, known=frozenset({"emergency"}))
    assert "急诊证明" in text
    assert "交警证明" not in text


def test_a_seal_that_the_text_does_not_name_is_added(wording: Wording) -> None:
    assert "加盖单位公章" in section("materials", [fact("登记表", seal="单位公章")], wording)
    assert section("materials", [fact("登记表（加盖单位公章）", seal="单位公章")], wording).count("单位公章") == 1


def test_a_material_that_may_be_waived_says_when(wording: Wording) -> None:
    assert section("materials", [fact("处方", waived="票据已列明的不用")], wording) == "办理材料：处方（票据已列明的不用）"


@pytest.mark.parametrize("key", ["materials", "time_limit", "channels", "process", "eligibility", "address"])
def test_every_fact_of_a_section_is_in_its_text(wording: Wording, key: str) -> None:
    facts = [fact(f"第{n}条", "急诊" if n % 2 else None) for n in range(9)]
    text = section(key, facts, wording)
    assert all(f"第{n}条" in text for n in range(9))
