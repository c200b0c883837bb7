"""Replies fit into WeChat's 2,048 bytes, and nothing is lost on the way."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat.fitting import LIMIT, choice, fit, link, plain, size, with_choices, with_phones

MORE = choice("更多", "更多", "more")
lines = st.lists(st.text("办理材料，身份证。；：a1<>&😀", max_size=400), max_size=60)


def pages_of(text: str, ending: str = "") -> list[str]:
    pages: list[str] = []
    rest = text
    while rest or not pages:
        page, left = fit(rest, MORE, "" if pages else ending)
        assert size(left) < size(rest) or not left
        pages.append(page)
        rest = left
    return pages


def without_layout(text: str) -> str:
    return re.sub(r"\n", "", text)


@given(lines)
def test_no_page_is_too_long_and_nothing_is_lost(given_lines: list[str]) -> None:
    text = plain("\n".join(given_lines))
    pages = pages_of(text, ending="来源：一份办事指南")
    assert all(size(page) <= LIMIT for page in pages)
    shown = "".join(without_layout(page).replace(MORE, "").replace("来源：一份办事指南", "") for page in pages)
    assert shown == without_layout(text)


@given(
    st.lists(
        st.sampled_from([link("0833-2128816", "tel:0833-2128816"), "咨询电话", "，", "市中区的经办机构窗口。"]),
        min_size=80,
        max_size=300,
    )
)
def test_links_are_never_cut(pieces: list[str]) -> None:
    for page in pages_of("".join(pieces)):
        assert page.count("<a ") == page.count("</a>")
        assert size(page) <= LIMIT


def test_a_page_ends_where_a_list_item_or_a_sentence_ends() -> None:
    items = "\n".join(f"{n}. {'材料' * 60}" for n in range(1, 20))
    first = pages_of(items)[0].removesuffix(f"\n{MORE}")
    assert items.startswith(first + "\n")
    sentences = "这是一句话，说的是办理。" * 200
    assert pages_of(sentences)[0].removesuffix(f"\n{MORE}").endswith("。")


def test_a_heading_goes_with_its_list() -> None:
    text = "\n".join(["甲" * 600, "办理材料：", "乙" * 300])
    first, second = pages_of(text)
    assert "办理材料：" not in first
    assert second.startswith("办理材料：")


def test_the_ending_stays_on_the_first_page() -> None:
    first, *others = pages_of("办理。\n" * 600, ending="看完整办事指南")
    assert first.endswith("看完整办事指南")
    assert others
    assert not any("看完整办事指南" in page for page in others)


def test_an_ending_that_is_long_itself_is_cut_like_the_rest() -> None:
    page, rest = fit("办理。\n" * 600, MORE, "\n".join(link("看完整办事指南", f"https://x/{'y' * 300}{n}") for n in range(9)))
    pages = [page, *pages_of(rest)]
    assert all(size(page) <= LIMIT for page in pages)
    assert sum(page.count("看完整办事指南</a>") for page in pages) == 9


def test_only_phone_numbers_are_made_links() -> None:
    text = with_phones("事项编码002036006002，咨询0833-2128816或12345，2024年12345号文", ["12345", "12393"])
    assert text.count("<a ") == 2
    assert '<a href="tel:0833-2128816">0833-2128816</a>' in text
    assert "002036006002，" in text


def test_words_cannot_bring_their_own_links() -> None:
    assert "<" not in plain('<a href="http://evil">点我</a>')
    assert choice('"><script>', 'a&b="<x>', "1").count("<") == 2


def test_a_choice_is_tapped_only_where_its_label_is_a_line() -> None:
    text = with_choices("您办哪一项？\n1. 甲\n2. 乙\n甲和乙都行", [("甲", "甲项"), ("乙", "乙项")])
    assert text.split("\n")[1] == '1. <a href="weixin://bizmsgmenu?msgmenucontent=甲项&msgmenuid=1">甲</a>'
    assert text.endswith("甲和乙都行")
