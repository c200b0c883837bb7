"""How a talk goes on: nods, denials, coming back to an earlier item, and what is known of the person from before."""

from __future__ import annotations

import pytest

from bot.answering import talk as replies
from bot.answering.context import Turn
from tests.bot.conftest import Talk
from tests.bot.turns import asking

IN_LESHAN = (("乐山市", "insured"),)
MATERIALS = asking("住院费用报销要什么材料", "inpatient_reimbursement", "materials", places=IN_LESHAN)


def item_of(talk: Talk, turn: Turn) -> str:
    payload = talk.say(turn).payload
    assert payload["type"] == "answer"
    return str(payload["item"]["id"])


@pytest.mark.parametrize("text", ["哦哦好", "喔 懂了", "嗯嗯了解", "好喔晓得了 多谢"])
def test_nods_piled_up_are_nods_whatever_they_are_taken_for(talk: Talk, text: str) -> None:
    talk.say(MATERIALS)
    assert talk.say(asking(text, "out_of_scope")).payload["type"] == "chitchat"


@pytest.mark.parametrize("text", ["那我能领好多钱", "报得到几成嘛", "一年能补多少", "这个怎么算"])
def test_who_asks_for_a_sum_is_refused_and_the_talk_goes_on(talk: Talk, text: str) -> None:
    talk.say(MATERIALS)
    assert talk.say(asking(text, "ask_aspect", "eligibility", probability=0.5)).payload["type"] == "fallback"
    assert item_of(talk, asking("要好久", "ask_aspect", "time_limit")) == "inpatient_reimbursement"


@pytest.mark.parametrize(("text", "aspect"), [("交了好多年可以转不", "eligibility"), ("好多天到账", "time_limit")])
def test_many_years_or_days_are_no_sum(talk: Talk, text: str, aspect: str) -> None:
    talk.say(MATERIALS)
    assert item_of(talk, asking(text, "ask_aspect", aspect)) == "inpatient_reimbursement"


def test_the_other_one_is_the_item_asked_about_before(talk: Talk) -> None:
    talk.say(asking("员工名字错了", "employee_info_change", "materials", places=IN_LESHAN))
    talk.say(asking("公司换法人要几天", "unit_info_change", "time_limit"))
    assert item_of(talk, asking("另一个呢", "choose_option", probability=0.3)) == "employee_info_change"


def test_the_other_one_of_a_family_of_two_needs_not_be_named(talk: Talk) -> None:
    talk.say(MATERIALS)
    assert item_of(talk, asking("另外那个呢", "choose_option")) == "outpatient_reimbursement"


def test_a_bare_case_asks_the_same_of_the_item_beside_whatever_the_word_goes_with_most(talk: Talk) -> None:
    talk.say(asking("诊所申请定点要多久", "hospital_designation", "time_limit", places=IN_LESHAN))
    reply = talk.say(asking("药店的呢", "pharmacy_settlement", stated=("pharmacy",)))
    assert (reply.payload["item"]["id"], reply.payload["aspects"]) == ("pharmacy_designation", ["time_limit"])


def test_who_corrects_the_place_stays_with_the_item(talk: Talk) -> None:
    talk.say(asking("给员工参保", "employee_enrollment", "overview", places=IN_LESHAN))
    place = (("凉山州/会理市", "insured"),)
    corrected = asking(
        "说错了 单位是在会理的", "inform_region", probability=0.6, places=place, also=(("unit_enrollment", 0.02),)
    )
    assert item_of(talk, corrected) == "employee_enrollment"


def test_who_points_back_means_an_earlier_item_however_little_tells_which(talk: Talk) -> None:
    talk.say(asking("员工走了怎么减", "employee_enrollment", "overview", places=IN_LESHAN))
    talk.say(asking("单位开户几天", "unit_enrollment", "time_limit"))
    back = asking("前面那个减人的要带啥", "choose_option", "materials", also=(("employee_enrollment", 0.002),))
    assert item_of(talk, back) == "employee_enrollment"


def test_words_that_answer_nothing_leave_the_question_which_item_open(talk: Talk) -> None:
    asked = talk.say(asking("我要报销", "family_reimbursement", "overview"))
    again = talk.say(asking("都是小毛病", "out_of_scope"))
    assert [option.id for option in again.options] == [option.id for option in asked.options]


def test_a_place_after_a_refusal_does_not_take_what_was_offered_beside_it(talk: Talk) -> None:
    talk.say(asking("个税怎么办", "out_of_scope", also=(("contribution_base", 0.02),)))
    assert talk.say(asking("甘洛", "inform_region", places=(("凉山州/甘洛县", "neutral"),))).payload["item"] is None


