"""Chatting with the account in the terminal as on a phone. What can be done stands in ``demo.yml``."""

from __future__ import annotations

import asyncio
import html
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import aiohttp

from bot.wechat_sim import messages
from bot.wechat_sim.api import ClientApi
from bot.wechat_sim.courier import Courier
from bot.wechat_sim.messages import Message
from bot.wechat_sim.phone import Phone, tapped
from bot.wechat_sim.screen import draw

DEMO = Path(__file__).with_name("demo.yml")
"""The demo account, the places and the wording of the chat."""
_SERVICE_SECONDS = 15.0
"""How long to wait for a customer-service message when the reply held nothing."""
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)


class Chat:
    """One person at the keyboard. ``demo`` holds the wording and the places of ``/位置``."""

    def __init__(self, courier: Courier, api: ClientApi, demo: Mapping[str, Any]) -> None:
        self._courier, self._api, self._demo = courier, api, demo
        self._phone = Phone()
        self._links: list[tuple[str, str]] = []
        self._drawn = 0
        self.faults = 0
        api.phones[self._phone.open_id] = self._phone

    async def talk(self) -> None:
        """Until the input ends. From a file or a pipe, each line is shown and its answer awaited."""
        self._say(self._demo["greeting"])
        drawing = asyncio.create_task(self._keep_drawing())
        try:
            while (line := await asyncio.get_running_loop().run_in_executor(None, _read_line)) is not None:
                if line in self._demo["leave"]:
                    break
                await self.do(line)
        finally:
            drawing.cancel()
            self._draw()

    async def do(self, line: str) -> None:
        """One line: words, or a command that begins with a slash. Empty lines and those beginning with ``#`` are nothing."""
        if not line or line.startswith("#"):
            return
        if not line.startswith("/"):
            await self._send(messages.text(line))
            return
        command, _, rest = line[1:].partition(" ")
        if command in ("点", "菜单") and rest:
            await (self._tap(rest) if command == "点" else self._press(rest))
            return
        message = self._message(command, rest.strip())
        if message is None:
            self._say(self._menu() if command == "菜单" else self._demo["help"])
        else:
            await self._send(message)

    def _message(self, command: str, rest: str) -> Message | None:
        """What a command sends; ``None`` for one that is not known or lacks what it needs."""
        simple: dict[str, Callable[[], Message | None]] = {
            "语音": lambda: messages.voice(rest or None),
            "图片": messages.image,
            "视频": messages.video,
            "小视频": lambda: messages.video(short=True),
            "文件": lambda: messages.file(rest or "文件.pdf"),
            "表情": messages.sticker,
            "链接": lambda: messages.link(rest or "链接", "", "https://example.com/"),
            "关注": lambda: messages.subscribe(rest or None),
            "取关": messages.unsubscribe,
            "扫码": lambda: messages.scan(rest) if rest else None,
            "位置": lambda: self._place(rest),
            "上报位置": lambda: self._place(rest, reported=True),
        }
        return simple[command]() if command in simple else None

    def _place(self, rest: str, reported: bool = False) -> Message | None:
        """A place by name (of ``demo.yml``) or as ``latitude,longitude label``."""
        degrees, _, label = self._demo["places"].get(rest, rest).partition(" ")
        latitude, comma, longitude = degrees.partition(",")
        if not comma:
            return None
        return messages.report_location(latitude, longitude) if reported else messages.location(latitude, longitude, label)

    async def _send(self, message: Message) -> None:
        delivery = await self._courier.deliver(self._phone, message)
        self.faults += delivery.fault is not None
        self._draw()
        if delivery.fault:
            self._say(f"（{delivery.fault}）")
        elif delivery.text is None and not message.is_event:
            await self._await_service()

    async def _await_service(self) -> None:
        """The reply held nothing: the answer should come by the client API."""
        heard = len(self._phone.bubbles)
        for _ in range(int(_SERVICE_SECONDS / 0.1)):
            if len(self._phone.bubbles) > heard:
                return
            await asyncio.sleep(0.1)

    async def _tap(self, number: str) -> None:
        """Tap a link on the screen, by its number."""
        if not number.isdigit() or not 0 < int(number) <= len(self._links):
            self._say(self._demo["no_link"])
            return
        label, href = self._links[int(number) - 1]
        message = tapped(href)
        if message is not None:
            await self._send(message)
        elif href.startswith(("http://", "https://")):
            self._say(f"（打开网页 {href}：{await _title(href)}）")
        else:
            self._say(f"（{label} → {href}）")

    def _menu(self) -> str:
        """The menu that was pushed to this account, numbered."""
        buttons = self._buttons()
        return "\n".join(f"{number}  {button['name']}" for number, button in buttons.items()) or self._demo["no_menu"]

    def _buttons(self) -> dict[str, dict[str, Any]]:
        menu = self._api.menus.get(self._courier.account.name) or {"button": []}
        found: dict[str, dict[str, Any]] = {}
        for number, button in enumerate(menu["button"], 1):
            subs = button.get("sub_button") or []
            found |= {f"{number}.{n}": sub for n, sub in enumerate(subs, 1)} if subs else {str(number): button}
        return found

    async def _press(self, number: str) -> None:
        """Press a button of the account's menu, by its number."""
        button = self._buttons().get(number)
        if button is None:
            self._say(self._menu())
        elif button["type"] == "view":
            await self._send(messages.view(button["url"], button["name"]))
            self._say(f"（打开网页 {button['url']}：{await _title(button['url'])}）")
        else:
            await self._send(messages.click(button["key"], button["name"]))

    async def _keep_drawing(self) -> None:
        while True:
            self._draw()
            await asyncio.sleep(0.1)

    def _draw(self) -> None:
        """Show what has arrived since."""
        for bubble in self._phone.bubbles[self._drawn :]:
            print(draw(bubble, len(self._links) + 1), flush=True)
            self._links += bubble.links
            self._drawn += 1

    @staticmethod
    def _say(words: str) -> None:
        print(words, flush=True)


def _read_line() -> str | None:
    """The next line of the input, ``None`` at its end."""
    try:
        return input("" if not sys.stdin.isatty() else "> ").strip()
    except (EOFError, KeyboardInterrupt):
        return None


async def _title(address: str) -> str:
    """The title of a page, or what went wrong."""
    try:
        async with aiohttp.ClientSession() as session, session.get(address, timeout=aiohttp.ClientTimeout(total=10)) as page:
            found = _TITLE.search(await page.text())
            return html.unescape(found.group(1)).strip() if page.status == 200 and found else f"HTTP {page.status}"
    except (aiohttp.ClientError, asyncio.TimeoutError) as error:
        return f"打不开（{type(error).__name__}）"
