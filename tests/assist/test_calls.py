"""A call from its opening to its summary."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy.engine import Engine

from bot.assist.calls import change_call
from tests.assist.conftest import Person


def test_a_partial_is_replaced_and_a_final_piece_stands(agent: Person) -> None:
    call = agent.open_call()
    agent.push(call, "我想问", final=False, piece="1")
    agent.push(call, "我想问住院", final=False, piece="1")
    agent.push(call, "我想问住院报销", piece="1")
    agent.push(call, "我想问主院", final=False, piece="1")
    assert [(p["text"], p["final"]) for p in agent.get(f"/calls/{call}")["pieces"]] == [("我想问住院报销", True)]


def test_the_same_piece_again_changes_nothing(agent: Person) -> None:
    call = agent.open_call()
    first = agent.push(call, "住院费用怎么报销", piece="1", final=False)
    assert agent.push(call, "住院费用怎么报销", piece="1", final=False) == first


def test_personal_numbers_are_masked_before_anything_is_stored(agent: Person) -> None:
    call = agent.open_call()
    agent.push(call, "我身份证511102199001011234，电话13800000000，住院怎么报销")
    seen = agent.ask("GET", f"/calls/{call}").text
    assert "511102199001011234" not in seen
    assert "13800000000" not in seen
    assert "［证件号码］" in seen


def test_the_same_telephone_call_is_opened_once(agent: Person) -> None:
    outside = uuid.uuid4().hex
    call = agent.open_call(external_id=outside)
    assert agent.open_call(external_id=outside) == call
    agent.post(f"/calls/{call}/close", {"outcome": "abandoned"})
    assert agent.open_call(external_id=outside) != call


def test_what_the_agent_chose_wins_until_it_is_undone(agent: Person) -> None:
    call = agent.open_call(region="凉山州")
    agent.push(call, "我在峨眉参保的，门诊费用自己垫的怎么报销")
    choice = {"item": "inpatient_reimbursement", "region": "凉山州/西昌市", "circumstances": {"accident": True}}
    chosen = agent.ask("PATCH", f"/calls/{call}", choice).json()
    assert chosen["card"]["payload"]["item"]["id"] == "inpatient_reimbursement"
    assert chosen["card"]["payload"]["jurisdiction"] == "liangshan"
    assert chosen["region"] == {"path": "凉山州/西昌市", "from": "chosen"}
    assert ("accident", "chosen") in [(c["id"], c["from"]) for c in chosen["circumstances"]]
    agent.push(call, "我是乐山的，门诊发票都在")
    assert agent.get(f"/calls/{call}")["card"]["payload"]["item"]["id"] == "inpatient_reimbursement"
    undone = agent.ask("PATCH", f"/calls/{call}", {"item": None, "region": None, "circumstances": None}).json()
    assert undone["card"]["payload"]["item"]["id"] == "outpatient_reimbursement"
    assert undone["card"]["payload"]["jurisdiction"] == "leshan"
    assert "accident" not in [c["id"] for c in undone["circumstances"]]


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        ({"item": "no such item"}, "事项"),
        ({"region": "亚特兰蒂斯"}, "地区"),
        ({"circumstances": {"x": True}}, "情形"),
        ({"aspects": ["x"]}, "方面"),
        ({"circumstances": {"accident": "yes"}}, "circumstances"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_a_choice_that_is_none_is_told_what_is_wrong(agent: Person, choice: object, says: str) -> None:
    response = agent.ask("PATCH", f"/calls/{agent.open_call()}", choice)
    assert response.status_code == 400
    assert says in response.json()["error"]


def test_a_closed_call_has_a_summary_and_takes_nothing_more(agent: Person) -> None:
    call = agent.open_call()
    agent.push(call, "乐山市中区的医保，住院费用自己垫的怎么报销")
    agent.push(call, "您好，请稍等", speaker="agent")
    closing = {"outcome": "answered", "note": "电话13800000000已告知"}
    summary = agent.post(f"/calls/{call}/close", closing)
    assert summary["item"]["item"] == "inpatient_reimbursement"
    assert summary["region"] == "乐山市/市中区"
    assert summary["asked"] == ["乐山市中区的医保，住院费用自己垫的怎么报销"]
    assert "13800000000" not in str(summary)
    assert "住院费用报销" in summary["text"]
    assert agent.post(f"/calls/{call}/close", {"outcome": "callback"}) == summary
    assert agent.ask("PATCH", f"/calls/{call}", {"item": None}).status_code == 409
    late = {"id": "9", "speaker": "caller", "text": "喂", "final": True, "at": "2026-01-01T08:00:00Z"}
    assert agent.ask("POST", f"/calls/{call}/pieces", late).status_code == 409
    assert call not in [row["call"] for row in agent.get("/calls")["calls"]]
    assert call in [row["call"] for row in agent.get("/calls?open=false")["calls"]]


def test_a_screen_gets_the_state_at_once_and_each_change(agent: Person) -> None:
    call = agent.open_call()
    events = agent.follow(f"/calls/{call}/events")
    assert next(events)[1]["pieces"] == []
    agent.push(call, "生育津贴怎么申请")
    number, state = next(events)
    assert state["candidates"][0]["item"] == "maternity_allowance"
    assert number == str(state["revision"])
    events.close()
    agent.push(call, "我是西昌的")
    again = agent.follow(f"/calls/{call}/events")
    assert next(again)[1]["region"]["path"] == "凉山州/西昌市"  # a reconnect begins with what was missed
    again.close()


def test_a_change_made_by_another_process_is_shown(agent: Person, state: Engine) -> None:
    call = agent.open_call()
    events = agent.follow(f"/calls/{call}/events")
    next(events)

    def choose(known: object) -> bool:
        known.chosen.item = "maternity_allowance"  # type: ignore[attr-defined]
        return True

    change_call(state, call, choose)
    assert next(events)[1]["chosen_item"] == "maternity_allowance"
    events.close()


def test_calls_that_do_not_exist_are_not_found(by_token: Callable[[str], Person]) -> None:
    system, nowhere = by_token("system"), f"/calls/{uuid.uuid4().hex}"
    assert system.ask("GET", nowhere).status_code == 404
    assert system.ask("GET", f"{nowhere}/events").status_code == 404
    assert system.ask("POST", f"{nowhere}/close", {"outcome": "answered"}).status_code == 404
    assert system.ask("GET", "/calls/odd").status_code == 404
    assert system.ask("GET", "/no/such/address").json()["error"]
