"""What the clerks get to decide, and what comes out as training data."""

from __future__ import annotations

import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from sqlalchemy.engine import Engine

from bot.assist.export import export
from bot.assist.learning import queue_fallback
from tests.assist.conftest import Person
from tests.serving import Server


def queued(clerk: Person, text: str, state: str = "open") -> list[dict[str, Any]]:
    return [q for q in clerk.get(f"/learning?state={state}")["questions"] if text in q["text"]]


def test_a_wrong_suggestion_comes_to_the_clerks_with_the_right_item(agent: Person, clerk: Person) -> None:
    call, text = agent.open_call(), f"住院费用怎么报销{uuid.uuid4().hex[:6]}"
    agent.push(call, text)
    agent.push(call, "我电话13800000000")
    judged = {"item": "inpatient_reimbursement", "right": False, "right_item": "maternity_allowance"}
    agent.post(f"/calls/{call}/feedback", judged, 204)
    assert agent.get(f"/calls/{call}")["feedback"]["inpatient_reimbursement"]["right"] is False
    (question,) = queued(clerk, text)
    assert (question["source"], question["kind"], question["right_item"]) == ("call", "wrong", "maternity_allowance")
    assert question["suggested"][0] == "inpatient_reimbursement"
    assert "13800000000" not in question["text"]
    agent.post(f"/calls/{call}/feedback", {"item": "inpatient_reimbursement", "right": True}, 204)
    assert [q["kind"] for q in queued(clerk, text)] == ["confirmed"]


def test_a_call_that_nobody_could_answer_comes_to_the_clerks_once(agent: Person, clerk: Person) -> None:
    call, text = agent.open_call(), f"这个{uuid.uuid4().hex[:6]}能不能算"
    agent.push(call, text)
    for _ in range(2):
        agent.post(f"/calls/{call}/close", {"outcome": "unanswered"})
    assert [q["kind"] for q in queued(clerk, text)] == ["unanswered"]


def test_a_citizens_question_that_got_no_answer_comes_to_the_clerks(server: Server, clerk: Person) -> None:
    status, opened = server.post({}, "/webhooks/web/conversations")
    assert status == 201
    visitor = Person(server, token=opened["conversation"])
    text = f"小区{uuid.uuid4().hex[:6]}的物业费怎么这么高，找哪个投诉物业"
    answered = _web(visitor, text)
    assert answered["replies"][0]["payload"]["type"] == "fallback"
    (question,) = queued(clerk, text)
    assert (question["source"], question["kind"]) == ("web", "unanswered")


def _web(visitor: Person, text: str) -> dict[str, Any]:
    response = requests.post(
        f"{visitor.server.address}/webhooks/web/messages",
        json={"id": uuid.uuid4().hex, "text": text},
        headers={"Authorization": f"Bearer {visitor.token}"},
        timeout=60,
    )
    assert response.status_code == 200, response.text
    answered: dict[str, Any] = response.json()
    return answered


def test_a_decision_moves_a_question_and_an_example_needs_an_item(state: Engine, clerk: Person) -> None:
    text = f"那个本本{uuid.uuid4().hex[:6]}掉了咋办"
    queue_fallback(state, "wechat:office:abc", text, {"options": []})
    (question,) = queued(clerk, text)
    path = f"/learning/{question['id']}"
    assert question["source"] == "wechat"
    assert clerk.ask("POST", path, {"decision": "example"}).status_code == 400
    assert clerk.ask("POST", path, {"decision": "example", "item": "nonsense"}).status_code == 400
    decided = clerk.post(path, {"decision": "example", "item": "social_security_card", "note": "方言"})
    assert (decided["state"], decided["item"]) == ("example", "social_security_card")
    assert queued(clerk, text) == []
    assert len(queued(clerk, text, "example")) == 1
    assert clerk.ask("POST", "/learning/2147483647", {"decision": "drop"}).status_code == 404


def test_accepted_examples_come_out_by_intent_and_none_stands_in_the_evaluation(tmp_path: Path) -> None:
    folder = tmp_path / "nlu"
    folder.mkdir()
    (folder / "card.yml").write_text('version: "3.1"\nnlu:\n- intent: social_security_card\n  examples: |\n    - 社保卡掉了\n')
    evaluation = tmp_path / "evaluation"
    evaluation.mkdir()
    (evaluation / "a.jsonl").write_text('{"id": "1", "text": "社保卡掉了，去哪里补"}\n')
    accepted = [
        ("social_security_card", "社保卡 掉了。"),
        ("social_security_card", "社保卡掉了去哪里补"),
        ("social_security_card", "那个本本遭我搞落了［手机号码］"),
        ("maternity_allowance", "生娃儿的钱{好久}发"),
    ]
    report = export(accepted, folder / "learnt.yml", evaluation)
    data = yaml.safe_load((folder / "learnt.yml").read_text())
    assert {block["intent"]: block["examples"].splitlines() for block in data["nlu"]} == {
        "maternity_allowance": ["- 生娃儿的钱 好久 发"],
        "social_security_card": ["- 那个本本遭我搞落了"],
    }
    assert "evaluation" in report[0]
    before = (folder / "learnt.yml").read_text()
    assert "0 examples added" in export(accepted, folder / "learnt.yml", evaluation)[-1]
    assert (folder / "learnt.yml").read_text() == before


def test_the_command_exports_what_the_clerks_accepted(server: Server, state: Engine, clerk: Person, tmp_path: Path) -> None:
    text = "那个本本儿遭我搞落了要咋个补起"
    queue_fallback(state, "web:xyz", text, {"options": []})
    (question,) = queued(clerk, text)
    clerk.post(f"/learning/{question['id']}", {"decision": "example", "item": "social_security_card"})
    to = tmp_path / "learnt.yml"
    command = [sys.executable, "-m", "bot", "learning", "export", "--to", str(to)]
    done = subprocess.run(command, env=server.environment, capture_output=True, text=True, check=True)
    assert "added" in done.stdout
    assert text in to.read_text()


def test_an_unreadable_training_file_is_an_error_and_is_left_alone(tmp_path: Path) -> None:
    to = tmp_path / "learnt.yml"
    to.write_text("nlu: [")
    with pytest.raises(ValueError, match=r"learnt\.yml"):
        export([("maternity_allowance", "生育津贴好久到")], to, tmp_path)
    assert to.read_text() == "nlu: ["