def test_a_case_told_at_length_asks_the_same_of_it(talk: Talk) -> None:
    talk.say(asking("转院备案要什么", "remote_referral_filing", "materials", places=IN_LESHAN))
    reply = talk.say(asking("要是没得单子 自己临时跑去看的呢", "remote_temporary_filing", "eligibility"))
    assert (reply.payload["item"]["id"], reply.payload["aspects"]) == ("remote_temporary_filing", ["materials"])


def test_of_doubtful_items_the_likeliest_is_meant_if_it_lies_beside_the_one_before(talk: Talk) -> None:
    talk.say(asking("诊所要停协议", "institution_suspension", "materials", places=IN_LESHAN))
    doubtful = (("enrollment_certificate", 0.3),)
    back = asking("以后想再开回来", "institution_resumption", "overview", probability=0.5, also=doubtful)
    assert item_of(talk, back) == "institution_resumption"


@pytest.mark.parametrize("text", ["好", "要得", "嗯嗯", "👌"])
def test_a_nod_after_an_answer_is_acknowledged_and_nothing_is_forgotten(talk: Talk, text: str) -> None:
    talk.say(MATERIALS)
    assert talk.say(asking(text, "affirm", "time_limit")).payload["type"] == "chitchat"
    reply = talk.say(asking("要多久", "ask_aspect", "time_limit"))
    assert (reply.payload["item"]["id"], reply.payload["region"]["path"]) == ("inpatient_reimbursement", "乐山市")


def test_a_nod_to_a_single_offer_takes_it(talk: Talk) -> None:
    refused = talk.say(asking("个税怎么办", "out_of_scope", also=(("contribution_base", 0.02),)))
    assert [option.id for option in refused.options] == ["contribution_base"]
    assert item_of(talk, asking("对", "affirm")) == "contribution_base"


def test_a_nod_to_a_question_which_item_asks_again(talk: Talk) -> None:
    talk.say(asking("我要报销", "family_reimbursement", "overview"))
    assert talk.say(asking("嗯对", "affirm")).payload["type"] == "clarify"


def test_who_says_it_was_not_that_is_offered_what_lies_beside_it(talk: Talk) -> None:
    talk.say(MATERIALS)
    reply = talk.say(asking("不是这个", "deny"))
    assert reply.payload["type"] == "clarify"
    assert [option["id"] for option in reply.payload["options"]] == ["outpatient_reimbursement"]


def test_who_needs_nothing_more_is_not_told_it_all_again(talk: Talk) -> None:
    talk.say(MATERIALS)
    assert talk.say(asking("不用了", "deny")).payload["type"] == "chitchat"


def test_a_talk_comes_back_to_an_item_spoken_of_earlier(talk: Talk) -> None:
    talk.say(asking("诊所要停协议", "institution_suspension", "materials", places=IN_LESHAN))
    talk.say(asking("以后怎么恢复协议", "institution_resumption", "materials"))
    back = asking("停的话又要几天", "ask_aspect", "time_limit", probability=0.92, also=(("institution_suspension", 0.03),))
    assert item_of(talk, back) == "institution_suspension"


def test_a_follow_up_that_fits_no_earlier_item_stays_with_the_last(talk: Talk) -> None:
    talk.say(asking("诊所要停协议", "institution_suspension", "materials", places=IN_LESHAN))
    talk.say(asking("以后怎么恢复协议", "institution_resumption", "materials"))
    assert item_of(talk, asking("又要几天", "ask_aspect", "time_limit")) == "institution_resumption"


def test_an_open_question_means_the_item_of_that_family_spoken_of_before(talk: Talk) -> None:
    talk.say(asking("诊所跟医保结账", "hospital_settlement", "materials", places=IN_LESHAN))
    talk.say(asking("开通异地结算", "institution_remote_settlement", "materials"))
    assert item_of(talk, asking("结账那个几天到款", "family_settlement", "time_limit")) == "hospital_settlement"


def test_an_open_question_is_settled_by_who_was_spoken_of(talk: Talk) -> None:
    talk.say(asking("新生儿怎么参保", "resident_enrollment", "overview", places=IN_LESHAN, stated=("newborn",)))
    assert item_of(talk, asking("以后改名要带什么", "family_info_change", "materials")) == "resident_info_change"


def test_who_does_not_know_which_is_asked_however_sure_the_words_are(talk: Talk) -> None:
    text = "是给员工参保还是改他的信息我也没搞清"
    reply = talk.say(asking(text, "employee_info_change", probability=0.9, also=(("employee_enrollment", 0.05),)))
    assert [option["id"] for option in reply.payload["options"]] == ["employee_info_change", "employee_enrollment"]


