"""People take over a conversation of the website, and give it back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from sqlalchemy.engine import Engine

from bot.desk import conversations
from bot.desk.duty import DutyRow
from tests.assist.conftest import Person
from tests.serving import Server


class Visitor:
    """A citizen at the website's widget."""

    def __init__(self, server: Server) -> None:
        self._address = f"{server.address}/webhooks/web"
        token = requests.post(f"{self._address}/conversations", json={}, timeout=60).json()["conversation"]
        self._headers = {"Authorization": f"Bearer {token}"}

    def say(self, text: str) -> dict[str, Any]:
        body = {"id": uuid.uuid4().hex, "text": text}
        response = requests.post(f"{self._address}/messages", json=body, headers=self._headers, timeout=60)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def texts(self, answer: dict[str, Any]) -> str:
        return "\n".join(message["text"] for message in answer["replies"])

    def agents_words(self) -> list[str]:
        messages = requests.get(f"{self._address}/messages?after=0", headers=self._headers, timeout=60).json()["messages"]
        return [message["text"] for message in messages if message["from"] == "agent"]


@pytest.fixture
def visitor(server: Server) -> Visitor:
    return Visitor(server)


@pytest.fixture
def on_duty(by_token: Callable[[str], Person], state: Engine) -> Iterator[Person]:
    """An agent on duty, and nobody else."""
    _all_off(state)
    person = by_token("agent")
    assert person.ask("PUT", "/duty", {"on": True}).json() == {"on": True, "people": 1}
    yield person
    _all_off(state)


def _all_off(state: Engine) -> None:
    with state.begin() as connection:
        connection.execute(DutyRow.__table__.delete())


def _path(conversation: str) -> str:
    return f"/desk/{conversation.replace(':', '%3A')}"


def _waiting(person: Person, words: str) -> dict[str, Any]:
    """The conversation on the desk in which these words were said."""
    found: dict[str, Any]
    (found,) = [c for c in person.get("/desk")["conversations"] if words in str(c["talk"])]
    return found


def test_a_citizen_is_handed_over_answered_and_given_back(visitor: Visitor, on_duty: Person, supervisor: Person) -> None:
    mark = uuid.uuid4().hex[:8]
    visitor.say(f"住院费用怎么报销 {mark}")
    answer = visitor.say("转人工")
    assert answer["with_person"] is True
    assert "值班人员" in visitor.texts(answer)
    waiting = _waiting(on_duty, mark)
    assert [said["from"] for said in waiting["talk"]][:2] == ["citizen", "bot"]
    assert waiting["state"] == "waiting"
    assert "请稍等" in visitor.texts(visitor.say("在吗"))

    path = _path(waiting["conversation"])
    assert on_duty.post(f"{path}/take")["state"] == "taken"
    silent = visitor.say("我电话13800000000，住院发票掉了怎么办")
    assert silent["replies"] == []
    assert silent["with_person"] is True
    said = _waiting(on_duty, mark)["talk"][-1]
    assert said["from"] == "citizen"
    assert "13800000000" not in said["text"]
    message = {"id": "m1", "text": "您好，发票遗失的请到医院补打存根"}
    for _ in range(2):
        assert on_duty.post(f"{path}/messages", message, 202) == {"delivered": True}
    assert visitor.agents_words() == [message["text"]]

    on_duty.ask("POST", f"{path}/close")
    assert "人工接待已结束" in visitor.agents_words()[-1]
    back = visitor.say("住院费用报销要多久")
    assert back["with_person"] is False
    assert back["replies"][0]["payload"]["item"]["id"] == "inpatient_reimbursement"
    whats = [entry["what"] for entry in supervisor.get(f"/audit?subject={waiting['conversation']}")["entries"]]
    assert whats == ["desk_close", "desk_answer", "desk_answer", "desk_take"]


def test_nobody_on_duty_is_said_with_the_numbers_and_the_bot_goes_on(visitor: Visitor, agent: Person, state: Engine) -> None:
    _all_off(state)
    answer = visitor.say("转人工")
    assert answer["with_person"] is False
    assert "12393" in visitor.texts(answer)
    assert "值班人员" not in visitor.texts(answer)
    assert visitor.say("住院费用怎么报销")["replies"][0]["payload"]["type"] == "answer"


def test_who_no_longer_wants_to_wait_has_the_bot_again(visitor: Visitor, on_duty: Person) -> None:
    visitor.say("转人工")
    cancelled = visitor.say("取消人工")
    assert cancelled["with_person"] is False
    assert visitor.say("住院费用怎么报销")["replies"][0]["payload"]["type"] == "answer"


def test_who_waits_when_everybody_went_home_is_answered_by_the_bot(visitor: Visitor, on_duty: Person) -> None:
    visitor.say("转人工")
    on_duty.ask("PUT", "/duty", {"on": False})
    assert visitor.say("住院费用怎么报销")["replies"][0]["payload"]["type"] == "answer"


def test_a_conversation_is_taken_by_one_agent_only(
    visitor: Visitor, on_duty: Person, by_token: Callable[[str], Person]
) -> None:
    mark = uuid.uuid4().hex[:8]
    visitor.say(f"我想问 {mark}")
    visitor.say("转人工")
    path, other = _path(_waiting(on_duty, mark)["conversation"]), by_token("agent")
    assert on_duty.ask("POST", f"{path}/messages", {"id": "1", "text": "您好"}).status_code == 409
    assert on_duty.ask("POST", f"{path}/take").status_code == 200
    assert on_duty.ask("POST", f"{path}/take").status_code == 200
    assert other.ask("POST", f"{path}/take").status_code == 409
    assert other.ask("POST", f"{path}/messages", {"id": "1", "text": "您好"}).status_code == 409
    assert other.ask("POST", f"{path}/close").status_code == 409


def test_the_desk_is_shown_as_it_changes(visitor: Visitor, on_duty: Person) -> None:
    events = on_duty.follow("/desk/events")
    before = len(next(events)[1]["conversations"])
    visitor.say("转人工")
    assert len(next(events)[1]["conversations"]) == before + 1
    events.close()


def test_words_that_reach_no_front_door_can_be_sent_again(state: Engine, on_duty: Person) -> None:
    conversation = f"nowhere:{uuid.uuid4().hex}"
    conversations.ask_over(state, conversation, [])
    path = _path(conversation)
    on_duty.post(f"{path}/take")
    for _ in range(2):
        assert on_duty.post(f"{path}/messages", {"id": "m1", "text": "您好"}, 202) == {"delivered": False}
    assert [said["text"] for said in _of(on_duty, conversation)["talk"]] == ["您好"]


def _of(person: Person, conversation: str) -> dict[str, Any]:
    found: dict[str, Any]
    (found,) = [c for c in person.get("/desk")["conversations"] if c["conversation"] == conversation]
    return found


@pytest.mark.parametrize("odd", ["x", "web:", "WEB:1", "web:..", "web:%00"])
def test_a_conversation_that_is_not_there_is_not_found(on_duty: Person, odd: str) -> None:
    assert on_duty.ask("POST", f"{_path(odd)}/take").status_code == 404
