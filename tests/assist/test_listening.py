"""What is suggested while a caller speaks."""

from __future__ import annotations

from typing import Any

import pytest

from bot.assist.listening import arranged
from tests.assist.conftest import Person


def top(state: dict[str, Any]) -> str | None:
    return state["candidates"][0]["item"] if state["candidates"] else None


def hear(agent: Person, *said: str, call: str | None = None) -> dict[str, Any]:
    """The state of a call after a caller said these pieces."""
    call = call or agent.open_call()
    for text in said:
        agent.push(call, text)
    state: dict[str, Any] = agent.get(f"/calls/{call}")
    return state


def test_a_story_over_several_pieces_adds_up(agent: Person) -> None:
    state = hear(agent, "喂你好", "我妈退休了现在跟我住在成都", "她医保是峨眉山的", "看病要咋个备案嘛")
    assert top(state) == "remote_retiree_filing"
    assert state["region"] == {"path": "乐山市/峨眉山市", "from": "said"}
    assert "retired" in [c["id"] for c in state["circumstances"]]
    assert state["card"]["phones"] == [{"kind": "inquiry", "place": "峨眉山市", "number": "0833-5546541"}]


def test_a_question_open_among_the_items_of_a_family_shows_the_likeliest_of_them(agent: Person) -> None:
    shown = [candidate["item"] for candidate in hear(agent, "异地就医怎么备案")["candidates"]]
    assert len(shown) == 3
    assert all(item.startswith("remote_") for item in shown)


def test_only_the_callers_words_count(agent: Person) -> None:
    call = agent.open_call()
    agent.push(call, "您是想问住院费用报销吗，还是生育津贴", speaker="agent")
    state = agent.get(f"/calls/{call}")
    assert state["candidates"] == []
    assert state["card"] is None


def test_a_change_of_subject_is_followed_and_the_place_stays(agent: Person) -> None:
    state = hear(agent, "我是峨眉山的，住院费用自己垫的怎么报销", "另外我想问一下生育津贴好久到账")
    assert top(state) == "maternity_allowance"
    assert state["region"]["path"] == "乐山市/峨眉山市"
    assert "inpatient" not in [c["id"] for c in state["circumstances"]]
    assert "time_limit" in state["aspects"]


@pytest.mark.parametrize("chatter", ["嗯嗯好的", "你等一下哈我找个笔", "今天天气还可以哈", "喂听得到不", "谢谢啊"])
def test_chatter_moves_nothing(agent: Person, chatter: str) -> None:
    before = hear(agent, "我是峨眉山的，住院费用自己垫的怎么报销")
    after = hear(agent, chatter, call=before["call"])
    for part in ("candidates", "region", "circumstances", "card"):
        assert after[part] == before[part], part


def test_a_partial_already_suggests_and_its_correction_is_followed(agent: Person) -> None:
    call = agent.open_call()
    agent.push(call, "我想问住院费用手工报销怎么办理", final=False, piece="1")
    assert top(agent.get(f"/calls/{call}")) == "inpatient_reimbursement"
    agent.push(call, "我想问医保电子凭证怎么申领", piece="1")
    assert top(agent.get(f"/calls/{call}")) == "ecard_application"


def test_words_misheard_by_their_sound_are_understood_and_shown_as_they_were_said(agent: Person) -> None:
    candidate = hear(agent, "我想问一下生鱼津贴好久到账")["candidates"][0]
    assert candidate["item"] == "maternity_allowance"
    assert any("生鱼" in words for words in candidate["words"])
    assert candidate["confidence"] >= 0.6


def test_a_question_that_leaves_several_items_open_shows_them_all(agent: Person) -> None:
    state = hear(agent, "我想问一下医药费怎么报销")
    assert {"inpatient_reimbursement", "outpatient_reimbursement"} <= {c["item"] for c in state["candidates"]}
    assert len(state["candidates"]) <= 3
    assert top(hear(agent, "是住院的", call=state["call"])) == "inpatient_reimbursement"


def test_what_no_guide_answers_is_an_open_question_and_suggests_nothing(agent: Person) -> None:
    state = hear(agent, "我们小区物业费怎么收得这么高，能不能管一下")
    assert state["candidates"] == []
    assert state["open_question"] is True


def test_equals_do_not_flicker() -> None:
    shown: list[str] = ["a", "b"]
    for shares in ({"a": 0.40, "b": 0.45}, {"a": 0.45, "b": 0.40}, {"a": 0.38, "b": 0.45}):
        shown = arranged(shares, shown, sorted(shares, key=lambda item: -shares[item]), 0.08)
        assert shown == ["a", "b"]
    assert arranged({"a": 0.2, "b": 0.7}, shown, ["b", "a"], 0.08) == ["b", "a"]


def test_newcomers_stand_in_the_order_of_their_likelihood() -> None:
    assert arranged({"a": 0.2, "b": 0.5, "c": 0.3}, [], ["b", "c", "a"], 0.08) == ["b", "c", "a"]
    assert arranged({"a": 0.5, "b": 0.1, "c": 0.3}, ["a", "b"], ["a", "c", "b"], 0.08) == ["a", "c", "b"]


def test_names_of_places_alone_suggest_no_item(agent: Person) -> None:
    state = hear(agent, "我是西昌的")
    assert state["region"]["path"] == "凉山州/西昌市"
    assert state["candidates"] == []
