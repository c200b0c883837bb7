"""A conversation on the web site: once, kept, and nobody else's."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor

import requests
import sqlalchemy as sa

from bot.state.database import open_state
from tests.serving import Server
from tests.web.visitor import DOOR, SECONDS, Visitor


def test_a_conversation_begins_with_a_secret_that_cannot_be_guessed(server: Server) -> None:
    first, second = Visitor(server), Visitor(server)
    assert first.token != second.token
    assert len(first.token) >= 43  # 256 bits, six a character


def test_a_conversation_knows_its_place_by_name_or_path(server: Server) -> None:
    def begun(region: str | None) -> object:
        response = requests.post(f"{server.address}{DOOR}/conversations", json={"region": region}, timeout=SECONDS)
        return response.json()["region"]

    assert begun("乐山") == "乐山市"
    assert begun("乐山市/市中区") == "乐山市/市中区"
    assert begun("亚特兰蒂斯") is None
    assert begun(None) is None


def test_a_message_is_answered_with_text_payload_and_link(server: Server) -> None:
    answer = Visitor(server, "乐山市").send("住院费用报销要带什么材料", region="乐山市/市中区").json()
    assert answer["seq"] == 1
    assert answer["with_person"] is False
    (reply,) = answer["replies"]
    assert (reply["seq"], reply["from"]) == (2, "bot")
    assert "有效身份证件" in reply["text"]
    assert reply["payload"]["item"]["id"] == "inpatient_reimbursement"
    assert reply["payload"]["region"]["path"] == "乐山市/市中区"
    assert requests.get(server.address + reply["link"], timeout=SECONDS).status_code == 200


def test_two_questions_get_two_messages_each_with_its_own_text(server: Server) -> None:
    replies = Visitor(server, "乐山市").send("住院费用自己垫的怎么报销？另外生育津贴多久能到账？").json()["replies"]
    assert [reply["payload"]["item"]["name"] for reply in replies] == ["住院费用报销", "生育津贴支付"]
    assert all(reply["payload"]["item"]["name"] in reply["text"] for reply in replies)


def test_without_a_place_in_the_message_the_conversations_place_counts(server: Server) -> None:
    visitor = Visitor(server, "乐山市")
    assert visitor.send("生育津贴多久到账").json()["replies"][0]["payload"]["region"]["path"] == "乐山市"


def test_a_repeated_message_is_answered_once(server: Server) -> None:
    visitor = Visitor(server, "乐山市")
    first, again = visitor.send("生育津贴怎么申领", "same"), visitor.send("生育津贴怎么申领", "same")
    assert first.json() == again.json()
    assert [message["from"] for message in visitor.messages()] == ["citizen", "bot"]


def test_a_message_repeated_while_it_is_being_answered_waits_for_the_same_answer(server: Server) -> None:
    visitor = Visitor(server, "乐山市")
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: visitor.send("门诊慢特病怎么认定", "at-once").json(), range(6)))
    assert answers[0]["replies"]
    assert all(answer == answers[0] for answer in answers)
    assert [message["from"] for message in visitor.messages()] == ["citizen", "bot"]


def test_messages_sent_at_once_are_all_kept_in_one_order(server: Server) -> None:
    visitor = Visitor(server, "乐山市")
    with ThreadPoolExecutor(4) as pool:
        seqs = [answer.json()["seq"] for answer in pool.map(visitor.send, ["生育津贴", "住院报销", "门诊报销", "补社保卡"])]
    messages = visitor.messages()
    assert [message["seq"] for message in messages] == list(range(1, len(messages) + 1))
    assert len(set(seqs)) == 4


def test_a_reload_finds_the_talk_so_far(server: Server) -> None:
    visitor = Visitor(server, "乐山市")
    visitor.send("生育津贴怎么申领")
    answered = visitor.send("要多久").json()
    talk = visitor.messages()
    assert [message["text"] for message in talk if message["from"] == "citizen"] == ["生育津贴怎么申领", "要多久"]
    assert visitor.messages(after=answered["seq"]) == answered["replies"]


def test_a_browser_that_goes_away_finds_its_answer_when_it_comes_back(server: Server) -> None:
    visitor = Visitor(server, "乐山市")
    body = {"id": "gone", "text": "生育津贴怎么申领"}
    with contextlib.suppress(requests.exceptions.ReadTimeout):
        requests.post(f"{server.address}{DOOR}/messages", json=body, headers=visitor.headers, timeout=(SECONDS, 0.001))
    assert visitor.send("生育津贴怎么申领", "gone").json()["replies"]
    assert [message["from"] for message in visitor.messages()] == ["citizen", "bot"]


def test_personal_numbers_are_masked_before_they_are_kept(server: Server) -> None:
    visitor = Visitor(server)
    visitor.send("身份证511102199001011234，电话13800000000，住院怎么报销")
    state = open_state(server.environment["YIBAO_STATE"])
    with state.connect() as connection:
        kept = connection.execute(
            sa.text("select text from web_messages where conversation = :id"), {"id": visitor.conversation}
        ).scalars()
        text = " ".join(kept)
    assert "住院怎么报销" in text
    assert "511102199001011234" not in text
    assert "13800000000" not in text


def test_what_people_say_is_in_no_log(server: Server) -> None:
    visitor = Visitor(server)
    before = len(server.log.read_text())
    visitor.send("我叫李某某，住院怎么报销呢")
    log = server.log.read_text()
    assert "route=/webhooks/web/messages method=POST status=200" in log[before:]
    assert "李某某" not in log


def test_a_stranger_sees_nothing(server: Server) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}, {"Authorization": "Basic YTpi"}):
        for path in ("messages", "events"):
            response = requests.get(f"{server.address}{DOOR}/{path}", headers=headers, timeout=SECONDS)
            assert response.status_code == 401
            assert "重新开始" in response.json()["error"]


def test_an_answer_is_rated(server: Server) -> None:
    visitor = Visitor(server, "乐山市")
    seq = visitor.send("生育津贴怎么申领").json()["replies"][0]["seq"]
    assert visitor.post("ratings", {"seq": seq, "useful": False, "reason": "打13800000000没人接"}).status_code == 204
    with open_state(server.environment["YIBAO_STATE"]).connect() as connection:
        row = connection.execute(
            sa.text("select item, useful, reason from ratings where conversation = :id"), {"id": visitor.conversation}
        ).one()
    assert (row.item, bool(row.useful), row.reason) == ("maternity_allowance", False, "打［手机号码］没人接")


def test_what_is_no_answer_cannot_be_rated(server: Server) -> None:
    visitor = Visitor(server)
    visitor.send("您好")
    for seq in (1, 99):
        assert visitor.post("ratings", {"seq": seq, "useful": True}).status_code == 404
