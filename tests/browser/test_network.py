"""A network that fails: nothing is lost, nothing is sent twice, and every error says how to go on."""

from __future__ import annotations

import json
import time
import urllib.request

from playwright.sync_api import Route, expect
from sqlalchemy import create_engine

from bot.channels.web_store import WebStore
from bot.privacy import hashed
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.serving import Server

QUESTION = "市中区的住院费用怎么报销"
MESSAGES = "**/webhooks/web/messages"


def _cross_origin(route: Route) -> dict[str, str]:
    return {"Access-Control-Allow-Origin": route.request.headers["origin"], "Access-Control-Expose-Headers": "Retry-After"}


def _kept_by_the_server(visitor: Visitor, assistant: Server) -> list[str]:
    """What the citizen has said, as the server has it."""
    request = urllib.request.Request(
        f"{assistant.address}/webhooks/web/messages?after=0", headers={"Authorization": f"Bearer {visitor.talk()['token']}"}
    )
    with urllib.request.urlopen(request) as response:
        return [message["text"] for message in json.load(response)["messages"] if message["from"] == "citizen"]


def test_a_talk_survives_a_reload(visit: Visit) -> None:
    visitor = visit().open()
    visitor.ask(QUESTION)
    visitor.ask("要多久")
    visitor.reload()
    expect(visitor.said).to_have_text(["您" + QUESTION, "您要多久"])
    expect(visitor.cards).to_have_count(2)


def test_a_question_asked_offline_is_sent_once_when_the_network_is_back(visit: Visit, assistant: Server) -> None:
    visitor = visit().open()
    visitor.context.set_offline(True)
    visitor.send(QUESTION)
    expect(visitor.find(".trouble")).to_contain_text("您的问题已记下")
    expect(visitor.said).to_have_count(1)
    visitor.context.set_offline(False)
    expect(visitor.cards).to_have_count(1)
    expect(visitor.find(".trouble")).to_be_hidden()
    assert _kept_by_the_server(visitor, assistant) == [QUESTION]


def test_a_question_that_waits_survives_a_reload(visit: Visit, assistant: Server) -> None:
    visitor = visit().open()
    visitor.context.route(MESSAGES, lambda route: route.abort())
    visitor.send(QUESTION)
    expect(visitor.find(".trouble")).to_be_visible()
    visitor.reload()
    expect(visitor.said).to_have_text("您" + QUESTION)
    expect(visitor.find(".trouble")).to_be_visible()
    visitor.context.unroute(MESSAGES)
    visitor.button("现在重试").click()
    expect(visitor.cards).to_have_count(1)
    expect(visitor.said).to_have_count(1)
    assert _kept_by_the_server(visitor, assistant) == [QUESTION]


def test_an_answer_lost_on_the_way_makes_no_second_turn(visit: Visit, assistant: Server) -> None:
    visitor = visit().open()
    sent: list[str] = []

    def lose_the_first(route: Route) -> None:
        message = route.request.post_data_json
        assert message
        sent.append(message["id"])
        if len(sent) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    visitor.context.route(MESSAGES, lose_the_first)
    visitor.ask(QUESTION)
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert _kept_by_the_server(visitor, assistant) == [QUESTION]


def test_two_questions_in_a_hurry_are_answered_in_order(visit: Visit) -> None:
    visitor = visit().open()
    visitor.send(QUESTION)
    visitor.send("电话是多少")
    expect(visitor.cards).to_have_count(2)
    expect(visitor.said).to_have_text(["您" + QUESTION, "您电话是多少"])


def test_too_many_questions_wait_as_long_as_the_server_says(visit: Visit) -> None:
    visitor = visit().open()
    times: list[float] = []

    def hold_the_first(route: Route) -> None:
        times.append(time.monotonic())
        if len(times) == 1:
            headers = _cross_origin(route) | {"Retry-After": "2"}
            route.fulfill(status=429, headers=headers, json={"error": "请稍后再试。"})
        else:
            route.continue_()

    visitor.context.route(MESSAGES, hold_the_first)
    visitor.send(QUESTION)
    expect(visitor.find(".trouble")).to_contain_text("会自动发送")
    expect(visitor.cards).to_have_count(1)
    assert times[1] - times[0] >= 1.9


