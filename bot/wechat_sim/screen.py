"""The phone's screen in a terminal: what the account says on the left, what the person says on the right."""

from __future__ import annotations

import unicodedata

from bot.wechat_sim.phone import Bubble

_WIDTH, _BUBBLE = 78, 60
"""Columns of the screen and of the text in a bubble. A Chinese character takes two."""

_CLOSING = "。，、；：？！）”》】〕"
"""What does not begin a line."""


def draw(bubble: Bubble, first_link: int) -> str:
    """A bubble as lines of text. Links are numbered from ``first_link``: ``标签〔3〕``."""
    content = bubble.shown(lambda label, number: f"{label}〔{first_link + number - 1}〕")
    lines = [part for line in content.split("\n") for part in _fold(line)]
    if bubble.way == "system":
        return "\n".join(_centred(line) for line in lines)
    width = max(_columns(line) for line in lines)
    box = [
        f"╭{'─' * (width + 2)}╮",
        *(f"│ {line}{' ' * (width - _columns(line))} │" for line in lines),
        f"╰{'─' * (width + 2)}╯",
    ]
    margin = " " * (_WIDTH - width - 4) if bubble.way == "me" else ""
    tag = ["（客服消息）"] if bubble.way == "service" else []
    return "\n".join([*tag, *(margin + line for line in box)])


def _fold(line: str) -> list[str]:
    """The line in pieces that fit a bubble."""
    pieces, width = [""], 0
    for character in line:
        columns = _columns(character)
        if width + columns > _BUBBLE and character not in _CLOSING:
            pieces.append("")
            width = 0
        pieces[-1] += character
        width += columns
    return pieces


def _centred(line: str) -> str:
    return " " * max(0, (_WIDTH - _columns(line)) // 2) + line


def _columns(line: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
