"""The talk around questions: a person, a complaint, again, more, from the start."""

from __future__ import annotations

import pytest

from bot.answering import talk as replies
from bot.answering.context import Memory
from tests.bot.conftest import Answer, Talk
from tests.bot.turns import asking

IN_WUTONGQIAO = asking("住院报销", "inpatient_reimbursement", "materials", places=(("乐山市/五通桥区", "insured"),))


def test_a_person_wanted_with_nothing_known_gets_the_general_numbers(talk: Talk) -> None:
    reply = talk.say(asking("转人工", "handoff", "overview"), replies.hand_off)
    assert reply.payload["type"] == "handoff"
    assert "12393" in reply.texts[0]
    assert "12345" in reply.texts[0]
    assert "0833" not in reply.texts[0]


def test_a_person_wanted_after_a_question_gets_the_districts_number_and_hours(talk: Talk) -> None:
    talk.say(IN_WUTONGQIAO)
    reply = talk.say(asking("我要找人工", "handoff"), replies.hand_off)
    assert reply.payload["type"] == "handoff"
    assert "0833-3300656" in reply.texts[0]
    assert "0833-2128816" not in reply.texts[0]
    assert "工作日" in reply.texts[0]


def test_after_a_hand_off_the_question_goes_on(talk: Talk) -> None:
    talk.say(IN_WUTONGQIAO)
    talk.say(asking("转人工", "handoff"), replies.hand_off)
    reply = talk.say(asking("要多久", "ask_aspect", "time_limit"))
    assert reply.payload["item"]["id"] == "inpatient_reimbursement"
    assert reply.payload["region"]["path"] == "乐山市/五通桥区"


def test_a_complaint_after_a_question_gets_the_complaint_numbers_of_the_place(talk: Talk) -> None:
    talk.say(IN_WUTONGQIAO)
    reply = talk.say(asking("窗口的人态度太差了", "service_complaint", "complaint"), replies.report)
    assert reply.payload["aspects"] == ["complaint"]
    assert {fact["kind"] for fact in reply.payload["facts"]["phones"]} == {"complaint"}


def test_a_complaint_with_nothing_known_gets_the_general_numbers(talk: Talk) -> None:
    reply = talk.say(asking("我要投诉", "service_complaint", "complaint"), replies.report)
    assert reply.payload["type"] == "handoff"
    assert "12393" in reply.texts[0]


def test_repeating_gives_the_same_answer_again(talk: Talk) -> None:
    first = talk.say(IN_WUTONGQIAO)
    again = talk.say(asking("再说一遍", "repeat"), replies.repeat)
    assert again.texts == first.texts
    assert again.payload["facts"] == first.payload["facts"]


def test_there_is_nothing_to_repeat_at_the_start(talk: Talk) -> None:
    reply = talk.say(asking("再说一遍", "repeat"), replies.repeat)
    assert reply.payload["type"] == "chitchat"
    assert "还没有说过什么" in reply.texts[0]


def test_more_gives_the_rest_page_by_page_until_nothing_is_left(talk: Talk) -> None:
    first = talk.say(asking("哪些病", "chronic_disease_recognition", "overview", places=(("云南省", "insured"),)))
    assert "回复“更多”" in first.texts[0]
    waiting = len(talk.memory.more)
    assert waiting > 0
    for left in range(waiting - 1, -1, -1):
        reply = talk.say(asking("更多", "more"), replies.more)
        assert len(talk.memory.more) == left
        assert ("回复“更多”" in reply.texts[0]) == bool(left)
    assert "已经显示完了" in talk.say(asking("更多", "more"), replies.more).texts[0]


def test_after_more_the_question_goes_on(talk: Talk) -> None:
    talk.say(asking("哪些病", "chronic_disease_recognition", "overview", places=(("云南省", "insured"),)))
    talk.say(asking("更多", "more"), replies.more)
    reply = talk.say(asking("要多久", "ask_aspect", "time_limit"))
    assert reply.payload["item"]["id"] == "chronic_disease_recognition"
    assert reply.payload["jurisdiction"] == "yunnan"


def test_choices_offered_before_a_hand_off_can_still_be_taken(talk: Talk) -> None:
    talk.say(asking("怎么报销", "family_reimbursement", "materials"))
    talk.say(asking("转人工", "handoff"), replies.hand_off)
    reply = talk.say(asking("第二个", "choose_option"))
    assert reply.payload["item"]["id"] == "inpatient_reimbursement"


def test_starting_over_forgets_item_place_and_choices(talk: Talk) -> None:
    talk.say(IN_WUTONGQIAO)
    talk.say(asking("重新开始", "start_over"), replies.start_over)
    assert talk.memory == Memory()


@pytest.mark.parametrize("answer", [replies.hand_off, replies.report, replies.repeat, replies.more, replies.start_over])
def test_every_reply_has_a_short_text_and_a_payload_of_the_contract(talk: Talk, answer: Answer) -> None:
    reply = talk.say(asking("…", "handoff"), answer)
    assert all(0 < len(text) <= 600 for text in reply.texts)
    assert reply.payload["type"] in {"handoff", "chitchat", "answer"}


@pytest.mark.parametrize(("intent", "answer"), [("more", replies.more), ("start_over", replies.start_over)])
def test_a_few_words_that_may_mean_something_else_forget_nothing(talk: Talk, intent: str, answer: Answer) -> None:
    talk.say(IN_WUTONGQIAO)
    reply = talk.say(asking("我的呢", intent, probability=0.5, also=(("ask_aspect", 0.2),)), answer)
    assert (reply.payload["item"]["id"], reply.payload["aspects"]) == ("inpatient_reimbursement", ["materials"])


def test_which_of_the_choices_is_asked_again_for_who_did_not_understand(talk: Talk) -> None:
    talk.say(asking("我要报销", "family_reimbursement", "overview"))
    assert talk.say(asking("听不懂", "not_understood"), replies.repeat).payload["type"] == "clarify"
