"""Talks about several people's matters: whose is meant, and what was known of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rasa_sdk import Tracker

from bot.actions.conversation import read_memory
from bot.answering.context import Option, Turn
from tests.bot.conftest import Talk
from tests.bot.turns import asking

MOTHER = asking(
    "我妈退休了跟我住外地 备案要什么",
    "remote_retiree_filing",
    "materials",
    places=(("云南省/昭通市", "insured"),),
    stated=("retired",),
)
MINE = asking(
    "我自己要派到绵阳上班 备案要什么 医保在犍为", "remote_worker_filing", "materials", places=(("乐山市/犍为县", "insured"),)
)

MINE_AGAIN = asking("常驻异地备案要几天", "remote_worker_filing", "time_limit")


def two_matters(talk: Talk) -> None:
    talk.say(MOTHER)
    talk.say(MINE)


@pytest.mark.parametrize("text", ["我妈那个打哪个电话问", "回到我老妈的那个 几天", "她的呢", "我妈要几天"])
def test_a_persons_matter_is_taken_up_again_with_its_place_and_circumstances(talk: Talk, text: str) -> None:
    two_matters(talk)
    payload = talk.say(asking(text, "ask_aspect", "phone", probability=0.7, also=(("remote_worker_filing", 0.1),))).payload
    assert payload["item"]["id"] == "remote_retiree_filing"
    assert payload["region"]["path"] == "云南省/昭通市"
    assert "retired" in payload["circumstances"]


def test_ones_own_matter_is_taken_up_again(talk: Talk) -> None:
    talk.say(MINE)
    talk.say(MOTHER)
    payload = talk.say(asking("我那个要几天", "ask_aspect", "time_limit")).payload
    assert (payload["item"]["id"], payload["region"]["path"]) == ("remote_worker_filing", "乐山市/犍为县")
    assert "retired" not in payload["circumstances"]


def test_what_follows_is_still_about_that_person(talk: Talk) -> None:
    two_matters(talk)
    talk.say(asking("我妈那个要几天", "ask_aspect", "time_limit"))
    payload = talk.say(asking("电话呢", "ask_aspect", "phone")).payload
    assert payload["item"]["id"] == "remote_retiree_filing"
    assert talk.say(asking("我那个呢", "ask_aspect", "phone")).payload["item"]["id"] == "remote_worker_filing"


def test_another_business_for_that_person_is_answered_for_the_persons_place(talk: Talk) -> None:
    two_matters(talk)
    payload = talk.say(asking("我妈那边住院的钱怎么报", "inpatient_reimbursement", "overview")).payload
    assert (payload["item"]["id"], payload["region"]["path"]) == ("inpatient_reimbursement", "云南省/昭通市")


def test_what_no_guide_answers_is_refused_for_that_person_too(talk: Talk) -> None:
    two_matters(talk)
    assert talk.say(asking("我妈那个养老金呢", "out_of_scope")).payload["type"] == "fallback"


def test_a_person_not_spoken_of_before_asks_the_same(talk: Talk) -> None:
    talk.say(MOTHER)
    assert talk.say(asking("我爸那个呢", "ask_aspect")).payload["item"]["id"] == "remote_retiree_filing"


def test_what_is_known_of_one_person_is_not_taken_for_anothers(talk: Talk) -> None:
    talk.say(MOTHER)
    assert "retired" not in talk.say(asking("我老公呢", "ask_aspect")).payload["circumstances"]


def test_who_does_it_for_the_person_is_not_whose_matter_it_is(talk: Talk) -> None:
    talk.say(MOTHER)
    assert "retired" in talk.say(asking("我老公帮她去办 要带啥", "ask_aspect", "materials")).payload["circumstances"]


@pytest.mark.parametrize("text", ["其他的呢", "要给我妈打电话吗"])
def test_a_word_that_points_to_nobodys_matter_changes_nothing(talk: Talk, text: str) -> None:
    two_matters(talk)
    assert talk.say(asking(text, "ask_aspect", "phone")).payload["item"]["id"] == "remote_worker_filing"


def test_another_question_for_that_person_is_answered_for_the_persons_place(talk: Talk) -> None:
    two_matters(talk)
    payload = talk.say(asking("我妈住院的钱怎么报", "inpatient_reimbursement", "overview")).payload
    assert (payload["item"]["id"], payload["region"]["path"]) == ("inpatient_reimbursement", "云南省/昭通市")


@pytest.mark.parametrize(
    ("one", "other"),
    [("我爷爷", "我奶奶"), ("我女儿", "我儿子"), ("我公公", "我婆婆"), ("我哥", "我妹"), ("同事的妈", "我自己")],
)
def test_each_of_two_keeps_a_matter_apart(talk: Talk, one: str, other: str) -> None:
    for who, place in ((one, "乐山市/犍为县"), (other, "云南省/昭通市")):
        talk.say(asking(f"{who}住院的钱怎么报", "inpatient_reimbursement", "overview", places=((place, "insured"),)))
    places = [
        talk.say(asking(f"{who}那个要几天", "ask_aspect", "time_limit")).payload["region"]["path"] for who in (one, other)
    ]
    assert places == ["乐山市/犍为县", "云南省/昭通市"]


def test_who_speaks_to_a_stranger_as_sister_goes_on_with_ones_own_matter(talk: Talk) -> None:
    talk.say(asking("我妹住院的钱怎么报", "inpatient_reimbursement", places=(("云南省/昭通市", "insured"),)))
    talk.say(MINE)
    assert talk.say(asking("妹妹，那要几天", "ask_aspect", "time_limit")).payload["region"]["path"] == "乐山市/犍为县"
    assert talk.say(asking("妹妹那个要几天", "ask_aspect", "time_limit")).payload["region"]["path"] == "云南省/昭通市"


def test_the_child_is_the_son_who_was_spoken_of(talk: Talk) -> None:
    talk.say(asking("我儿子住院的钱怎么报", "inpatient_reimbursement", places=(("云南省/昭通市", "insured"),)))
    talk.say(MINE)
    assert talk.say(asking("娃儿那个几天", "ask_aspect", "time_limit")).payload["region"]["path"] == "云南省/昭通市"


@pytest.mark.parametrize("text", ["我跟我妈住", "我妈说要复印件，是不是", "自己先垫的", "本人去不了咋办", "要给我妈打电话吗"])
def test_who_is_only_mentioned_does_not_turn_the_talk(talk: Talk, text: str) -> None:
    two_matters(talk)
    payload = talk.say(asking(text, "ask_aspect", "materials")).payload
    assert (payload["item"]["id"], payload["region"]["path"]) == ("remote_worker_filing", "乐山市/犍为县")
    assert talk.memory.person == "self"


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("先生，我爸住院的钱怎么报", "father"),
        ("大哥，我爸住院的钱怎么报", "father"),
        ("妹儿，住院的钱怎么报", "self"),
        ("小姑娘 住院的钱怎么报", "self"),
        ("我妹儿住院的钱怎么报", "younger_sister"),
        ("我先生住院的钱怎么报", "spouse"),
        ("孩子他妈住院的钱怎么报", "self"),
        ("帮我妈问一下住院的钱怎么报", "mother"),
        ("老板的妈住院的钱怎么报", "mother"),
    ],
)
def test_whose_matter_a_question_is(talk: Talk, text: str, who: str) -> None:
    talk.say(asking(text, "inpatient_reimbursement", "overview"))
    assert talk.memory.person == who


def test_who_is_insured_stays_the_one_spoken_of_though_named_in_other_words(talk: Talk) -> None:
    talk.say(MOTHER)
    assert "retired" in talk.say(asking("本人去不了咋办", "ask_aspect", "materials")).payload["circumstances"]


@pytest.mark.parametrize(
    "turn", [asking("备案那个电话", "ask_aspect", "phone", also=(("remote_worker_filing", 0.3),)), MINE_AGAIN]
)
def test_an_item_gone_back_to_brings_its_own_place_along(talk: Talk, turn: Turn) -> None:
    talk.say(MINE)
    talk.say(asking("我妈住院的钱怎么报", "inpatient_reimbursement", "overview", places=(("云南省/昭通市", "insured"),)))
    payload = talk.say(turn).payload
    assert (payload["item"]["id"], payload["region"]["path"]) == ("remote_worker_filing", "乐山市/犍为县")
    assert talk.memory.person == "self"


@pytest.mark.parametrize("text", ["我也想办慢病本", "我想办慢病本"])
def test_who_wants_it_too_is_not_the_one_spoken_of_before(talk: Talk, text: str) -> None:
    talk.say(MINE)
    talk.say(asking("我妈慢病怎么办", "chronic_disease_recognition", "overview", places=(("云南省/昭通市", "insured"),)))
    talk.say(asking("我那个要几天", "ask_aspect", "time_limit"))
    payload = talk.say(asking(text, "chronic_disease_recognition", "overview")).payload
    assert payload["region"]["path"] == "乐山市/犍为县"


def test_who_wants_the_same_too_is_answered_for_his_own_place(talk: Talk) -> None:
    talk.say(MINE)
    talk.say(asking("我妈慢病怎么办", "chronic_disease_recognition", "overview", places=(("云南省/昭通市", "insured"),)))
    payload = talk.say(asking("我也想办慢病本", "chronic_disease_recognition", "overview")).payload
    assert payload["region"]["path"] == "乐山市/犍为县"


def test_a_son_is_not_the_child_where_there_is_a_daughter_too(talk: Talk) -> None:
    for who, place in (("我儿子", "乐山市/犍为县"), ("我女儿", "云南省/昭通市"), ("娃儿", "乐山市/峨眉山市")):
        talk.say(asking(f"{who}住院怎么报", "inpatient_reimbursement", "overview", places=((place, "insured"),)))
    assert talk.say(asking("我儿子那个几天", "ask_aspect", "time_limit")).payload["region"]["path"] == "乐山市/犍为县"


def test_what_is_not_answered_for_a_person_leaves_the_matter_as_it_was(talk: Talk) -> None:
    two_matters(talk)
    talk.say(asking("我妈那个养老金呢", "out_of_scope"))
    talk.say(asking("我那个要几天", "ask_aspect", "time_limit"))
    assert talk.say(asking("我妈那个呢", "ask_aspect", "phone")).payload["region"]["path"] == "云南省/昭通市"


def test_who_takes_an_item_that_was_offered_is_not_the_one_spoken_of_before(talk: Talk) -> None:
    talk.say(MOTHER)
    talk.say(asking("我自己的参保信息怎么查 医保在犍为", "person_info_query", places=(("乐山市/犍为县", "insured"),)))
    offered = tuple(Option(item, item, item) for item in ("remote_retiree_filing", "remote_worker_filing"))
    talk.memory = replace(talk.memory, options=offered)
    assert talk.say(asking("第一个", "choose_option")).payload["region"]["path"] == "乐山市/犍为县"


def test_a_place_told_while_the_item_is_open_is_kept_for_the_person(talk: Talk) -> None:
    talk.say(MOTHER)
    asked = talk.say(asking("我自己的报销呢 医保在犍为", "family_reimbursement", places=(("乐山市/犍为县", "insured"),)))
    assert asked.payload["type"] == "clarify"
    talk.say(asking("我妈那个要几天", "ask_aspect", "time_limit"))
    assert talk.say(asking("我的呢", "ask_aspect")).payload["region"]["path"] == "乐山市/犍为县"


def test_an_item_of_two_persons_is_answered_for_the_place_last_in_force(talk: Talk) -> None:
    for who, place in (("我爸", "乐山市/犍为县"), ("我妈", "云南省/昭通市")):
        talk.say(asking(f"{who}住院怎么报", "inpatient_reimbursement", "overview", places=((place, "insured"),)))
    talk.say(asking("我自己的参保信息怎么查 医保在峨眉", "person_info_query", places=(("乐山市/峨眉山市", "insured"),)))
    assert (
        talk.say(asking("住院报销要几天", "inpatient_reimbursement", "time_limit")).payload["region"]["path"]
        == "乐山市/峨眉山市"
    )


def test_a_matter_whose_place_was_never_told_is_answered_for_the_place_in_force(talk: Talk) -> None:
    talk.say(asking("娃儿怎么参保", "resident_enrollment", "overview"))
    talk.say(asking("我自己的慢病怎么办 医保在犍为", "chronic_disease_recognition", places=(("乐山市/犍为县", "insured"),)))
    assert talk.say(asking("居民参保要什么", "resident_enrollment", "materials")).payload["region"]["path"] == "乐山市/犍为县"


@pytest.mark.parametrize("role", ["present", "household"])
def test_where_another_person_is_counts_where_nothing_else_is_known_of_him(talk: Talk, role: str) -> None:
    talk.say(MOTHER)
    talk.say(asking("我自己在峨眉 想参保", "resident_enrollment", "overview", places=(("乐山市/峨眉山市", role),)))
    assert talk.memory.region == "乐山市/峨眉山市"


def test_where_one_is_now_is_no_place_of_insurance_but_for_business_one_has_come_for(talk: Talk) -> None:
    talk.say(MINE)
    here = (("云南省/昭通市", "present"),)
    talk.say(asking("我人在昭通 住院怎么报", "inpatient_reimbursement", "overview", places=here))
    assert talk.memory.region == "乐山市/犍为县"
    talk.say(asking("我人已经到昭通了 医保想转过来", "relation_transfer", "overview", places=here))
    assert talk.memory.region == "云南省/昭通市"


def test_a_talk_kept_before_persons_were_known_goes_on() -> None:
    kept = {"item": "remote_worker_filing", "region": "乐山市/犍为县", "circumstances": ["retired"], "misses": 1}
    memory = read_memory(Tracker("someone", kept, {}, [], False, None, {}, None))
    assert (memory.item, memory.person, memory.matters, memory.leading) == ("remote_worker_filing", "self", {}, None)
