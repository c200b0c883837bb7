"""Replies that fit: WeChat's links in the text, and nothing over 2,048 bytes of UTF-8.

Words that come from elsewhere go through :func:`plain` first, so that every ``<`` in a reply is this module's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

LIMIT = 2048
"""Bytes of UTF-8 of a text reply, links and all."""
_PHONE = r"(?<![0-9A-Za-z\-])(?:0[0-9]{{2,3}}-[0-9]{{7,8}}{hotlines})(?![0-9A-Za-z\-号])"
_ATOM = re.compile(r"<a [^<>]*>[^<>]*</a>|.", re.DOTALL)
_SENTENCE_END, _PHRASE_END = "。；！？", "，、："
_UNSAFE = re.compile(r"""[\s&#%"'<>?+=]""")


def size(text: str) -> int:
    """Bytes of UTF-8."""
    return len(text.encode())


def plain(text: str) -> str:
    """Words without markup: angle brackets full-width."""
    return text.replace("<", "＜").replace(">", "＞")


def link(label: str, address: str) -> str:
    return f'<a href="{address}">{plain(label)}</a>'


def choice(label: str, send: str, menu_id: str) -> str:
    """A link that, tapped, says ``send`` for the person."""
    content = _UNSAFE.sub(lambda match: quote(match.group(), safe=""), send)
    return link(label, f"weixin://bizmsgmenu?msgmenucontent={content}&msgmenuid={menu_id}")


def with_choices(text: str, labels_and_sends: Iterable[tuple[str, str]]) -> str:
    """The text with its numbered lines of these labels tappable."""
    lines = text.split("\n")
    for number, (label, send) in enumerate(labels_and_sends, 1):
        line = f"{number}. {plain(label)}"
        for at, shown in enumerate(lines):
            if shown == line:
                lines[at] = f"{number}. {choice(label, send, str(number))}"
    return "\n".join(lines)


def with_phones(text: str, hotlines: Sequence[str]) -> str:
    """The text with its phone numbers tappable: those with an area code, and the ``hotlines``."""
    pattern = _PHONE.format(hotlines="".join(f"|{re.escape(number)}" for number in hotlines))
    parts = re.split(r"(<a [^<>]*>[^<>]*</a>)", text)
    parts[::2] = [re.sub(pattern, lambda match: link(match.group(), f"tel:{match.group()}"), part) for part in parts[::2]]
    return "".join(parts)


def fit(text: str, more: str, ending: str = "") -> tuple[str, str]:
    """The first page, and the text left for the next. A page is cut at the end of a line, else of a sentence.

    ``ending`` closes the page, unless it would fill half of it; ``more`` stands before it when something is left.
    """
    text = text.strip("\n")
    if size(ending) > LIMIT // 2:
        text, ending = _joined(text, ending), ""
    whole = _joined(text, ending)
    if size(whole) <= LIMIT:
        return whole, ""
    closing = _joined(more, ending)
    page, rest = _cut(text, LIMIT - size(closing) - 1)
    return _joined(page, closing), rest


def _joined(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _cut(text: str, room: int) -> tuple[str, str]:
    """As many whole lines as have room, without a heading at their end; of a first line too long, a part."""
    lines = text.split("\n")
    taken, used = 0, -1
    while taken < len(lines) and used + 1 + size(lines[taken]) <= room:
        used += 1 + size(lines[taken])
        taken += 1
    while taken > 1 and lines[taken - 1].endswith("："):
        taken -= 1
    if taken:
        return "\n".join(lines[:taken]), "\n".join(lines[taken:])
    head, tail = _cut_line(lines[0], room)
    return head, "\n".join([tail, *lines[1:]])


def _cut_line(line: str, room: int) -> tuple[str, str]:
    """A line longer than the room, after the last sentence in it, else the last phrase; never inside a link."""
    atoms: list[str] = [atom for match in _ATOM.findall(line) for atom in ([match] if size(match) <= room else match)]
    used = count = 0
    while count < len(atoms) and used + size(atoms[count]) <= room:
        used += size(atoms[count])
        count += 1
    for ends in (_SENTENCE_END, _PHRASE_END):
        at = next((n for n in range(count, count // 2, -1) if atoms[n - 1] in ends), 0)
        if at:
            count = at
            break
    return "".join(atoms[:count]), "".join(atoms[count:])
