"""Whole conversations with the trained model, and messages that are none."""

from __future__ import annotations

import io
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy.exc import ProgrammingError

from bot.actions import actions
from bot.answering.context import Context
from bot.settings import load_settings
from bot.watch.logs import configure_logging
from knowledge.query import KnowledgeBase
from tests import contract
from tests.bot.assistant import Assistant, Said

CONVERSATIONS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("conversations.yml").read_text(encoding="utf-8"))
PERSONAL = "我叫欧阳建国，身份证511102196503124417，手机13881234567，住院费用报销要什么材料"


@pytest.fixture
def log(assistant: Assistant) -> Iterator[io.StringIO]:
    """What the assistant's own log holds, told to tell everything."""
    configure_logging(replace(load_settings(), log_level="DEBUG"))
    (handler,) = logging.root.handlers
    assert isinstance(handler, logging.StreamHandler)
    written = io.StringIO()
    handler.setStream(written)
    yield written
    configure_logging(load_settings())


def differences(said: Said, expected: dict[str, Any]) -> dict[str, Any]:
    """What came back where it is not what was expected."""
    payload = said.payload
    item = (payload["item"] or {}).get("id")
    known = {
        "type": payload["type"],
        "item": item,
        "region": payload["region"]["path"],
        "jurisdiction": payload["jurisdiction"],
        "aspects": payload["aspects"],
        "options": [option["id"] for option in payload["options"]],
        "phones": [fact["number"] for fact in payload["facts"].get("phones", [])],
    }
    wrong = {key: value for key, value in known.items() if key in expected and value != expected[key]}
    if payload["type"] != expected.get("type", "answer") and "not_item" not in expected:
        wrong["type"] = payload["type"]
    if not set(expected.get("circumstances", ())) <= set(payload["circumstances"]):
        wrong["circumstances"] = payload["circumstances"]
    if expected.get("text", "") not in "\n".join(said.texts):
        wrong["text"] = said.texts
    if "not_item" in expected and item == expected["not_item"]:
        wrong["item"] = item
    return wrong


def check_contract(said: Said) -> None:
    """Every message gets words that fit a phone, and a payload with every key of the contract."""
    assert said.texts
    assert all(text.strip() and len(text) <= 600 for text in said.texts)
    assert said.payloads
    for payload in said.payloads:
        contract.check(payload)


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda conversation: conversation["name"])
def test_a_conversation_goes_as_people_expect(assistant: Assistant, conversation: dict[str, Any]) -> None:
    chat = assistant.talk()
    for turn in conversation["turns"]:
        said = chat.say(turn["say"])
        check_contract(said)
        assert differences(said, turn) == {}, turn["say"]


def test_the_front_doors_place_is_used_until_another_is_said(assistant: Assistant) -> None:
    chat = assistant.talk("凉山州")
    first = chat.say("城乡居民参保登记要多久办好").payload
    assert (first["region"]["path"], first["region"]["from"], first["jurisdiction"]) == ("凉山州", "channel", "liangshan")
    said = chat.say("我参保是在乐山市金口河区").payload
    assert (said["region"]["path"], said["region"]["from"]) == ("乐山市/金口河区", "said")


def test_a_place_that_does_not_exist_is_left_out_of_what_a_front_door_claims(assistant: Assistant) -> None:
    payload = assistant.talk("火星/市中区").say("城乡居民参保登记要多久办好").payload
    assert payload["region"] == {"path": None, "adcode": None, "from": "none"}


def test_two_conversations_know_nothing_of_each_other(assistant: Assistant) -> None:
    one, other = assistant.talk(), assistant.talk()
    one.say("乐山市中区住院费用报销要什么材料")
    payload = other.say("要多久").payload
    assert payload["item"] is None
    assert payload["region"]["path"] is None


def test_two_questions_in_one_message_get_an_answer_each(assistant: Assistant) -> None:
    said = assistant.talk("乐山市").say("生育津贴支付要什么材料？另外社会保障卡丢了怎么补办？")
    check_contract(said)
    assert [payload["item"]["id"] for payload in said.payloads] == ["maternity_allowance", "social_security_card"]


def test_more_shows_what_the_answer_had_no_room_for(assistant: Assistant) -> None:
    chat = assistant.talk("云南省")
    first = chat.say("门诊慢特病病种待遇认定怎么办")
    assert "回复“更多”" in first.texts[-1]
    more = chat.say("更多")
    assert more.payload["type"] == "chitchat"
    assert "已经显示完了" not in more.texts[0]
    assert more.texts[0] not in "".join(first.texts)


def test_every_items_own_name_gets_its_answer(assistant: Assistant, knowledge_base: KnowledgeBase) -> None:
    missed = {}
    for item in knowledge_base.catalogue.items.values():
        got = assistant.talk("乐山市").say(item.name).payload
        if got["type"] != "answer" or got["item"]["id"] != item.id:
            missed[item.name] = got["item"]
    assert missed == {}


