"""The running server, as a front door meets it: a process of its own, asked over HTTP."""

from __future__ import annotations

import re
import uuid
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.serving import Server


def test_a_question_gets_a_text_and_one_payload(server: Server) -> None:
    texts, payloads = server.say("市中区的医保，住院的钱自己垫的，回来报要多久", sender="first")
    assert "9个工作日" in texts[0]
    assert len(payloads) == 1
    assert payloads[0]["item"]["id"] == "inpatient_reimbursement"
    assert payloads[0]["region"] == {"path": "乐山市/市中区", "adcode": "511102", "from": "said"}


def test_a_conversation_is_remembered_by_its_sender_only(server: Server) -> None:
    server.say("峨眉山的退休人员搬去外地长住，备案带什么", sender="one")
    assert server.say("电话呢", sender="one")[1][0]["region"]["path"] == "乐山市/峨眉山市"
    assert server.say("电话呢", sender="two")[1][0]["region"]["path"] is None


def test_without_a_sender_strangers_share_no_conversation(server: Server) -> None:
    assert server.post({"message": "西昌的医保，产检费怎么报销"})[0] == 200
    _, replies = server.post({"message": "那要多久"})
    payload = next(reply["custom"] for reply in replies if "custom" in reply)
    assert payload["item"] is None
    assert payload["region"]["path"] is None


def test_the_front_doors_own_place_is_used_until_a_person_names_one(server: Server) -> None:
    _, payloads = server.say("产检费报销要几天", sender="door", metadata={"region": "凉山州"})
    assert payloads[0]["region"]["from"] == "channel"
    assert payloads[0]["jurisdiction"] == "liangshan"
    _, payloads = server.say("我是峨眉的", sender="door", metadata={"region": "凉山州"})
    assert payloads[0]["jurisdiction"] == "leshan"


def test_a_message_about_two_items_gets_two_answers(server: Server) -> None:
    _, payloads = server.say("住院费用自己垫的怎么报销？另外生育津贴多久能到账？", sender="both")
    assert [payload["item"]["id"] for payload in payloads] == ["inpatient_reimbursement", "maternity_allowance"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{bad", "no JSON"),
        (b"[]", "JSON object"),
        ({"sender": "x"}, '"message" must be a string'),
        ({"sender": "x", "message": 7}, '"message" must be a string'),
        ({"sender": {"a": 1}, "message": "x"}, '"sender" must be a string'),
        ({"sender": "x" * 300, "message": "x"}, '"sender" must be a string'),
        ({"sender": "x", "message": "x", "metadata": []}, None),
        ({"sender": "x", "message": "x", "metadata": "y"}, '"metadata" must be an object'),
    ],
)
def test_a_request_that_is_no_message_is_told_what_is_wrong(server: Server, body: Any, says: str | None) -> None:
    status, reply = server.post(body)
    if says is None:
        assert status == 200
    else:
        assert (status, says in reply["error"]) == (400, True)


@pytest.mark.parametrize(
    "message", ["", "   ", "😭🙏😭", "\x00\x07\x1b", "住" * 10_000, "报销 " * 2_000, "/restart", "/greet{}", "{{7*7}}"]
)
def test_any_string_gets_a_reply_that_says_how_to_go_on(server: Server, message: str) -> None:
    texts, payloads = server.say(message, sender=f"odd {len(message)}")
    assert texts
    assert all(0 < len(text) <= 600 for text in texts)
    assert len(payloads) == 1


def test_a_place_that_no_tree_knows_is_left_out(server: Server) -> None:
    _, payloads = server.say("住院费用报销要多久", sender="odd place", metadata={"region": "亚特兰蒂斯"})
    assert payloads[0]["region"]["path"] is None


def test_health_and_readiness(server: Server) -> None:
    status, health = server.get("/health")
    assert (status, health["status"]) == (200, "ok")
    assert server.get("/ready") == (200, {"ready": True, "model": True, "knowledge": True, "state": True})


def test_rasas_own_api_is_closed(server: Server) -> None:
    assert server.get("/conversations/a/tracker")[0] == 404
    assert server.get("/model")[0] in {404, 405}


def test_nothing_a_person_said_is_in_the_log(server: Server) -> None:
    body = {"sender": "private", "message": "我叫张某某，身份证511102199001011234，电话13800000000，住院怎么报销"}
    mine = {"X-Request-ID": uuid.uuid4().hex}
    assert requests.post(f"{server.address}/webhooks/rest/webhook", json=body, headers=mine, timeout=60).status_code == 200
    log = server.log.read_text()
    assert f"request_id={mine['X-Request-ID']} channel=rest" in log
    assert "张某某" not in log
    assert "511102199001011234" not in log
    assert "13800000000" not in log
    assert "住院怎么报销" not in log


def test_a_broken_database_is_an_honest_sentence_and_heals_without_a_restart(server: Server) -> None:
    whole = server.database.read_bytes()
    server.say("住院费用报销要多久", sender="patient")
    server.database.write_bytes(b"this is no database" * 100)
    try:
        texts, payloads = server.say("那要带什么", sender="patient")
        assert "暂时查不到" in texts[0]
        assert "12393" in texts[0]
        assert payloads[0]["type"] == "fallback"
        assert server.becomes(503)["failing"].keys() == {"knowledge"}
    finally:
        server.database.write_bytes(whole)
    _, payloads = server.say("那要带什么", sender="patient")
    assert payloads[0]["item"]["id"] == "inpatient_reimbursement"
    server.becomes(200)


def test_all_threads_take_memory_from_one_heap(server: Server) -> None:
    """One that a thread has of its own is 64 MB of addresses of which it uses the beginning."""
    maps = re.findall(r"(\w+)-(\w+) (\S+) \w+ \S+ 0\s*\n", Path(f"/proc/{server.process.pid}/maps").read_text())
    spans = [(int(begins, 16), int(ends, 16), rights) for begins, ends, rights in maps]
    reserved = [
        begins
        for (begins, middle, rights), (goes_on, ends, none) in pairwise(spans)
        if (rights, none) == ("rw-p", "---p") and middle == goes_on and ends - begins == 2**26 and begins % 2**26 == 0
    ]
    assert len(list(Path(f"/proc/{server.process.pid}/task").iterdir())) > 1
    assert reserved == []
