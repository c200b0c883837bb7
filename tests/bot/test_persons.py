"""Talks about several people's matters: whose is meant, and what was known of it."""

from __future__ import annotations

import pytest

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


def two_matters(talk: Talk) -> None:
    talk.say(MOTHER)
    talk.say(MINE)


@pytest.mark.parametrize("text", ["我妈那个打哪个电话问", "回到我老妈的那个 几天", "她的呢"])
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
