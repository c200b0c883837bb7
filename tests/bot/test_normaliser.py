"""One spelling for what people type."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding.normaliser import MAX_LENGTH, Normaliser, domain_vocabulary, even_out

TYPED = st.text(
    st.one_of(
        st.sampled_from("异地旧就医备案住院门诊报销嗯呃喂額醫療險ＡＢ１２①😀🏥　\u200b\ufeff\x07，。？！~… \t\n某地"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=MAX_LENGTH + 200,
)


@pytest.fixture(scope="module")
def normaliser() -> Normaliser:
    return Normaliser(domain_vocabulary())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("医宝怎么转", "医保怎么转"),
        ("主院报销", "住院报销"),
        ("往上办得成不", "网上办得成不"),
        ("往上级医院转", "往上级医院转"),
    ],
)
def test_short_words_that_are_often_misheard_are_set_right(normaliser: Normaliser, typed: str, meant: str) -> None:
    assert normaliser(typed) == meant


@pytest.mark.parametrize(
    ("typed", "evened"),
    [
        ("ＡＰＰ１２３９３", "app12393"),
        ("異地就醫備案怎麼辦", "异地就医备案怎么办"),
        ("住院😀报销🏥", "住院 报销"),
        ("报\u200b销\ufeff材\x00料", "报销材料"),
        ("快快快快告诉我", "快告诉我"),
        ("怎么办？？？？", "怎么办?"),
        ("嗯，那个，呃，生育津贴", "那个,生育津贴"),
        ("  住院   报销\n\n材料 ", "住院 报销 材料"),
    ],
)
def test_width_script_pictures_and_fillers_are_evened_out(typed: str, evened: str) -> None:
    assert even_out(typed) == evened


@pytest.mark.parametrize("text", ["妈妈的医保", "天天都有人", "谢谢", "0833-2128816", "110000元", "哥哥在成都"])
def test_doubled_characters_and_digits_that_mean_something_stay(text: str) -> None:
    assert even_out(text) == text


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("异地旧医怎么办", "异地就医怎么办"),
        ("生玉津贴多久到", "生育津贴多久到"),
        ("高血牙能不能认定", "高血压能不能认定"),
        ("零星报消", "零星报销"),
        ("定电协议", "定点协议"),
        ("医疗就助找谁", "医疗救助找谁"),
        ("医保在沙弯区", "医保在沙湾区"),
        ("五通侨区在哪办", "五通桥区在哪办"),
    ],
)
def test_words_misspelt_by_sound_are_set_right(normaliser: Normaliser, heard: str, meant: str) -> None:
    assert normaliser(heard) == meant


@pytest.mark.parametrize(
    "text", ["以前的事实", "高血压", "我要去政府大厅", "小明住在市中区", "医生说要住院", "先上医保嘛", "我从沙湾去成都"]
)
def test_words_that_are_real_are_left_alone(normaliser: Normaliser, text: str) -> None:
    assert normaliser(text) == text


def test_a_long_message_keeps_its_beginning_and_its_end() -> None:
    told = "我妈去年住院" + "，后来我们又去了好多地方看病" * 80 + "，请问报销要什么材料"
    evened = even_out(told)
    assert len(evened) <= MAX_LENGTH + 1
    assert evened.startswith("我妈去年住院")
    assert evened.endswith("请问报销要什么材料")


@settings(max_examples=300, deadline=None)
@given(TYPED)
def test_evening_out_twice_changes_nothing_more(text: str) -> None:
    once = even_out(text)
    assert even_out(once) == once


@settings(max_examples=300, deadline=None)
@given(TYPED)
def test_nothing_invisible_and_no_space_at_the_edges_remains(text: str) -> None:
    evened = even_out(text)
    assert evened == evened.strip()
    assert "  " not in evened
    assert not [c for c in evened if c == "\u200b" or (unicodedata.category(c) == "Cc" and ord(c) < 0x80)]


@pytest.mark.parametrize("text", ["", " ", "\u200b", "😀😀", "\x00\x1b\x07"])
def test_a_message_without_words_becomes_empty(normaliser: Normaliser, text: str) -> None:
    assert normaliser(text) == ""


def test_half_of_a_surrogate_pair_does_not_stop_understanding(normaliser: Normaliser) -> None:
    """A front door that cuts a text at a fixed length may cut an emoji in two."""
    assert normaliser("住院怎么报\ud83d").startswith("住院怎么报")
