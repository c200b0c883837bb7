"""Suggestions, places and the start: found however they are typed, and never another place's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from bot.web.suggest import load_questions
from knowledge.catalogue import load_catalogue
from tests.serving import Server
from tests.web.visitor import SECONDS, Visitor


def ask(server: Server, path: str, **query: str) -> Any:
    response = requests.get(f"{server.address}/api/{path}", params=query, timeout=SECONDS)
    assert response.status_code == 200, response.text
    return response.json()


def suggested(server: Server, typed: str, region: str = "乐山市") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(server, "suggest", q=typed, region=region)["suggestions"]
    return found


@pytest.mark.parametrize(
    ("typed", "item"),
    [
        ("住院费用报销", "inpatient_reimbursement"),
        ("住院报销", "inpatient_reimbursement"),
        ("报销住院", "inpatient_reimbursement"),
        ("zybx", "inpatient_reimbursement"),
        ("ZYBX", "inpatient_reimbursement"),
        ("ｚｙｂｘ", "inpatient_reimbursement"),
        ("zhuyuanbaoxiao", "inpatient_reimbursement"),
        ("zhuyuan", "inpatient_reimbursement"),
        ("住院抱销", "inpatient_reimbursement"),
        ("主院报销", "inpatient_reimbursement"),
        ("syjt", "maternity_allowance"),
        ("生育津帖", "maternity_allowance"),
        ("shengyujintie", "maternity_allowance"),
        ("慢特病", "chronic_disease_recognition"),
        ("mtb", "chronic_disease_recognition"),
        ("ybm", "ecard_application"),
        ("医保马", "ecard_application"),
        ("增员", "employee_enrollment"),
        ("高值药", "special_drug_recognition"),
        ("社保卡丢了", "social_security_card"),
        ("转移接续", "relation_transfer"),
    ],
)
def test_an_item_is_found_among_the_first(server: Server, typed: str, item: str) -> None:
    region = "云南省" if item == "social_security_card" else "乐山市"
    assert item in [suggestion["item"] for suggestion in suggested(server, typed, region)[:3]]


def test_suggestions_are_at_most_eight_and_none_twice(server: Server) -> None:
    for typed in ("医保", "yb", "备案", "报销", "登记表"):
        labels = [suggestion["label"] for suggestion in suggested(server, typed)]
        assert labels, typed
        assert len(labels) == len(set(labels)) <= 8


def test_nothing_is_suggested_for_nothing_or_nonsense(server: Server) -> None:
    for typed in ("", "   ", "？？？", "qqqqqq", "天气预报"):
        assert suggested(server, typed) == []


def test_a_form_is_found_and_sent_as_a_question_about_its_item(server: Server) -> None:
    form = next(s for s in suggested(server, "单位参保信息登记表") if s["kind"] == "form")
    assert form["label"] == "《基本医疗保险单位参保信息登记表》"
    assert form["item"] == "unit_enrollment"
    reply = Visitor(server, "乐山市").send(form["text"]).json()["replies"][0]
    assert form["label"] in json.dumps(reply["payload"]["facts"], ensure_ascii=False)


def test_a_form_of_another_place_is_not_suggested(server: Server) -> None:
    typed = "城镇职工医疗保险参保人员变动表"  # 云南's
    assert any(s["kind"] == "form" for s in suggested(server, typed, "云南省/昆明市"))
    assert not any(s["kind"] == "form" and "变动表" in s["label"] for s in suggested(server, typed, "乐山市"))


def test_common_questions_are_about_every_item_and_copied_from_no_evaluation() -> None:
    data = load_questions()
    assert set(data["questions"]) == set(load_catalogue().items)
    assert set(data["hot"]) <= set(data["questions"])
    questions = {question for questions in data["questions"].values() for question in questions}
    rows = "\n".join(path.read_text() for path in Path("tests/evaluation").glob("*.jsonl"))
    assert not [question for question in questions if f'"{question}"' in rows or f'"{question[:-1]}"' in rows]


def test_a_hot_question_is_answered_about_its_item(server: Server) -> None:
    data = load_questions()
    for item in data["hot"]:
        for question in data["questions"][item]:
            reply = Visitor(server, "乐山市").send(question).json()["replies"][0]
            assert (reply["payload"]["type"], reply["payload"]["item"]["id"]) == ("answer", item), question


def test_the_start_shows_what_the_place_has(server: Server) -> None:
    start = ask(server, "start", region="乐山")
    assert start["region"] == "乐山市"
    assert len(start["hot"]) == 8
    assert {hotline["number"] for hotline in start["hotlines"]} == {"12393", "12345"}
    assert start["guides"][0] == {"jurisdiction": "national", "name": "全国"}
    items = {item["id"] for family in start["families"] for item in family["items"]}
    assert "inpatient_reimbursement" in items
    assert "social_security_card" not in items  # only 云南 has it


def test_without_a_place_the_start_shows_everything(server: Server) -> None:
    start = ask(server, "start")
    assert start["region"] is None
    assert sum(len(family["items"]) for family in start["families"]) == len(load_catalogue().items)


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("乐山", "乐山市"),
        ("leshan", "乐山市"),
        ("ls", "乐山市"),
        ("乐山市市中区", "乐山市/市中区"),
        ("市中区", "乐山市/市中区"),
        ("峨眉", "乐山市/峨眉山市"),
        ("emei", "乐山市/峨眉山市"),
        ("西昌", "凉山州/西昌市"),
        ("春城", "云南省/昆明市"),
        ("浦东", "上海市/浦东新区"),
    ],
)
def test_a_place_is_found_by_name_and_sound(server: Server, typed: str, path: str) -> None:
    found = ask(server, "regions", q=typed)["regions"]
    assert len(found) <= 10
    assert path in [region["path"] for region in found[:3]]


def test_places_say_whether_they_have_a_guide(server: Server) -> None:
    has = {
        region["path"]: region["has_guide"]
        for typed in ("乐山", "浦东")
        for region in ask(server, "regions", q=typed)["regions"]
    }
    assert has["乐山市"] is True
    assert has["上海市/浦东新区"] is False


def test_places_are_reached_step_by_step(server: Server) -> None:
    provinces = [region["path"] for region in ask(server, "regions", under="")["regions"]]
    assert provinces[0] == "北京市"
    assert "四川省" in provinces
    assert "乐山市" in [region["path"] for region in ask(server, "regions", under="四川省")["regions"]]
    assert "乐山市/市本级" in [region["path"] for region in ask(server, "regions", under="乐山市")["regions"]]
    assert ask(server, "regions", under="亚特兰蒂斯")["regions"] == []