def test_a_long_wait_shows_progress(visit: Visit) -> None:
    visitor = visit().open()
    held: list[Route] = []
    visitor.context.route(MESSAGES, lambda route: held.append(route))
    visitor.send(QUESTION)
    expect(visitor.find(".thinking")).to_contain_text("正在查办事指南")
    expect(visitor.find(".thinking")).to_contain_text("还在查，已等")
    held[0].continue_()
    expect(visitor.cards).to_have_count(1)
    expect(visitor.find(".thinking")).to_be_hidden()


def test_a_question_the_server_refuses_comes_back_to_be_changed(visit: Visit) -> None:
    visitor = visit().open()
    sentence = "这条消息太长，请分成几句再发。"
    visitor.context.route(
        MESSAGES, lambda route: route.fulfill(status=413, headers=_cross_origin(route), json={"error": sentence})
    )
    visitor.send(QUESTION)
    expect(visitor.page.get_by_role("alert")).to_contain_text(sentence)
    visitor.button("改一改再发").click()
    expect(visitor.question).to_have_value(QUESTION)
    visitor.context.unroute(MESSAGES)
    visitor.question.press("Enter")
    expect(visitor.cards).to_have_count(1)
    expect(visitor.page.get_by_role("alert")).to_have_count(0)


def test_a_talk_the_server_has_let_go_stays_on_the_page_and_goes_on(visit: Visit) -> None:
    visitor = visit().open()
    visitor.ask(QUESTION)
    visitor.page.evaluate(
        """() => Object.keys(sessionStorage).filter((key) => key.endsWith(":talk")).forEach((key) =>
          sessionStorage.setItem(key, JSON.stringify({ ...JSON.parse(sessionStorage.getItem(key)), token: "gone" })))"""
    )
    visitor.reload()
    visitor.ask("医保电子凭证怎么办")
    expect(visitor.cards).to_have_count(2)


def test_the_talk_works_where_storage_is_forbidden(visit: Visit) -> None:
    forbidden = """for (const name of ["localStorage", "sessionStorage"])
      Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });"""
    visitor = visit(init=forbidden).open()
    expect(visitor.ask(QUESTION).locator(".time_limit")).to_contain_text("9个工作日")


def test_without_common_questions_one_can_still_ask(visit: Visit) -> None:
    visitor = visit()
    visitor.context.route("**/api/start?*", lambda route: route.abort())
    visitor.launcher.click()
    expect(visitor.find(".welcome .notice")).to_contain_text("您可以直接在下面输入问题")
    visitor.ask(QUESTION)


def test_the_words_of_a_person_come_without_being_asked_for(visit: Visit, assistant: Server) -> None:
    visitor = visit().open()
    visitor.ask("转人工")
    store = WebStore(create_engine(assistant.environment["YIBAO_STATE"]))
    secret = assistant.environment["YIBAO_SECRET"].encode()
    conversation = f"web:{hashed(secret, visitor.talk()['token'])}"
    assert store.add_words_of_an_agent(conversation, "您好，我是窗口工作人员。")
    expect(visitor.find(".agent")).to_contain_text("您好，我是窗口工作人员。")
    expect(visitor.find(".person")).to_have_text("人工坐席正在接待")
    store.add_words_of_an_agent(conversation, "请带上身份证。")
    expect(visitor.find(".agent")).to_have_count(2)
    expect(visitor.find("[aria-live=polite]").filter(has_text="人工坐席说：")).to_contain_text("请带上身份证。")
    visitor.reload()
    expect(visitor.find(".agent")).to_have_count(2)
    expect(visitor.find(".person")).to_be_visible()