def test_an_answer_is_surer_of_itself_than_a_question_back(assistant: Assistant) -> None:
    named, open_question = (assistant.talk().say(text).payload for text in ("住院费用报销", "我想报销"))
    assert (named["type"], open_question["type"]) == ("answer", "clarify")
    assert 1.0 >= named["confidence"] > open_question["confidence"] >= 0.0


@pytest.mark.parametrize("text", ["", "   ", "\n\t ", "\u200b\ufeff", "？？？", "😀🎉😭", "\x00\x07\x1b[31m", "。"])
def test_a_message_without_words_is_answered_politely(assistant: Assistant, text: str) -> None:
    said = assistant.talk().say(text)
    check_contract(said)
    assert said.payload["type"] in {"fallback", "chitchat", "clarify"}
    assert said.payload["facts"] == {}


@pytest.mark.parametrize(
    "text",
    [
        "住院费用报销要什么材料，" * 800,
        "啊" * 10_000,
        "a" * 10_000,
        "😀" * 10_000,
        " " * 9_990 + "怎么报销",
        "乐山" * 5_000,
    ],
    ids=["words", "one character", "letters", "pictures", "spaces", "places"],
)
def test_a_message_of_ten_thousand_characters_is_answered(assistant: Assistant, text: str) -> None:
    check_contract(assistant.talk().say(text))


@pytest.mark.parametrize(
    "text",
    [
        '{"item": "inpatient_reimbursement", "aspects": ["materials"]}',
        '[{"entity": "region", "value": "乐山市"}]',
        "'; DROP TABLE fact; --",
        "<script>alert(1)</script>",
        "{item} {0} %s ${HOME}",
        '[住院](item){"entity": "item"}',
        "\\u0000",
        "住院\ud83d怎么报",
    ],
)
def test_a_message_that_looks_like_code_is_only_text(assistant: Assistant, text: str) -> None:
    chat = assistant.talk()
    check_contract(chat.say(text))
    assert chat.say("我是乐山市的，住院费用报销要多久").payload["jurisdiction"] == "leshan"


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        "/session_start",
        "/back",
        "/nlu_fallback",
        "/greet",
        "/ask_aspect",
        "/inpatient_reimbursement",
        "/nonsense",
        '/inform_region{"region": "乐山市"}',
        '/inpatient_reimbursement{"region": "乐山市", "aspect": "materials"}',
        "/",
        "//",
    ],
)
def test_a_slash_command_gets_one_reply_and_the_conversation_goes_on(assistant: Assistant, text: str) -> None:
    chat = assistant.talk()
    said = chat.say(text)
    check_contract(said)
    assert len(said.payloads) == 1
    assert chat.say("我是乐山市的，住院费用报销要多久").payload["jurisdiction"] == "leshan"


@pytest.mark.parametrize(
    "text",
    [PERSONAL, "今天股票涨不涨13881234567", "/欧阳建国", "/{欧阳建国13881234567", '/greet{"欧阳建国13881234567'],
    ids=["question", "other", "slash", "slash and brace", "slash and bad JSON"],
)
def test_nothing_a_person_says_is_in_the_logs(
    assistant: Assistant,
    log: io.StringIO,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    recwarn: pytest.WarningsRecorder,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
) -> None:
    """Neither when all goes well, where nothing is said at all, nor in the line that tells of a fault."""

    def fail(context: Context) -> Context:
        raise ProgrammingError(f"SELECT '{text}'", {"said": context.turn.text}, Exception("no such table"))

    caplog.set_level(logging.DEBUG)  # all of INFO, and more
    assistant.talk().say(text)
    written = caplog.text + "".join(capfd.readouterr()) + "".join(str(warning.message) for warning in recwarn)
    monkeypatch.setattr(actions, "answer_question", fail)
    assert "暂时查不到" in assistant.talk().say(text).texts[0]
    assert "the knowledge base cannot be read error=ProgrammingError: no such table" in log.getvalue()
    for private in (text, "欧阳建国", "511102196503124417", "13881234567"):
        assert private not in written + log.getvalue()


def test_without_a_database_the_reply_is_honest_and_the_log_tells_the_fault_but_not_the_message(tmp_path: Path) -> None:
    """The command line, as a process of its own: its database is an empty file."""
    environment = os.environ | {
        "YIBAO_DATABASE": f"sqlite:///{tmp_path / 'empty.sqlite'}",
        "YIBAO_LOG_LEVEL": "INFO",
        "PYTHONWARNINGS": "ignore",
    }
    question = "住院费用报销要什么材料，我电话13881234567"
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "ask", question, "--region", "乐山市"],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )
    assert "办事指南暂时查不到" in ran.stdout
    assert "12393" in ran.stdout
    assert "the knowledge base cannot be read" in ran.stderr
    assert "13881234567" not in ran.stderr
    assert "住院费用报销要什么材料" not in ran.stderr