def test_none_of_the_choices_and_a_question_instead_is_answered(talk: Talk) -> None:
    talk.say(asking("查参保信息", "family_info_query", "overview", places=IN_LESHAN))
    instead = asking("都不是 我要改单位的名称", "unit_info_change", "overview")
    assert item_of(talk, instead) == "unit_info_change"


def test_what_a_choice_is_not_says_nothing_for_it(talk: Talk) -> None:
    talk.say(asking("想参加医保", "family_enrollment", "overview"))
    turn = asking("没得单位 就农村居民那种", "inform_circumstance", probability=0.3, also=(("resident_enrollment", 0.2),))
    assert item_of(talk, turn) == "resident_enrollment"


def test_the_same_things_asked_after_are_materials_whatever_was_asked_last(talk: Talk) -> None:
    talk.say(asking("住院报销要多久", "inpatient_reimbursement", "time_limit", places=IN_LESHAN))
    reply = talk.say(asking("我是摔伤的 也要这些吗", "inform_circumstance", stated=("accident",)))
    assert reply.payload["aspects"] == ["materials"]


def test_a_place_named_with_another_aspect_asks_for_that(talk: Talk) -> None:
    talk.say(asking("住院报销要多久", "inpatient_reimbursement", "time_limit", places=IN_LESHAN))
    reply = talk.say(asking("西昌那边材料呢", "inform_region", "materials", places=(("凉山州/西昌市", "neutral"),)))
    assert (reply.payload["aspects"], reply.payload["region"]["path"]) == (["materials"], "凉山州/西昌市")


def test_how_another_item_is_done_asks_for_all_of_it(talk: Talk) -> None:
    talk.say(asking("住院报销要多久", "inpatient_reimbursement", "time_limit", places=IN_LESHAN))
    reply = talk.say(asking("那如果是门诊怎么报", "family_reimbursement", "overview", stated=("outpatient",)))
    assert (reply.payload["item"]["id"], reply.payload["aspects"]) == ("outpatient_reimbursement", ["overview"])


def test_what_is_to_be_said_again_is_said_if_it_is_named(talk: Talk) -> None:
    talk.say(MATERIALS)
    reply = talk.say(asking("电话给一个 我再问问", "repeat", "phone", probability=0.4), replies.repeat)
    assert reply.payload["aspects"] == ["phone"]
    reply = talk.say(asking("再说一遍", "repeat", "materials"), replies.repeat)
    assert reply.payload["aspects"] == ["phone"]


@pytest.mark.parametrize(("role", "told"), [("receiving", "transfer_in"), ("departing", "transfer_out")])
def test_the_place_a_relation_goes_to_or_leaves_tells_the_direction(talk: Talk, role: str, told: str) -> None:
    reply = talk.say(asking("医保转移要几天", "relation_transfer", "time_limit", places=(("凉山州", role),)))
    assert reply.payload["region"]["path"] == "凉山州"
    assert told in reply.payload["circumstances"]


def test_who_names_what_was_asked_first_gets_that(talk: Talk) -> None:
    for text, item in (
        ("诊所要停协议", "institution_suspension"),
        ("医院月结要什么", "hospital_settlement"),
        ("两病要什么", "two_diseases_recognition"),
    ):
        talk.say(asking(text, item, "materials", places=IN_LESHAN))
    assert item_of(talk, asking("最开始说的那个要几天", "ask_aspect", "time_limit")) == "institution_suspension"


def test_of_several_doubtful_items_the_likeliest_wins_if_it_was_spoken_of(talk: Talk) -> None:
    talk.say(asking("医院月结要什么", "hospital_settlement", "materials", places=IN_LESHAN))
    talk.say(asking("两病要什么", "two_diseases_recognition", "materials"))
    doubtful = (("pharmacy_settlement", 0.3),)
    text = "说回每个月跟医保算账的事情，现在线上报上来就算数了是吗"
    again = asking(text, "hospital_settlement", "channels", probability=0.5, also=doubtful)
    assert item_of(talk, again) == "hospital_settlement"


def test_a_short_question_sure_of_its_family_is_not_about_the_item_before(talk: Talk) -> None:
    talk.say(asking("药店定点要多久", "pharmacy_designation", "time_limit", places=IN_LESHAN))
    share = (("family_settlement", 0.45),)
    text = "每月刷卡的钱多久结"
    assert (
        item_of(talk, asking(text, "pharmacy_settlement", "time_limit", probability=0.47, also=share)) == "pharmacy_settlement"
    )


@pytest.mark.parametrize("intent", ["out_of_scope", "inform_circumstance"])
def test_telling_ones_case_takes_the_offered_item_of_that_case(talk: Talk, intent: str) -> None:
    talk.say(asking("医保名字错了咋改", "family_info_change", "overview"))
    told = asking("农村那种，一年交一回的", intent, probability=0.9, stated=("resident",))
    assert item_of(talk, told) == "resident_info_change"


