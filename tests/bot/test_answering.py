"""From a turn to a reply: answers, follow-ups, questions back, and honest ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from bot.answering.context import Context, Memory, Reply, Turn
from bot.answering.pipeline import STEPS, answer_question
from bot.answering.talk import unavailable
from knowledge.database import open_engine
from knowledge.query import KnowledgeBase
from tests.bot.conftest import MakeContext, Talk
from tests.bot.turns import asking

LESHAN = "乐山市医疗保障经办政务服务事项办事指南（2024年版）"
IN_LESHAN = (("乐山市/市中区", "insured"),)
MATERIALS = asking("住院费用报销要什么材料", "inpatient_reimbursement", "materials", places=IN_LESHAN)
ACCIDENT = asking(
    "摔伤住院报销要什么材料", "inpatient_reimbursement", "materials", places=IN_LESHAN, stated=("accident", "inpatient")
)


def numbers(reply: Reply) -> list[str]:
    return [fact["number"] for fact in reply.payload["facts"].get("phones", [])]


def texts(reply: Reply, key: str) -> list[str]:
    return [fact["text"] for fact in reply.payload["facts"].get(key, [])]


def fact_sources(reply: Reply) -> set[str]:
    return {fact["source"] for facts in reply.payload["facts"].values() for fact in facts}


def test_an_answer_has_the_facts_of_the_place_and_names_their_source(talk: Talk) -> None:
    reply = talk.say(MATERIALS)
    payload = reply.payload
    assert (payload["type"], payload["item"]["id"], payload["aspects"]) == ("answer", "inpatient_reimbursement", ["materials"])
    assert payload["region"] == {"path": "乐山市/市中区", "adcode": "511102", "from": "said"}
    assert payload["jurisdiction"] == "leshan"
    assert fact_sources(reply) == {"leshan-2024"}
    assert payload["sources"] == [{"id": "leshan-2024", "title": LESHAN, "year": 2024, "entry": "住院费用报销"}]
    assert payload["notices"] == []
    assert reply.texts[0].startswith("【住院费用报销·乐山市市中区】\n办理材料：\n1. 有效身份证件")
    assert f"来源：《{LESHAN}》" in reply.texts[0]


def test_what_was_not_asked_is_not_told(talk: Talk) -> None:
    reply = talk.say(MATERIALS)
    assert list(reply.payload["facts"]) == ["materials"]
    assert "0833" not in reply.texts[0]


def test_two_aspects_asked_together_are_both_answered(talk: Talk) -> None:
    turn = asking("材料和时间", "inpatient_reimbursement", "materials", "time_limit", places=(("乐山市", "insured"),))
    reply = talk.say(turn)
    assert reply.payload["aspects"] == ["materials", "time_limit"]
    assert set(reply.payload["facts"]) == {"materials", "time_limit"}
    assert "办理材料" in reply.texts[0]
    assert "办理时限" in reply.texts[0]


def test_a_follow_up_keeps_item_place_and_circumstances_and_changes_the_aspect(talk: Talk) -> None:
    talk.say(
        asking("住院", "inpatient_reimbursement", "materials", places=(("乐山市", "insured"),), stated=("no_third_party",))
    )
    reply = talk.say(asking("要多久", "ask_aspect", "time_limit"))
    assert reply.payload["item"]["id"] == "inpatient_reimbursement"
    assert reply.payload["aspects"] == ["time_limit"]
    assert reply.payload["region"]["path"] == "乐山市"
    assert reply.payload["region"]["from"] == "remembered"
    assert reply.payload["circumstances"] == ["no_third_party"]
    assert texts(reply, "time_limit") == ["9个工作日"]


def test_another_place_keeps_item_and_aspect_and_changes_the_guide(talk: Talk) -> None:
    talk.say(MATERIALS)
    reply = talk.say(asking("西昌的呢", "inform_region", places=(("凉山州/西昌市", "neutral"),)))
    assert (reply.payload["item"]["id"], reply.payload["aspects"]) == ("inpatient_reimbursement", ["materials"])
    assert reply.payload["region"]["path"] == "凉山州/西昌市"
    assert reply.payload["jurisdiction"] == "liangshan"
    assert "leshan-2024" not in fact_sources(reply)


def test_a_correction_moves_to_the_other_item_of_the_family(talk: Talk) -> None:
    talk.say(asking("门诊怎么报", "outpatient_reimbursement", "materials", places=(("乐山市", "insured"),)))
    turn = asking("不是门诊，是住院", "inform_circumstance", stated=("inpatient",), denied=("outpatient",))
    reply = talk.say(turn)
    assert reply.payload["item"]["id"] == "inpatient_reimbursement"
    assert reply.payload["aspects"] == ["materials"]
    assert "outpatient" not in reply.payload["circumstances"]


def test_whether_a_third_party_is_to_blame_is_asked_only_after_an_accident(talk: Talk) -> None:
    assert talk.say(MATERIALS).payload["options"] == []
    asked = talk.say(ACCIDENT)
    assert [option["id"] for option in asked.payload["options"]] == ["third_party", "no_third_party"]
    assert "有第三方责任人" in asked.texts[0]


@pytest.mark.parametrize(
    ("said", "circumstance", "document", "other"),
    [
        ("没有第三方责任人", "no_third_party", "外伤无第三方责任承诺书", "交警"),
        ("有第三方的责任人", "third_party", "交警", "外伤无第三方责任承诺书"),
    ],
)
def test_an_added_circumstance_brings_its_materials_and_leaves_out_what_it_excludes(
    talk: Talk, said: str, circumstance: str, document: str, other: str
) -> None:
    before = "".join(texts(talk.say(ACCIDENT), "materials"))
    assert document in before
    assert other in before
    reply = talk.say(asking(said, "inform_circumstance", stated=(circumstance,)))
    assert reply.payload["circumstances"] == ["accident", "inpatient", circumstance]
    assert reply.payload["aspects"] == ["materials"]
    assert reply.payload["options"] == []
    assert document in "".join(texts(reply, "materials"))
    assert other not in "".join(texts(reply, "materials"))


@pytest.mark.parametrize("said", ["2", "第二个", "无第三方责任人", "选2吧", "最后一个"])
def test_the_question_about_a_circumstance_is_answered_by_number_or_name(talk: Talk, said: str) -> None:
    talk.say(ACCIDENT)
    reply = talk.say(asking(said, "choose_option"))
    assert "no_third_party" in reply.payload["circumstances"]
    assert "third_party" not in reply.payload["circumstances"]


def test_a_circumstance_of_the_same_group_replaces_the_one_before(talk: Talk) -> None:
    talk.say(ACCIDENT)
    talk.say(asking("是自己摔的", "inform_circumstance", stated=("no_third_party",)))
    reply = talk.say(asking("哦不对被车撞的", "inform_circumstance", stated=("third_party",)))
    assert "third_party" in reply.payload["circumstances"]
    assert "no_third_party" not in reply.payload["circumstances"]


def test_circumstances_do_not_follow_to_another_item(talk: Talk) -> None:
    talk.say(
        asking("住院", "inpatient_reimbursement", "materials", places=(("乐山市", "insured"),), stated=("no_third_party",))
    )
    reply = talk.say(asking("生育津贴怎么办", "maternity_allowance", "overview"))
    assert reply.payload["circumstances"] == []
    assert reply.payload["region"]["path"] == "乐山市"


def test_a_question_that_leaves_the_item_open_is_asked_back_with_choices(talk: Talk) -> None:
    reply = talk.say(asking("怎么报销", "family_reimbursement", "materials"))
    assert reply.payload["type"] == "clarify"
    assert reply.payload["item"] is None
    assert reply.payload["facts"] == {}
    assert [option["id"] for option in reply.payload["options"]] == ["outpatient_reimbursement", "inpatient_reimbursement"]
    assert all(option["label"] in reply.texts[0] for option in reply.payload["options"])


@pytest.mark.parametrize(
    "said", ["2", "第二个", "二", "选2吧", "最后一个", "住院费用报销", "住院费用报消", "住院的", "住院自己垫付的费用"]
)
def test_a_choice_may_be_made_by_number_ordinal_or_name(talk: Talk, said: str) -> None:
    talk.say(asking("怎么报销", "family_reimbursement", "materials", places=(("乐山市", "insured"),)))
    reply = talk.say(asking(said, "choose_option", also=(("inpatient_reimbursement", 0.02),)))
    assert reply.payload["type"] == "answer"
    assert reply.payload["item"]["id"] == "inpatient_reimbursement"
    assert reply.payload["aspects"] == ["materials"], "the aspect asked before the choice is not lost"
    assert reply.payload["region"]["path"] == "乐山市"


def test_every_choice_sent_back_by_a_button_gives_its_item(talk: Talk, knowledge_base: KnowledgeBase) -> None:
    missed = []
    for family in knowledge_base.catalogue.families:
        fresh = Talk(talk._make_context)
        asked = fresh.say(asking("怎么办", f"family_{family}", "overview"))
        offered = fresh.memory
        for option in asked.payload["options"]:
            fresh.memory = offered
            reply = fresh.say(asking(option["send"], "choose_option"))
            if not reply.payload["item"] or reply.payload["item"]["id"] != option["id"]:
                missed.append((family, option["id"]))
    assert missed == []


def test_a_new_question_instead_of_a_choice_is_answered(talk: Talk) -> None:
    talk.say(asking("怎么报销", "family_reimbursement", "materials"))
    reply = talk.say(asking("社保卡丢了", "social_security_card", "overview"))
    assert reply.payload["item"]["id"] == "social_security_card"


@pytest.mark.parametrize(
    "turn",
    [
        asking("我是西昌的", "inform_region", places=(("凉山州/西昌市", "insured"),)),
        asking("要几天能弄好", "ask_aspect", "time_limit"),
    ],
    ids=["place", "aspect"],
)
def test_what_is_told_instead_of_a_choice_is_kept_and_the_choice_asked_again(talk: Talk, turn: Turn) -> None:
    offered = talk.say(asking("怎么报销", "family_reimbursement", "materials")).payload["options"]
    reply = talk.say(turn)
    assert reply.payload["type"] == "clarify"
    assert reply.payload["options"] == offered
    chosen = talk.say(asking("第二个", "choose_option"))
    assert chosen.payload["item"]["id"] == "inpatient_reimbursement"
    assert chosen.payload["aspects"] == list(turn.aspects or ("materials",))


def test_two_likely_items_are_offered_instead_of_guessed(talk: Talk) -> None:
    turn = asking("报", "outpatient_reimbursement", probability=0.3, also=(("inpatient_reimbursement", 0.28),))
    reply = talk.say(turn)
    assert reply.payload["type"] == "clarify"
    assert {option["id"] for option in reply.payload["options"]} == {"outpatient_reimbursement", "inpatient_reimbursement"}


def test_an_official_name_in_the_message_settles_which_item(talk: Talk) -> None:
    named = asking("换个事问：单位参保信息变更登记的办理时限", "family_info_change", "time_limit")
    assert talk.say(named).payload["item"]["id"] == "unit_info_change"


def test_an_official_name_in_the_message_leaves_the_item_before(talk: Talk) -> None:
    talk.say(asking("生育津贴怎么领", "maternity_allowance", "materials"))
    named = asking("住院费用报销的电话呢", "ask_aspect", "phone", probability=0.6, also=(("inpatient_reimbursement", 0.2),))
    assert talk.say(named).payload["item"]["id"] == "inpatient_reimbursement"


def test_what_the_guides_do_not_answer_is_refused_with_nearest_items_and_a_phone(talk: Talk) -> None:
    turn = asking("报销比例多少", "out_of_scope", also=(("inpatient_reimbursement", 0.02), ("outpatient_reimbursement", 0.015)))
    reply = talk.say(turn)
    assert reply.payload["type"] == "fallback"
    assert reply.payload["facts"] == {}
    assert [option["id"] for option in reply.payload["options"]] == ["inpatient_reimbursement", "outpatient_reimbursement"]
    assert all(option["label"] in reply.texts[0] for option in reply.payload["options"])
    assert "12393" in reply.texts[0]


def test_a_nearest_item_may_be_taken_after_a_refusal(talk: Talk) -> None:
    talk.say(asking("报销比例多少", "out_of_scope", also=(("inpatient_reimbursement", 0.02),)))
    reply = talk.say(asking("1", "choose_option"))
    assert reply.payload["item"]["id"] == "inpatient_reimbursement"


def test_after_a_second_miss_every_kind_of_business_is_offered_and_can_be_taken_by_number(
    make_context: MakeContext, knowledge_base: KnowledgeBase
) -> None:
    families = list(knowledge_base.catalogue.families)
    missed = []
    for number, family in enumerate(families, 1):
        talk = Talk(make_context)
        assert talk.say(asking("天气如何", "out_of_scope")).payload["options"] == []
        menu = talk.say(asking("那下雨不", "out_of_scope"))
        assert [option["id"] for option in menu.payload["options"]] == [f"family_{family}" for family in families]
        reply = talk.say(asking(str(number), "choose_option"))
        members = {item.id for item in knowledge_base.catalogue.family_items(family)}
        if {option["id"] for option in reply.payload["options"]} != members:
            missed.append(number)
    assert missed == []


@pytest.mark.parametrize("text", ["", " ", "???"])
def test_a_message_without_words_is_told_so(talk: Talk, text: str) -> None:
    reply = talk.say(asking(text, "out_of_scope"))
    assert reply.payload["type"] == "fallback"
    assert "没有收到文字" in reply.texts[0]


def test_what_no_guide_holds_is_said_and_a_number_given(talk: Talk) -> None:
    reply = talk.say(asking("电话", "inpatient_reimbursement", "phone", places=(("凉山州/西昌市", "insured"),)))
    assert reply.payload["type"] == "answer"
    assert numbers(reply) == []
    assert "没有写咨询电话" in reply.texts[0] or "没有写电话" in reply.texts[0]
    assert "12393" in reply.texts[0]
    assert reply.payload["notices"]


def test_an_item_that_no_guide_up_the_chain_lists_is_said_to_be_missing(talk: Talk) -> None:
    reply = talk.say(asking("医保码", "ecard_application", "overview", places=(("云南省/昆明市", "insured"),)))
    assert reply.payload["facts"] == {}
    assert reply.payload["sources"] == []
    assert "云南" in reply.payload["notices"][0]
    assert "都没有列出“医保电子凭证申领”" in reply.texts[0]
    assert "12393" in reply.texts[0]


def test_an_item_treated_under_another_one_is_answered_from_there_and_says_so(talk: Talk) -> None:
    reply = talk.say(asking("灵活就业参保", "flexible_enrollment", "materials", places=(("乐山市", "insured"),)))
    assert reply.payload["item"]["id"] == "flexible_enrollment"
    assert reply.payload["sources"][0]["entry"] == "职工参保登记"
    assert "没有单列“灵活就业人员参保登记”，按“职工参保登记”办理" in reply.texts[0]
    assert "单位公章" not in "".join(texts(reply, "materials"))


def test_a_field_missing_near_by_comes_from_a_wider_guide_and_says_so(talk: Talk, knowledge_base: KnowledgeBase) -> None:
    found = None
    for item in knowledge_base.catalogue.items:
        reply = talk.say(asking("办这件事依据的是哪条规定", item, "legal_basis", places=(("乐山市", "insured"),)))
        if fact_sources(reply) and "leshan-2024" not in fact_sources(reply):
            found = reply
            break
    assert found is not None
    assert any("这部分来自" in notice for notice in found.payload["notices"])
    assert found.payload["jurisdiction"] == "leshan"
    assert "这部分来自" in found.texts[0]


def test_with_no_place_the_widest_guide_answers_and_the_place_is_asked_for(talk: Talk) -> None:
    reply = talk.say(asking("住院怎么报", "inpatient_reimbursement", "materials"))
    assert reply.payload["jurisdiction"] == "national"
    assert reply.payload["region"]["from"] == "none"
    assert texts(reply, "materials")
    assert "还不知道您在哪里参保" in reply.texts[0]


@pytest.mark.parametrize(
    ("place", "jurisdiction"),
    [("四川省/成都市", "sichuan"), ("广东省/广州市", "national"), ("重庆市/渝北区", "national"), ("广东省", "national")],
)
def test_a_place_without_its_own_guide_gets_a_wider_one_with_a_warning(talk: Talk, place: str, jurisdiction: str) -> None:
    reply = talk.say(asking("住院怎么报", "inpatient_reimbursement", "materials", places=((place, "insured"),)))
    assert reply.payload["jurisdiction"] == jurisdiction
    assert "没有收录" in reply.texts[0]


@pytest.mark.parametrize("place", ["乐山市/市中区", "凉山州/西昌市", "四川省", "云南省"])
def test_a_place_whose_guide_is_held_is_never_said_to_have_none(talk: Talk, knowledge_base: KnowledgeBase, place: str) -> None:
    said = [
        item
        for item in knowledge_base.catalogue.items
        if "没有收录" in talk.say(asking("办这件事要带什么材料", item, "materials", places=((place, "insured"),))).texts[0]
    ]
    assert said == []


def test_the_place_said_beats_the_remembered_one_and_that_the_front_doors(make_context: MakeContext) -> None:
    talk = Talk(make_context, home_region="乐山市")
    question = ("住院怎么报", "inpatient_reimbursement", "materials")
    assert talk.say(asking(*question)).payload["region"] == {"path": "乐山市", "adcode": "511100", "from": "channel"}
    front_door = talk.say(asking(*question, channel="乐山市/沙湾区"))
    assert (front_door.payload["region"]["path"], front_door.payload["region"]["from"]) == ("乐山市/沙湾区", "channel")
    said = talk.say(asking(*question, channel="乐山市/沙湾区", places=(("凉山州", "insured"),)))
    assert (said.payload["region"]["path"], said.payload["region"]["from"]) == ("凉山州", "said")
    after = talk.say(asking(*question, channel="乐山市/沙湾区"))
    assert (after.payload["region"]["path"], after.payload["region"]["from"]) == ("凉山州", "remembered")


def test_a_place_where_someone_is_only_treated_does_not_count(talk: Talk) -> None:
    places = (("乐山市", "insured"), ("四川省/成都市", "treated"))
    reply = talk.say(asking("我是乐山的，在成都住院", "inpatient_reimbursement", "materials", places=places))
    assert reply.payload["region"]["path"] == "乐山市"
    assert "within_province" in reply.payload["circumstances"]


def test_phones_are_those_of_the_district_only(talk: Talk) -> None:
    reply = talk.say(asking("电话", "inpatient_reimbursement", "phone", places=(("乐山市/市中区", "insured"),)))
    assert numbers(reply) == ["0833-2128816"]
    reply = talk.say(asking("投诉电话", "ask_aspect", "complaint"))
    assert {fact["kind"] for fact in reply.payload["facts"]["phones"]} == {"complaint"}


def test_all_districts_numbers_are_given_while_the_district_is_unknown_and_it_is_asked_for(talk: Talk) -> None:
    reply = talk.say(asking("电话", "inpatient_reimbursement", "phone", places=(("乐山市", "insured"),)))
    assert len(numbers(reply)) > 10
    assert "您是哪个区县的" in reply.texts[0]


def test_calling_an_item_by_name_settles_it_whatever_the_ranking(talk: Talk) -> None:
    reply = talk.say(asking("医保码", "out_of_scope", "overview", named="ecard_application", places=(("乐山市", "insured"),)))
    assert reply.payload["item"]["id"] == "ecard_application"


def test_when_the_database_cannot_be_read_the_reply_says_so_and_gives_a_number(
    make_context: MakeContext, tmp_path: Path
) -> None:
    context = make_context(MATERIALS)
    context.knowledge = KnowledgeBase(open_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}"))
    with pytest.raises(SQLAlchemyError):
        answer_question(context)
    reply = unavailable(context)
    assert reply.payload["type"] == "fallback"
    assert "12393" in reply.texts[0]


def test_the_last_step_always_replies_and_the_first_never_does(make_context: MakeContext) -> None:
    context: Context = make_context(MATERIALS, Memory())
    for step in STEPS[:-1]:
        context = step(context)
        assert context.reply is None
    assert STEPS[-1](context).reply is not None
