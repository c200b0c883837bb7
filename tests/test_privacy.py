"""Personal numbers are masked, and nothing else is."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy import BANK_CARD, CARD, IDENTITY, MOBILE, is_identity_number, is_luhn, mask

_WEIGHTS = [2 ** (17 - n) % 11 for n in range(17)]


def _identity_number(body: str) -> str:
    """The 17 digits with the check digit of GB 11643, computed from its definition."""
    check = (12 - sum(w * int(d) for w, d in zip(_WEIGHTS, body, strict=True)) % 11) % 11
    return body + "0123456789X"[check]


def _card(body: str) -> str:
    return next(body + digit for digit in "0123456789" if is_luhn(body + digit))


VALID = _identity_number("51110219900101123")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"身份证{VALID}怎么报销", f"身份证{IDENTITY}怎么报销"),
        (f"{VALID[:6]} {VALID[6:14]} {VALID[14:]}", IDENTITY),
        ("身份证１１０１０５１９４９１２３１００２Ｘ", f"身份证{IDENTITY}"),
        ("老身份证511102650321123。", f"老身份证{IDENTITY}。"),
        ("打错一位511102199001011234", f"打错一位{IDENTITY}"),
        ("电话13800000000，谢谢", f"电话{MOBILE}，谢谢"),
        ("+86 138-0000-0000", MOBILE),
        ("138 0000 0000住院", f"{MOBILE}住院"),
        (f"卡{_card('622202100112345678')}", f"卡{BANK_CARD}"),
        ("社保卡号是A12345678", f"社保卡号是{CARD}"),
    ],
)
def test_a_personal_number_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "0833-2128816",
        "12393",
        "拨打12345转2",
        "编码002036006002",
        "400-821-8888",
        "20240101到20241231",
        "花了12345.67元",
        "2024年3月15日住院，5月1日出院",
    ],
)
def test_office_numbers_codes_dates_and_amounts_stay(text: str) -> None:
    assert mask(text) == text


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31)), st.integers(0, 999), st.integers(110000, 659999))
def test_every_well_formed_identity_number_is_known(born: datetime.date, serial: int, place: int) -> None:
    number = _identity_number(f"{place}{born:%Y%m%d}{serial:03d}")
    assert is_identity_number(number)
    assert mask(f"我的号{number}") == f"我的号{IDENTITY}"


@given(st.text(alphabet="住院报销 。，abc！", max_size=80))
def test_text_without_digits_is_left_alone(text: str) -> None:
    assert mask(text) == text


@given(st.text(max_size=200))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)
