"""Lines typed become what a phone sends, and the screen shows what a phone shows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
import yaml

from bot.wechat_sim.account import invent
from bot.wechat_sim.api import ClientApi
from bot.wechat_sim.chat import DEMO, Chat
from bot.wechat_sim.courier import Courier
from tests.wechat_sim.crooked import crooked

ACCOUNT = invent("demo", "plain")
CHOICE = '请选：<a href="weixin://bizmsgmenu?msgmenucontent=门诊&msgmenuid=2">2. 门诊</a>'


def screen(capsys: pytest.CaptureFixture[str], *lines: str, answer: Callable[[str], str | bytes] = lambda words: words) -> str:
    """What stands on the screen after these lines, with a server that answers with ``answer`` of the words it gets."""

    async def talk() -> None:
        async with (
            crooked(ACCOUNT, lambda _, words, __: answer(words)) as address,
            ClientApi([ACCOUNT]) as api,
            Courier(ACCOUNT, [address], patience=1) as courier,
        ):
            api.menus[ACCOUNT.name] = {
                "button": [{"name": "更多", "sub_button": [{"type": "click", "name": "材料", "key": "k"}]}]
            }
            chat = Chat(courier, api, yaml.safe_load(DEMO.read_text(encoding="utf-8")))
            for line in lines:
                await chat.do(line)

    asyncio.run(talk())
    return capsys.readouterr().out


def test_words_stand_on_the_right_and_the_reply_on_the_left(capsys: pytest.CaptureFixture[str]) -> None:
    lines = screen(capsys, "住院", answer=lambda words: f"您说{words}").split("\n")
    mine, reply = (next(line for line in lines if words in line) for words in ("│ 住院 │", "│ 您说住院 │"))
    assert mine.startswith("   ")
    assert reply.startswith("│")


def test_a_tap_on_a_numbered_link_says_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    shown = screen(capsys, "报销", "/点 1", answer=lambda words: CHOICE if words == "报销" else f"您选了{words}")
    assert "2. 门诊〔1〕" in shown
    assert "您选了门诊" in shown


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("/语音 我要报销", "（语音）我要报销"),
        ("/位置 市中区", "（位置）四川省乐山市市中区海棠路"),
        ("/上报位置 29.5,103.7", "（上报位置 29.5,103.7）"),
        ("/图片", "（图片）"),
        ("/小视频", "（小视频）"),
        ("/关注 emeishan", "（关注公众号，扫码 emeishan）"),
        ("/扫码 emeishan", "（扫码 emeishan）"),
        ("/菜单", "1.1  材料"),
        ("/菜单 1.1", "（菜单：材料）"),
        ("/点 9", "没有这个编号的链接"),
        ("/不知道", "/语音 我要报销"),
        ("/扫码", "/语音 我要报销"),
    ],
)
def test_a_command_does_what_it_says(capsys: pytest.CaptureFixture[str], line: str, shown: str) -> None:
    assert shown in screen(capsys, line, answer=lambda _: "好")


def test_an_answer_that_wechat_would_not_show_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    shown = screen(capsys, "您好", answer=lambda _: b'{"text": "hello"}')
    assert "该公众号提供的服务出现故障" in shown
    assert "no XML" in shown


def test_comments_and_empty_lines_are_not_sent(capsys: pytest.CaptureFixture[str]) -> None:
    assert screen(capsys, "", "# 说明") == ""
