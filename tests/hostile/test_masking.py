"""Personal numbers never get through; numbers of offices, dates and amounts always do."""

from __future__ import annotations

import datetime
import re

import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.privacy import BANK_CARD, IDENTITY, MOBILE, is_identity_number, is_luhn, mask
from knowledge.files import DATA
from tests.test_privacy import _card, _identity_number

WORDS = st.text(alphabet="我的证号是，。电话卡住院报销ab！\n🏥", max_size=12)
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
identity = st.builds(
    lambda place, born, serial: _identity_number(f"{place}{born:%Y%m%d}{serial:03d}"),
    st.integers(110000, 659999),
    st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)),
    st.integers(0, 999),
)
mobile = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
card = st.from_regex(r"62[0-9]{13,16}", fullmatch=True).map(_card)
"""With a right check digit, 16 to 19 digits."""
GAPS = st.sampled_from(["", " ", "-", "·", ".", "－", "\t"])


def spaced(number: str, gap: str, every: int) -> str:
    return gap.join(number[n : n + every] for n in range(0, len(number), every))


@given(identity | mobile | card, WORDS, WORDS, GAPS, st.integers(3, 6), st.booleans())
def test_a_personal_number_never_gets_through(number: str, before: str, after: str, gap: str, every: int, wide: bool) -> None:
    assume(number[-1] != "X" or not after[:1].isalnum())
    written = spaced(number, gap, every).translate(WIDE) if wide else spaced(number, gap, every)
    masked = mask(before + written + after)
    assert masked in {before + label + after for label in (IDENTITY, BANK_CARD, MOBILE)}


@given(st.lists(identity | mobile, min_size=2, max_size=4), st.sampled_from([" ", "，", "、", "\n", "-", " 和 "]))
def test_numbers_side_by_side_are_masked_each(numbers: list[str], between: str) -> None:
    masked = mask("号码：" + between.join(numbers))
    assert not re.search("[0-9]", masked)


@given(mobile | identity)
def test_a_number_said_in_chinese_is_masked(number: str) -> None:
    assume("X" not in number)
    spoken = number.translate(str.maketrans("0123456789", "零幺二三四五六七八九"))
    assert mask(f"周一打{spoken}这个号").removeprefix("周一打").removesuffix("这个号") in {MOBILE, IDENTITY, BANK_CARD}


@given(identity)
def test_a_wrong_check_digit_is_no_identity_number_but_is_masked_all_the_same(number: str) -> None:
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    assert not is_identity_number(wrong)
    assert not re.search("[0-9]", mask(wrong))


@given(st.from_regex(r"[2-9][0-9]{12,18}", fullmatch=True))
def test_a_long_number_whose_check_digit_is_wrong_is_no_bank_card(number: str) -> None:
    assume(not is_luhn(number) and len(number) not in (15, 18))
    assert mask(f"流水号{number}号") == f"流水号{number}号"


@given(st.text(alphabet="0123456789-－ .·xX+８６１３元年月日卡号", max_size=400))
def test_masking_is_done_once(text: str) -> None:
    once = mask(text)
    assert mask(once) == once


@given(WORDS, st.from_regex(r"0[1-9][0-9]{1,2}-[2-8][0-9]{6,7}", fullmatch=True), WORDS)
def test_an_office_phone_is_left_alone(before: str, number: str, after: str) -> None:
    assume(not re.search("卡|号", before))
    assert mask(before + number + after) == before + number + after


@given(st.dates(), st.floats(0, 10**7, allow_nan=False), st.sampled_from(["12393", "12345", "95588", "110", "400-821-8888"]))
def test_dates_amounts_and_hotlines_are_left_alone(day: object, amount: float, hotline: str) -> None:
    text = f"{day}住院，花了{amount:.2f}元，打{hotline}没人接"
    assert mask(text) == text


def test_no_number_of_any_guide_is_masked() -> None:
    guides = [yaml.safe_load(path.read_text()) for path in sorted((DATA / "guides").glob("*.yml"))]
    numbers = [phone["number"] for guide in guides for entry in guide["entries"] for phone in entry.get("phones", ())]
    assert len(numbers) > 400
    assert [number for number in numbers if mask(f"打{number}问") != f"打{number}问"] == []
