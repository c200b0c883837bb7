"""Guide pages: every entry whole, nothing of a sibling, and a way on where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
import requests

from knowledge.guidebook import GuideBook, WholeEntry, read_guidebook
from knowledge.query import KnowledgeBase
from tests.serving import Server
from tests.web.visitor import SECONDS

_TELLING = 8
"""A fact of a sibling this long is its own, unless a guide of the chain says it too."""


class _Text(HTMLParser):
    """The text of a page's article, and that part of it which is the page's own guide: all but the comparison."""

    def __init__(self) -> None:
        super().__init__()
        self.whole, self.own, self._comparing = "", "", False

    def handle_starttag(self, tag: str, _: object) -> None:
        self._comparing = self._comparing or tag == "details"

    def handle_endtag(self, tag: str) -> None:
        if tag == "details":
            self._comparing = False

    def handle_data(self, data: str) -> None:
        self.whole += data
        if not self._comparing:
            self.own += data


def read(html: str) -> _Text:
    text = _Text()
    text.feed(html)
    return text


def get(server: Server, path: str, **query: str) -> requests.Response:
    return requests.get(server.address + path, params=query, headers={"Accept": "text/html"}, timeout=SECONDS)


@pytest.fixture(scope="module")
def book(knowledge_base: KnowledgeBase) -> GuideBook:
    return read_guidebook(knowledge_base.engine, knowledge_base.regions)


def entries(book: GuideBook) -> Iterator[tuple[str, WholeEntry]]:
    for jurisdiction, guide in book.guides.items():
        for entry in guide.entries.values():
            yield jurisdiction, entry


def told(entry: WholeEntry) -> Iterator[str]:
    for facts in entry.facts.values():
        for fact in facts:
            yield from (str(fact[key]) for key in ("text", "when", "number", "place", "waived") if fact.get(key))


def test_the_guides_have_all_their_entries(book: GuideBook) -> None:
    assert len(list(entries(book))) == 167


def test_every_entry_has_a_page_with_every_fact_and_its_source(server: Server, book: GuideBook) -> None:
    for jurisdiction, entry in entries(book):
        page = get(server, f"/guide/{jurisdiction}/{entry.item}")
        assert page.status_code == 200, (jurisdiction, entry.item)
        text = read(page.text).own
        assert entry.source.title in text
        assert entry.source.year is None or str(entry.source.year) in text
        for words in told(entry):
            assert words in text, (jurisdiction, entry.item, words)
        for reason in entry.unknown.values():
            assert reason in text


def test_no_page_holds_a_fact_of_a_sibling(server: Server, book: GuideBook) -> None:
    for jurisdiction, entry in entries(book):
        chain = book.chain(entry.source.region)
        ours = "\n".join(words for guide in chain for e in guide.entries.values() for words in told(e))
        text = read(get(server, f"/guide/{jurisdiction}/{entry.item}").text).whole
        for sibling in book.guides.values():
            theirs = sibling.entries.get(entry.item)
            if sibling in chain or theirs is None:
                continue
            assert sibling.source.title not in text
            for words in told(theirs):
                assert len(words) < _TELLING or words in ours or words not in text, (jurisdiction, entry.item, words)


def test_the_own_districts_number_comes_first_and_all_are_there(server: Server, book: GuideBook) -> None:
    page = get(server, "/guide/leshan/inpatient_reimbursement", place="乐山市/峨眉山市").text
    numbers = [fact["number"] for fact in book.guides["leshan"].entries["inpatient_reimbursement"].facts["phones"]]
    own = next(
        fact["number"]
        for fact in book.guides["leshan"].entries["inpatient_reimbursement"].facts["phones"]
        if fact.get("place") == "峨眉山市"
    )
    assert min(numbers, key=page.find) == own
    assert all(number in page for number in numbers)


def test_a_page_compares_with_the_wider_guides_on_the_chain_only(server: Server) -> None:
    text = read(get(server, "/guide/leshan/inpatient_reimbursement").text)
    assert "四川省医疗保障经办政务服务办事指南" in text.whole
    assert "全国医疗保障经办政务服务事项清单" in text.whole
    assert "不超过30个工作日" in text.whole
    assert "不超过30个工作日" not in text.own
    assert "凉山" not in text.whole
    assert "云南" not in text.whole


def test_an_item_treated_under_another_says_so(server: Server) -> None:
    text = read(get(server, "/guide/leshan/flexible_enrollment").text).own
    assert "没有单列“灵活就业人员参保登记”，按“职工参保登记”办理" in text


def test_a_wider_guides_page_points_to_the_nearer_one(server: Server) -> None:
    page = get(server, "/guide/national/inpatient_reimbursement", place="乐山市/市中区").text
    assert "/guide/leshan/inpatient_reimbursement?place=" in page
    assert "没有收录" not in page
    text = read(get(server, "/guide/sichuan/contribution_base", place="乐山市/市中区").text).own
    assert "《乐山市医疗保障经办政务服务事项办事指南（2024年版）》没有列这一项" in text
    text = read(get(server, "/guide/national/inpatient_reimbursement", place="上海市/浦东新区").text).own
    assert "没有收录上海市浦东新区自己的办事指南" in text


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/guide/atlantis/", ""),
        ("/guide/atlantis/inpatient_reimbursement", ""),
        ("/guide/leshan/nothing", ""),
        ("/guide/liangshan/lump_sum_payment/x", ""),
        ("/guide/leshan/inpatient_reimbursement", "凉山州/西昌市"),
        ("/guide/leshan/inpatient_reimbursement", "四川省"),
        ("/guide/leshan/inpatient_reimbursement", "<script>"),
        ("/nothing", ""),
    ],
)
def test_what_is_not_there_is_a_page_with_a_way_on(server: Server, path: str, place: str) -> None:
    page = get(server, path, **({"place": place} if place else {}))
    assert page.status_code == 404
    assert 'href="/guide/"' in page.text
    assert "12393" in page.text
    assert "<script>alert" not in page.text


def test_the_index_leads_to_every_item_and_guide(server: Server, knowledge_base: KnowledgeBase, book: GuideBook) -> None:
    page = get(server, "/guide/").text
    assert all(f"/{item}" in page for item in knowledge_base.catalogue.items)
    assert all(f'href="/guide/{jurisdiction}/"' in page for jurisdiction in book.guides)


def test_the_index_finds_without_a_script(server: Server) -> None:
    page = get(server, "/guide/", q="zybx", place="乐山").text
    assert "/guide/leshan/inpatient_reimbursement?place=" in page
    assert "没有找到“亚特兰蒂斯”" in get(server, "/guide/", place="亚特兰蒂斯").text


def test_a_guides_own_page_says_which_items_a_wider_guide_answers(server: Server) -> None:
    page = get(server, "/guide/leshan/").text
    assert "/guide/leshan/inpatient_reimbursement" in page
    assert "按《四川省医疗保障经办政务服务办事指南》（2020年）办理" in page


def test_the_home_page_holds_the_widget_in_one_line(server: Server) -> None:
    assert '<script type="module" src="/widget.js"></script>' in get(server, "/").text


def test_a_page_a_browser_has_is_not_sent_again(server: Server) -> None:
    url = f"{server.address}/guide/leshan/inpatient_reimbursement"
    first = requests.get(url, timeout=SECONDS)
    assert first.headers["Content-Encoding"] == "gzip"
    again = requests.get(url, headers={"If-None-Match": first.headers["ETag"]}, timeout=SECONDS)
    assert (again.status_code, again.content) == (304, b"")


def test_a_broken_knowledge_base_is_a_page_with_a_way_on(server: Server) -> None:
    whole = server.database.read_bytes()
    server.database.write_bytes(b"this is no database" * 100)
    try:
        for path in ("/", "/guide/", "/guide/leshan/inpatient_reimbursement"):
            page = get(server, path)
            assert page.status_code == 503
            assert "12393" in page.text
    finally:
        server.database.write_bytes(whole)
    assert get(server, "/guide/leshan/inpatient_reimbursement").status_code == 200
