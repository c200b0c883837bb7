"""Safe in any page: no text is ever HTML, nothing breaks a strict policy, and the whole is light."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path

from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit
from tests.serving import Server

SOURCES = sorted(Path("web/widget").glob("*.js"))
_HEAVIEST_BYTES = 30_000
_PARSES_HTML = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|setHTML|srcdoc"
    r"|\beval\(|new Function"
)
HOSTILE = (
    "<img src=x onerror=\"document.title='hacked'\">",
    "<script>document.title='hacked'</script>",
    "</textarea><svg onload=document.title='hacked'>",
    "javascript:document.title='hacked' \u202egnitide\u2066 \u0000报销",
)


def test_no_module_parses_html_or_evaluates_text() -> None:
    assert len(SOURCES) > 10
    assert not [source.name for source in SOURCES if _PARSES_HTML.search(source.read_text())]


def test_hostile_messages_are_only_text(visit: Visit) -> None:
    visitor = visit().open()
    for text in HOSTILE:
        visitor.ask(text)
    visitor.reload()
    expect(visitor.said).to_have_count(len(HOSTILE))
    expect(visitor.said.first).to_contain_text(HOSTILE[0])
    assert visitor.find(".log img, .log script").count() == 0
    assert visitor.page.title() == "乐山市医疗保障局"


def test_a_hostile_answer_is_only_text(visit: Visit) -> None:
    """Whatever a guide or a server may come to hold: here every text of an answer is an attack."""
    visitor = visit().open()
    attack = HOSTILE[0]

    def poison(value: object) -> object:
        if isinstance(value, dict):
            return {key: poison(inner) if key not in {"type", "from", "id", "when"} else inner for key, inner in value.items()}
        if isinstance(value, list):
            return [poison(inner) for inner in value]
        return value + attack if isinstance(value, str) else value

    def answer(route: Route) -> None:
        response = route.fetch()
        body = response.json()
        body["replies"] = poison(body["replies"])
        route.fulfill(response=response, json=body)

    visitor.context.route("**/webhooks/web/messages", answer)
    card = visitor.ask("市中区的住院费用怎么报销")
    expect(card.locator("h3")).to_have_text(f"住院费用报销{attack}")
    assert card.locator("img").count() == 0
    assert visitor.page.title() == "乐山市医疗保障局"
    link = card.locator(".source a").get_attribute("href") or ""
    assert link.startswith("http://127.0.0.1")


def test_a_strict_policy_and_trusted_types_are_not_broken(visit: Visit) -> None:
    watch = "window.broken = []; addEventListener('securitypolicyviolation', (event) => broken.push(event.violatedDirective));"
    visitor = visit(init=watch + "window.print = () => {};").open()
    visitor.ask("市中区的住院费用怎么报销")
    for name in ("急诊", "打印", "复制", "朗读"):
        visitor.button(name).click()
    with visitor.page.expect_download():
        visitor.button("存图片").click()
    visitor.find(".panel > .where").click()
    visitor.find(".place").first.wait_for()
    assert visitor.page.evaluate("window.broken") == []


def test_the_page_around_keeps_its_looks_and_its_storage_tidy(visit: Visit) -> None:
    visitor = visit().open()
    visitor.ask("市中区的住院费用怎么报销")
    assert visitor.page.evaluate("document.adoptedStyleSheets.length") == 0
    keys = visitor.page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert keys
    assert all(key.startswith("yibao:") for key in keys)
    assert visitor.context.cookies() == []


def test_the_secret_of_a_talk_is_in_no_address(visit: Visit) -> None:
    visitor = visit()
    addresses: list[str] = []
    visitor.page.on("request", lambda request: addresses.append(request.url))
    visitor.open().ask("市中区的住院费用怎么报销")
    assert any("/webhooks/web/messages" in address for address in addresses)
    assert not any(visitor.talk()["token"] in address for address in addresses)


def test_the_whole_widget_is_light(assistant: Server) -> None:
    total = 0
    for source in SOURCES:
        request = urllib.request.Request(f"{assistant.address}/widget/{source.name}", headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as response:
            total += len(response.read())
    assert total < _HEAVIEST_BYTES
