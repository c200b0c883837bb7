"""The pieces that replies share."""

from __future__ import annotations

from bot.answering.context import Memory
from bot.answering.reply import base_payload, hotlines, item_options, local_phone_line, local_phones
from tests.bot.conftest import MakeContext
from tests.bot.turns import asking
from tests.contract import check


def test_a_payload_has_every_key_of_the_contract_even_when_nothing_is_known(make_context: MakeContext) -> None:
    payload = base_payload(make_context(asking("?", "out_of_scope")), "fallback")
    check(payload)
    assert payload["item"] is None
    assert payload["region"] == {"path": None, "adcode": None, "from": "none"}


def test_a_payload_names_item_and_region_with_their_codes(make_context: MakeContext) -> None:
    context = make_context(asking("?", "inpatient_reimbursement"))
    context.item, context.region, context.region_from = "inpatient_reimbursement", "乐山市/市中区", "said"
    context.confidence = 0.123456
    payload = base_payload(context, "answer")
    assert payload["item"] == {"id": "inpatient_reimbursement", "name": "住院费用报销", "code": "002036006002"}
    assert payload["region"] == {"path": "乐山市/市中区", "adcode": "511102", "from": "said"}
    assert payload["confidence"] == 0.1235


def test_a_choice_says_what_it_means_and_sends_the_official_name(make_context: MakeContext) -> None:
    (option,) = item_options(make_context(asking("?", "out_of_scope")), ["inpatient_reimbursement"])
    assert option.id == "inpatient_reimbursement"
    assert option.send == "住院费用报销"
    assert option.send in option.label
    assert option.payload() == {"id": option.id, "label": option.label, "send": option.send}


def test_the_district_that_is_known_gets_its_own_number(make_context: MakeContext) -> None:
    context = make_context(asking("?", "out_of_scope"), Memory(item="inpatient_reimbursement"))
    context.region = "乐山市/五通桥区"
    assert [fact["number"] for fact in local_phones(context, "phone")] == ["0833-3300656"]
    line = local_phone_line(context)
    assert "0833-3300656" in line
    assert hotlines(context) in line


def test_without_a_district_only_the_general_numbers_are_given(make_context: MakeContext) -> None:
    for memory, region in ((Memory(), None), (Memory(item="inpatient_reimbursement"), "乐山市"), (Memory(), "乐山市")):
        context = make_context(asking("?", "out_of_scope"), memory)
        context.region = region
        line = local_phone_line(context)
        assert "0833" not in line
        assert "12393" in line


def test_no_number_of_leshan_is_given_to_someone_in_liangshan(make_context: MakeContext) -> None:
    context = make_context(asking("?", "out_of_scope"), Memory(item="inpatient_reimbursement"))
    context.region = "凉山州/西昌市"
    assert local_phones(context, "phone") == []
    assert "0833" not in local_phone_line(context)
