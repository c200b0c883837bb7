"""Masking personal data in what people write, before it is stored or logged; and hashing who they are.

Found by form, date and check digit: identity numbers (GB 11643, also the old ones of 15 digits; a social-security number
is the identity number), bank cards (ISO/IEC 7812, Luhn), mobile numbers, and the number after 社保卡号 and the like. Digits may
be full-width or Chinese, and set apart by blanks, dots or hyphens. Office phones, short hotlines and item codes stay.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime

IDENTITY, BANK_CARD, MOBILE, CARD = "［证件号码］", "［银行卡号］", "［手机号码］", "［卡号］"

_MASKS = re.compile("|".join(map(re.escape, (IDENTITY, BANK_CARD, MOBILE, CARD))))
_GAP = r"[ \t.·\-－—_]?"
_NUMBER = re.compile(rf"(?<![0-9])(?:\+?86{_GAP})?[0-9](?:{_GAP}[0-9]){{9,}}(?:{_GAP}[Xx](?![0-9A-Za-z]))?")
_PIECE = re.compile(r"[0-9]+[Xx]?")
_MOST_PIECES, _SHORTEST_PIECE = 5, 3
"""How people set a number apart: 138 0000 0000, a card in fours. Shorter pieces are dates."""
_SPOKEN = re.compile("[零〇一二三四五六七八九幺]{3}")
_DIGITS = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_MOBILE = re.compile(r"(?:86)?1[3-9][0-9]{9}")
_NAMED_CARD = re.compile(
    r"((?:社保卡|社会保障卡|医保卡|个人编号|电脑号|卡)(?:的)?(?:卡号|号码|号|编号)?[是为:： ]*)([A-Za-z]{0,2}[0-9]{6,})"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def mask(text: str) -> str:
    """The text with every personal number replaced by what kind of number stood there."""
    text = _masked(text, "".join(map(_narrow, text)))
    if _SPOKEN.search(text):  # after the others: 周一138… is no number with a one before it
        text = _masked(text, text.translate(_DIGITS))
    return _NAMED_CARD.sub(lambda match: match.group(1) + CARD, text)


def _masked(text: str, narrow: str) -> str:
    """``narrow`` is the same text with plain digits, as long: positions hold."""
    parts, end = [], 0
    for match in _NUMBER.finditer(narrow):
        for first, last, label in _personal(match):
            parts += [text[end:first], label]
            end = last
    return "".join([*parts, text[end:]])


def _personal(run: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """Where in a run of digits personal numbers stand: it is one as a whole, or several stand side by side."""
    if label := _kind_of(run.group()):
        yield *run.span(), label
        return
    pieces, n = list(_PIECE.finditer(run.group())), 0
    while n < len(pieces):
        for last in range(min(n + _MOST_PIECES, len(pieces)) - 1, n - 1, -1):
            together = pieces[n : last + 1]
            whole = run.group()[together[0].start() : together[-1].end()]
            if all(len(piece.group()) >= _SHORTEST_PIECE for piece in together) and (label := _kind_of(whole)):
                yield run.start() + together[0].start(), run.start() + together[-1].end(), label
                n = last
                break
        n += 1


def without_masks(text: str) -> str:
    """A masked text without what stands in the place of numbers: nothing a person said."""
    return _MASKS.sub("", text)


def _narrow(character: str) -> str:
    normal = unicodedata.normalize("NFKC", character)
    return normal if len(normal) == 1 else character


def _kind_of(number: str) -> str | None:
    """What a number is, written with or without gaps."""
    digits = re.sub(r"[^0-9Xx]", "", number).upper()
    if is_identity_number(digits):
        return IDENTITY
    if _MOBILE.fullmatch(digits):
        return MOBILE
    if 13 <= len(digits) <= 19 and digits.isdigit() and is_luhn(digits):
        return BANK_CARD
    if _looks_like_identity_number(digits):
        return IDENTITY  # mistyped: as personal as the right one
    return None


def is_identity_number(digits: str) -> bool:
    """Whether these are an identity number: a date of birth in place and, of 18 digits, the right check digit."""
    if not _looks_like_identity_number(digits):
        return False
    if len(digits) == 15:
        return True
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    return _CHECKS[total % 11] == digits[17]


def is_luhn(digits: str) -> bool:
    """Whether the last digit checks the others by Luhn's rule."""
    doubled = [int(digit) * (2 if n % 2 else 1) for n, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _looks_like_identity_number(digits: str) -> bool:
    if not re.fullmatch(r"[1-9][0-9]{14}|[1-9][0-9]{16}[0-9X]", digits):
        return False
    born = digits[6:14] if len(digits) == 18 else f"19{digits[6:12]}"
    try:
        return 1900 <= datetime.strptime(born, "%Y%m%d").year <= 2100
    except ValueError:
        return False


def hashed(secret: bytes, *ids: str) -> str:
    """An id that tells nothing of the ids it was made from, and is the same every time: 32 hexadecimal digits."""
    return hmac.new(secret, "\0".join(ids).encode(), hashlib.sha256).hexdigest()[:32]
