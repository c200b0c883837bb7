"""A question which item is meant, and people who ask on instead of answering it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.context import Turn
from bot.answering.wording import load_wording
from knowledge.catalogue import load_catalogue
from tests.bot.conftest import Talk
from tests.bot.turns import asking

AHEAD = asking(
    "糖尿病想办个本本",
    "chronic_disease_recognition",
    "overview",
    probability=0.55,
    also=(("two_diseases_recognition", 0.2), ("special_drug_recognition", 0.05)),
)
LEVEL = asking(
    "想办个本本", "chronic_disease_recognition", "overview", probability=0.4, also=(("two_diseases_recognition", 0.35),)
)
HOW_LONG = asking("要好久", "ask_aspect", "time_limit")
A_PLACE = asking("犍为的哈", "inform_region", places=(("乐山市/犍为县", "neutral"),))
A_CASE = asking("我退休了", "inform_circumstance", stated=("retired",), probability=0.5)


@pytest.mark.parametrize("turn", [HOW_LONG, A_PLACE, A_CASE])
def test_who_asks_on_gets_the_likeliest_and_is_told_so(talk: Talk, turn: Turn) -> None:
    asked = talk.say(AHEAD)
    assert asked.payload["type"] == "clarify"
    reply = talk.say(turn)
    assert reply.payload["item"]["id"] == "chronic_disease_recognition"
    others = [load_catalogue().items[option.id].means for option in asked.options[1:]]
    said = load_wording().say("assumed", item=reply.payload["item"]["name"], others="、".join(f"“{label}”" for label in others))
    assert said in reply.payload["notices"]
    assert said in reply.texts[0]


def test_it_is_said_once_and_the_talk_goes_on_with_it(talk: Talk) -> None:
    talk.say(AHEAD)
    talk.say(HOW_LONG)
    reply = talk.say(A_PLACE)
    assert (reply.payload["item"]["id"], reply.payload["aspects"]) == ("chronic_disease_recognition", ["time_limit"])
    assert not any("您没说是哪一项" in notice for notice in reply.payload["notices"])


def test_the_other_one_may_still_be_named(talk: Talk) -> None:
    talk.say(AHEAD)
    talk.say(HOW_LONG)
    reply = talk.say(asking("不是，是两病那个", "two_diseases_recognition", probability=0.9))
    assert reply.payload["item"]["id"] == "two_diseases_recognition"


def test_where_none_is_far_likelier_the_question_stands(talk: Talk) -> None:
    asked = talk.say(LEVEL)
    again = talk.say(HOW_LONG)
    assert [option.id for option in again.options] == [option.id for option in asked.options]


def test_put_once_more_the_question_says_why_and_whom_to_call(talk: Talk) -> None:
    asked = talk.say(LEVEL)
    again = talk.say(HOW_LONG)
    assert again.texts[0].startswith(load_wording().say("asked_again"))
    assert asked.texts[0] in again.texts[0]
    assert "12393" in again.texts[0]
    assert "12393" not in asked.texts[0]


def test_who_did_not_understand_the_question_is_asked_again(talk: Talk) -> None:
    asked = talk.say(AHEAD)
    again = talk.say(asking("啥意思", "not_understood"))
    assert [option.id for option in again.options] == [option.id for option in asked.options]
    assert talk.say(HOW_LONG).payload["item"]["id"] == "chronic_disease_recognition"


def test_another_question_that_leaves_items_open_has_a_likeliest_of_its_own(talk: Talk) -> None:
    talk.say(AHEAD)
    other = asking(
        "高血压的本本",
        "two_diseases_recognition",
        "overview",
        probability=0.55,
        also=(("chronic_disease_recognition", 0.2), ("special_drug_recognition", 0.05)),
    )
    talk.memory = replace(talk.memory, options=())
    assert talk.say(other).payload["type"] == "clarify"
    assert talk.memory.leading == "two_diseases_recognition"


def test_a_case_tells_which_of_several_likely_ones_of_a_family_is_meant(talk: Talk) -> None:
    turn = asking(
        "名字登错了 厂里给交的",
        "resident_info_change",
        "overview",
        probability=0.5,
        also=(("employee_info_change", 0.4),),
        stated=("employee",),
    )
    assert talk.say(turn).payload["item"]["id"] == "employee_info_change"
