"""The client API as WeChat plays it (api.weixin.qq.com): access tokens, customer-service messages, the menu.

Error codes: developers.weixin.qq.com, 全局返回码.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.wechat_sim.account import Account
from bot.wechat_sim.phone import Phone, menu_text

_MESSAGES = {
    0: "ok",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40008: "invalid message type",
    40013: "invalid appid",
    40016: "invalid button size",
    40018: "invalid button name size",
    40023: "invalid sub button size",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40125: "invalid appsecret",
    40164: "invalid ip 127.0.0.1, not in whitelist",
    42001: "access_token expired",
    44004: "empty content",
    45002: "content size out of limit",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    46003: "menu no exist",
    47001: "data format error",
    48001: "api unauthorized",
}
Call = dict[str, Any]

_LONGEST_CONTENT = 2048
_OVERLAP_SECONDS = 300
"""How long an access token still works after a newer one was given."""


class RefusedError(Exception):
    """WeChat answers a call with an error code."""

    def __init__(self, code: int) -> None:
        super().__init__(_MESSAGES[code])
        self.code = code


@dataclass
class _Granted:
    account: Account
    until: float


@dataclass
class ClientApi:
    """Plays the API for ``accounts`` towards ``phones``. ``refuse`` makes a call (its path) fail with a code.

    ``port`` 0 is any free one; ``token_seconds`` is how long an access token lives. ``calls`` counts the calls of each path.
    """

    accounts: Iterable[Account]
    port: int = 0
    token_seconds: int = 7200
    phones: dict[str, Phone] = field(default_factory=dict)
    refuse: dict[str, int] = field(default_factory=dict)
    menus: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    _tokens: dict[str, _Granted] = field(default_factory=dict)

    async def __aenter__(self) -> ClientApi:
        app = web.Application()
        for path, handler in {
            "/cgi-bin/token": self._token,
            "/cgi-bin/stable_token": self._token,
            "/cgi-bin/message/custom/send": self._send,
            "/cgi-bin/menu/create": self._create_menu,
            "/cgi-bin/menu/get": self._get_menu,
            "/cgi-bin/menu/delete": self._delete_menu,
        }.items():
            app.router.add_route("*", path, self._answering(handler))
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def _answering(
        self, handler: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        """WeChat always answers 200; what went wrong is in the body."""

        async def answer(request: web.Request) -> web.Response:
            self.calls[request.path] = self.calls.get(request.path, 0) + 1
            try:
                if request.path in self.refuse:
                    raise RefusedError(self.refuse[request.path])
                result = handler(dict(request.query) | _json(await request.text()))
            except RefusedError as error:
                result = {"errcode": error.code, "errmsg": f"{error} rid: {secrets.token_hex(4)}"}
            return web.json_response(result)

        return answer

    def _token(self, call: Call) -> Call:
        if call.get("grant_type") != "client_credential":
            raise RefusedError(40002)
        account = next((account for account in self.accounts if account.app_id == call.get("appid")), None)
        if account is None:
            raise RefusedError(40013)
        if account.secret != call.get("secret"):
            raise RefusedError(40125)
        now, token = time.monotonic(), secrets.token_urlsafe(96)
        for granted in self._tokens.values():
            if granted.account is account:
                granted.until = min(granted.until, now + _OVERLAP_SECONDS)
        self._tokens[token] = _Granted(account, now + self.token_seconds)
        return {"access_token": token, "expires_in": self.token_seconds}

    def _caller(self, call: Call) -> Account:
        granted = self._tokens.get(str(call.get("access_token")))
        if granted is None:
            raise RefusedError(40001)
        if time.monotonic() >= granted.until:
            raise RefusedError(42001)
        return granted.account

    def _send(self, call: Call) -> Call:
        self._caller(call)
        phone = self.phones.get(str(call.get("touser")))
        if phone is None:
            raise RefusedError(40003)
        content = _content(call)
        if not phone.follows or time.monotonic() > phone.free_until:
            raise RefusedError(45015)
        if phone.free < 1:
            raise RefusedError(45047)
        phone.free -= 1
        phone.shows("service", content)
        return {"errcode": 0, "errmsg": "ok"}

    def _create_menu(self, call: Call) -> Call:
        account = self._caller(call)
        buttons = call.get("button")
        if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
            raise RefusedError(40016)
        for button in buttons:
            if not 1 <= len(str(button.get("name", "")).encode()) <= 16:
                raise RefusedError(40018)
            if len(button.get("sub_button") or ()) > 5:
                raise RefusedError(40023)
        self.menus[account.name] = {"button": buttons}
        return {"errcode": 0, "errmsg": "ok"}

    def _get_menu(self, call: Call) -> Call:
        menu = self.menus.get(self._caller(call).name)
        if menu is None:
            raise RefusedError(46003)
        return {"menu": menu}

    def _delete_menu(self, call: Call) -> Call:
        self.menus.pop(self._caller(call).name, None)
        return {"errcode": 0, "errmsg": "ok"}


def _json(body: str) -> Call:
    if not body:
        return {}
    if re.search(r"\\u[0-9a-fA-F]{4}", body):
        raise RefusedError(40033)
    try:
        call = json.loads(body)
    except ValueError:
        raise RefusedError(47001) from None
    if not isinstance(call, dict):
        raise RefusedError(47001)
    return call


def _content(call: Call) -> str:
    """What the phone shows of a customer-service message."""
    kind = call.get("msgtype")
    if kind == "msgmenu":
        return menu_text(call.get("msgmenu") or {})
    if kind != "text":
        raise RefusedError(40008)
    content = str((call.get("text") or {}).get("content") or "")
    if not content:
        raise RefusedError(44004)
    if len(content.encode()) > _LONGEST_CONTENT:
        raise RefusedError(45002)
    return content
