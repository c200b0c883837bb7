"""Answering: the card, the checklist, and taking the answer along."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import DEVICES, Visitor
from tests.serving import Server

QUESTION = "市中区的住院费用怎么报销"
_NO_PRINTER = "window.print = () => { window.printed = (window.printed ?? 0) + 1; };"
_LOUD = """
window.heard = [];
speechSynthesis.speak = (words) => { window.heard.push([words.lang, words.text]); };"""


@pytest.fixture
def reader(visit: Visit) -> Visitor:
    visitor = visit(init=_NO_PRINTER + _LOUD).open()
    visitor.ask(QUESTION)
    return visitor


@pytest.mark.parametrize("device", DEVICES)
def test_an_answer_is_a_card_with_limit_phone_and_source(visit: Visit, device: str, pictures: Path) -> None:
    visitor = visit(device).open()
    card = visitor.ask(QUESTION)
    expect(card.get_by_role("heading", name="住院费用报销")).to_be_visible()
    expect(card.locator(".where")).to_have_text("乐山市 市中区")
    expect(card.locator(".time_limit")).to_contain_text("9个工作日")
    expect(card.locator(".phones a")).to_have_attribute("href", "tel:08332128816")
    expect(card.locator(".source")).to_contain_text("《乐山市医疗保障经办政务服务事项办事指南（2024年版）》")
    visitor.picture(pictures, f"card-{device}")


def test_the_whole_guide_is_a_link_to_the_assistants_own_server(reader: Visitor, assistant: Server) -> None:
    link = urlparse(reader.cards.get_by_role("link", name="看完整指南").get_attribute("href") or "")
    assert f"{link.scheme}://{link.netloc}" == assistant.address
    assert link.path == "/guide/leshan/inpatient_reimbursement"


def test_the_steps_are_numbered_below(reader: Visitor) -> None:
    reader.find(".more summary").click()
    expect(reader.find(".process li")).to_have_count(5)
    expect(reader.find(".process li").first).to_contain_text("参保人提交申请材料")


def test_materials_ticked_stay_ticked_after_a_reload(reader: Visitor) -> None:
    reader.cards.get_by_label("医院收费票据").check()
    expect(reader.find(".tally")).to_have_text("已备好 1 / 5")
    reader.reload()
    expect(reader.cards.get_by_label("医院收费票据")).to_be_checked()
    expect(reader.find(".tally")).to_have_text("已备好 1 / 5")


def test_a_circumstance_switched_on_changes_the_list_at_once(reader: Visitor, pictures: Path) -> None:
    expect(reader.cards.get_by_label("急诊诊断证明")).to_have_count(0)
    reader.button("急诊").click()
    expect(reader.cards.get_by_label(re.compile("急诊诊断证明"))).to_be_visible()
    expect(reader.find(".case", has_text="急诊可要求提供")).to_be_visible()
    reader.picture(pictures, "circumstances")
    reader.button("急诊").click()
    expect(reader.cards.get_by_label(re.compile("急诊诊断证明"))).to_have_count(0)


def test_circumstances_that_exclude_each_other_are_never_both_on(reader: Visitor) -> None:
    reader.button("无第三方责任人").click()
    expect(reader.button("意外伤害（外伤）")).to_have_attribute("aria-pressed", "true")
    expect(reader.find(".papers")).to_contain_text("《外伤无第三方责任承诺书》")
    reader.button("有第三方责任人").click()
    expect(reader.button("无第三方责任人")).to_have_attribute("aria-pressed", "false")
    expect(reader.find(".papers")).not_to_contain_text("《外伤无第三方责任承诺书》")
    expect(reader.find(".papers")).to_contain_text("交警事故认定书")
    reader.button("意外伤害（外伤）").click()
    expect(reader.find(".papers")).not_to_contain_text("交警事故认定书")


def test_what_the_talk_says_goes_before_what_was_switched_on_earlier(reader: Visitor) -> None:
    reader.button("无第三方责任人").click()
    card = reader.ask("我被电动车撞了，住院费用报销要什么材料")
    expect(card.get_by_role("button", name="有第三方责任人")).to_have_attribute("aria-pressed", "true")
    expect(card.locator(".papers")).to_contain_text("交警事故认定书")
    expect(card.locator(".papers")).not_to_contain_text("《外伤无第三方责任承诺书》")


def test_choices_are_buttons(visit: Visit, pictures: Path) -> None:
    visitor = visit().open()
    choices = visitor.ask("手工报销").get_by_role("button", name=re.compile("费用报销"))
    expect(choices).to_have_count(2)
    expect(visitor.cards).not_to_contain_text("1. ")
    visitor.picture(pictures, "choices-desktop")
    choices.last.click()
    expect(visitor.cards.last.get_by_role("heading", name="住院费用报销")).to_be_visible()


def test_a_notice_stands_out_and_a_missing_place_can_be_picked_from_the_card(visit: Visit) -> None:
    visitor = visit().open()
    visitor.find(".panel > .where").click()
    visitor.button("先不选").click()
    card = visitor.ask("住院费用怎么报销")
    expect(card.locator(".notice")).to_contain_text("还不知道您在哪里参保")
    expect(card.locator(".where").first).to_have_text("没有选参保地，先按《全国医疗保障经办政务服务事项清单》")
    card.get_by_role("button", name="请选参保地").click()
    expect(visitor.page.get_by_role("dialog", name="选择参保地")).to_be_visible()


def test_only_phone_numbers_dial(visit: Visit) -> None:
    visitor = visit().open()

    def answer(route: Route) -> None:
        response = route.fetch()
        body = response.json()
        body["replies"][0]["text"] = "共12000元，编号511102199001011234，请打0833-2128816或12393，2024-12-12前。"
        route.fulfill(response=response, json=body)

    visitor.context.route("**/webhooks/web/messages", answer)
    expect(visitor.ask("今天天气怎么样").locator("a")).to_have_text(["0833-2128816", "12393"])


def test_chips_ask_the_next_question_and_lead_to_related_items(visit: Visit) -> None:
    visitor = visit().open()
    card = visitor.ask("市中区的住院费用报销要多久")
    expect(card.get_by_role("group", name="相关业务")).to_contain_text("门诊费用报销")
    card.get_by_role("button", name="要什么材料").click()
    expect(visitor.cards).to_have_count(2)
    expect(visitor.cards.last.get_by_label("出院记录")).to_be_visible()


def test_an_answer_is_copied_with_its_source(reader: Visitor) -> None:
    reader.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reader.cards.get_by_label("出院记录").check()
    reader.button("复制").click()
    expect(reader.find(".toast")).to_contain_text("已复制")
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert "☑ 出院记录" in copied
    assert "市中区 咨询 0833-2128816" in copied
    assert "没有计入的情况：急诊" in copied
    assert "来源：《乐山市医疗保障经办政务服务事项办事指南（2024年版）》" in copied


def test_an_answer_prints_on_one_clean_page(reader: Visitor, pictures: Path) -> None:
    for name in ("急诊", "有第三方责任人", "委托他人代办"):
        reader.button(name).click()
    reader.button("打印").click()
    assert reader.page.evaluate("window.printed") == 1
    pdf = reader.page.pdf(path=pictures / "printed.pdf", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 1
    expect(reader.find("body > .yibao-print")).to_have_count(0)  # nothing stays behind in the office's page


def test_an_answer_is_saved_as_a_picture(reader: Visitor, pictures: Path) -> None:
    with reader.page.expect_download() as download:
        reader.button("存图片").click()
    assert download.value.suggested_filename == "住院费用报销.png"
    download.value.save_as(pictures / "saved.png")
    head = (pictures / "saved.png").read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", head[16:])
    assert width == 960
    assert height > 1000


def test_an_answer_is_read_aloud_until_told_to_stop(reader: Visitor) -> None:
    reader.button("朗读").click()
    [[language, text]] = reader.page.evaluate("window.heard")
    assert language == "zh-CN"
    assert "9个工作日" in text
    assert "http" not in text
    reader.button("停止朗读").click()
    expect(reader.button("朗读")).to_be_visible()


def test_a_useful_answer_is_rated_once(reader: Visitor) -> None:
    with reader.page.expect_request("**/ratings") as rated:
        reader.button("有用").click()
    rating = rated.value.post_data_json
    assert rating
    assert rating["useful"] is True
    expect(reader.find(".rating")).to_contain_text("谢谢")
    reader.reload()
    expect(reader.cards).to_have_count(1)
    expect(reader.find(".rating")).to_have_count(0)


def test_a_useless_answer_is_rated_with_its_reason(reader: Visitor) -> None:
    reader.button("没用").click()
    reader.page.get_by_label("没说全").check()
    reader.page.get_by_label("还想说的（可不填）").fill("缺转账的说明")
    with reader.page.expect_response("**/ratings") as rated:
        reader.button("提交").click()
    assert rated.value.status == 204
    assert json.loads(rated.value.request.post_data or "")["reason"] == "没说全：缺转账的说明"
    expect(reader.find(".rating")).to_contain_text("我们会改进")