@pytest.mark.parametrize("text", ["周期", "是当场给我不 还是过两天再来拿"])
def test_a_bare_word_or_an_either_or_asks_its_own_aspect(talk: Talk, text: str) -> None:
    talk.say(MATERIALS)
    assert talk.say(asking(text, "inform_circumstance", "time_limit", probability=0.4)).payload["aspects"] == ["time_limit"]


def test_who_asks_whether_the_same_holds_for_another_stays_with_the_item(talk: Talk) -> None:
    talk.say(asking("派驻外地备案带什么", "remote_worker_filing", "materials", places=IN_LESHAN))
    same = asking("同事也派去了 也要这些?", "employee_enrollment", "eligibility", probability=0.6)
    reply = talk.say(same)
    assert (reply.payload["item"]["id"], reply.payload["aspects"]) == ("remote_worker_filing", ["materials"])


def test_what_is_out_of_scope_and_asks_nothing_definite_does_not_lean_on_the_talk(talk: Talk) -> None:
    talk.say(asking("给员工参保要什么", "employee_enrollment", "materials", places=IN_LESHAN))
    assert (
        talk.say(asking("公积金也能一起开户不", "out_of_scope", "eligibility", probability=0.9)).payload["type"] == "fallback"
    )


def test_weather_in_a_place_is_no_place_told(talk: Talk) -> None:
    talk.say(MATERIALS)
    rain = asking("今天西昌会不会下雨", "out_of_scope", "remarks", places=(("凉山州/西昌市", "neutral"),), probability=0.99)
    assert talk.say(rain).payload["type"] == "fallback"


def test_what_may_well_be_out_of_scope_is_not_answered_for_standing_near_the_item(talk: Talk) -> None:
    talk.say(asking("医疗救助报销带什么", "assistance_reimbursement", "materials", places=IN_LESHAN))
    near = asking("老人想问低保怎么申请", "family_assistance", probability=0.45, also=(("out_of_scope", 0.36),))
    assert talk.say(near).payload["type"] == "fallback"


def test_who_returns_to_what_came_before_means_the_only_other_item(talk: Talk) -> None:
    talk.say(asking("临时外出看病备案", "remote_temporary_filing", "overview", places=IN_LESHAN))
    talk.say(asking("开了转院单呢", "remote_referral_filing", "materials"))
    assert item_of(talk, asking("回到前面没开单那个 多久", "ask_aspect", "time_limit")) == "remote_temporary_filing"


def test_a_case_that_is_denied_means_the_item_beside_it(talk: Talk) -> None:
    turn = asking(
        "没得转院证明，想去华西看，备啥案",
        "remote_referral_filing",
        "overview",
        places=IN_LESHAN,
        denied=("referred_out",),
        probability=0.96,
        also=(("remote_temporary_filing", 0.02), ("remote_worker_filing", 0.002)),
    )
    assert item_of(talk, turn) == "remote_temporary_filing"


def test_who_says_the_first_is_not_the_one_does_not_take_it(talk: Talk) -> None:
    talk.say(asking("生育报销", "family_maternity", "overview", places=IN_LESHAN))
    other = asking("头一个不是 我要那个打胎的", "choose_option", probability=0.7, also=(("family_planning_payment", 0.03),))
    assert item_of(talk, other) == "family_planning_payment"


def test_two_who_say_different_things_leave_the_question_open(talk: Talk) -> None:
    torn = asking(
        "一个说要补钱一个说去转身份 搞糊涂了",
        "lump_sum_payment",
        "overview",
        probability=0.9,
        also=(("employee_enrollment", 0.03),),
    )
    assert talk.say(torn).payload["type"] == "clarify"


@pytest.mark.parametrize(("text", "aspect"), [("要去医院开啥子", "overview"), ("应该给学校哪些文件?", "legal_basis")])
def test_papers_to_bring_are_materials_whatever_they_are_taken_for(talk: Talk, text: str, aspect: str) -> None:
    talk.say(asking("慢病认定算不算", "chronic_disease_recognition", "eligibility", places=IN_LESHAN))
    assert talk.say(asking(text, "ask_aspect", aspect)).payload["aspects"] == ["materials"]


@pytest.mark.parametrize(("role", "place"), [("neutral", "乐山市"), ("insured", "凉山州/西昌市")])
def test_a_place_in_a_question_that_is_refused_counts_only_as_the_place_of_insurance(talk: Talk, role: str, place: str) -> None:
    talk.say(MATERIALS)
    talk.say(asking("西昌好耍不", "out_of_scope", places=(("凉山州/西昌市", role),)))
    assert talk.say(asking("要几天", "ask_aspect", "time_limit")).payload["region"]["path"] == place
