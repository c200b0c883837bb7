"""A visitor deletes their talk: on the page, and at the server, now or as soon as it can be reached."""

from __future__ import annotations

import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.serving import Server

QUESTION = "市中区的住院费用怎么报销"
CONVERSATIONS = "**/webhooks/web/conversations"


def _known(assistant: Server, token: str) -> bool:
    """Whether the server still has the conversation."""
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{assistant.address}/webhooks/web/messages", headers=headers, timeout=60).status_code == 200


def _delete(visitor: Visitor) -> None:
    visitor.button("删除我的对话").click()
    visitor.button("删除").click()


def test_what_is_deleted_is_gone_from_the_server_too(visit: Visit, assistant: Server) -> None:
    visitor = visit().open()
    visitor.ask(QUESTION)
    token = visitor.talk()["token"]
    assert _known(assistant, token)
    _delete(visitor)
    expect(visitor.find(".toast")).to_have_text("这次对话已经删除。")
    assert not _known(assistant, token)
    visitor.ask(QUESTION)
    assert visitor.talk()["token"] != token


def test_without_a_network_the_server_deletes_it_when_it_can_be_reached(visit: Visit, assistant: Server) -> None:
    visitor = visit().open()
    visitor.ask(QUESTION)
    token = visitor.talk()["token"]
    visitor.context.set_offline(True)
    _delete(visitor)
    expect(visitor.find(".toast")).to_contain_text("连上后自动删除")
    expect(visitor.cards).to_have_count(0)
    assert _known(assistant, token)
    with visitor.page.expect_response(lambda response: response.request.method == "DELETE" and response.status == 204):
        visitor.context.set_offline(False)
    assert not _known(assistant, token)


def test_a_reload_does_not_forget_what_is_still_to_be_deleted(visit: Visit, assistant: Server) -> None:
    visitor = visit().open()
    visitor.ask(QUESTION)
    token = visitor.talk()["token"]
    visitor.context.route(CONVERSATIONS, lambda route: route.abort())
    _delete(visitor)
    expect(visitor.find(".toast")).to_contain_text("连上后自动删除")
    visitor.context.unroute(CONVERSATIONS)
    with visitor.page.expect_response(lambda response: response.request.method == "DELETE" and response.status == 204):
        visitor.reload()
    assert not _known(assistant, token)


def test_a_talk_deleted_while_it_is_opened_is_deleted_at_the_server(visit: Visit, assistant: Server) -> None:
    visitor = visit().open()
    opened: list[str] = []

    def answer(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        response = route.fetch()
        opened.append(response.json()["conversation"])
        _delete_at_once()
        return route.fulfill(response=response)

    def _delete_at_once() -> None:
        visitor.page.evaluate("document.querySelector('yibao-assistant').restart()")

    visitor.context.route(CONVERSATIONS, answer)
    with visitor.page.expect_response(lambda response: response.request.method == "DELETE" and response.status == 204):
        visitor.send(QUESTION)
    assert not _known(assistant, opened[0])


def test_the_question_whether_to_delete_is_accessible(visit: Visit) -> None:
    visitor = visit().open()
    visitor.ask(QUESTION)
    visitor.button("删除我的对话").focus()
    visitor.page.keyboard.press("Enter")
    dialog = visitor.page.get_by_role("dialog", name="删除我的对话")
    expect(dialog).to_contain_text("不能恢复")
    assert not Axe().run(visitor.page).response["violations"]
    visitor.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(visitor.cards).to_have_count(1)
