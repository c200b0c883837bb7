"""The client API answers as WeChat's does, its errors too. Asked with the library the channel uses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
import requests
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from bot.wechat_sim import messages
from bot.wechat_sim.account import Account, invent
from bot.wechat_sim.api import ClientApi
from bot.wechat_sim.phone import Phone

ACCOUNT = invent("demo", "secure")
MENU = {"button": [{"type": "click", "name": "材料", "key": "m"}, {"name": "更多", "sub_button": []}]}


class Client(WeChatClient):
    """The library's client, calling the address given: its own address of the token call is fixed."""

    def __init__(self, account: Account, address: str) -> None:
        super().__init__(account.app_id, account.secret)
        self.API_BASE_URL = f"{address}/cgi-bin/"

    def fetch_access_token(self) -> object:
        query = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        return self._fetch_access_token(url=f"{self.API_BASE_URL}token", params=query)


def asked(call: Callable[[WeChatClient, Phone], object], account: Account = ACCOUNT, **options: object) -> object:
    """What a client of ``account`` gets, while a person who has just written waits."""

    async def ask() -> object:
        phone = Phone()
        phone.sends(messages.text("您好"))
        async with ClientApi([ACCOUNT], phones={phone.open_id: phone}, **options) as api:  # type: ignore[arg-type]
            client = Client(account, api.address)
            return await asyncio.get_running_loop().run_in_executor(None, call, client, phone)

    return asyncio.run(ask())


def code(call: Callable[[WeChatClient, Phone], object], account: Account = ACCOUNT, **options: object) -> int:
    with pytest.raises(WeChatClientException) as caught:
        asked(call, account, **options)
    return int(caught.value.errcode)


def test_a_customer_service_message_reaches_the_phone() -> None:
    def send(client: WeChatClient, phone: Phone) -> list[str]:
        client.message.send_text(phone.open_id, "住院费用报销")
        return [bubble.text for bubble in phone.heard()]

    assert asked(send) == ["住院费用报销"]


def test_no_more_than_five_messages_answer_one() -> None:
    def six(client: WeChatClient, phone: Phone) -> None:
        for _ in range(6):
            client.message.send_text(phone.open_id, "您好")

    assert code(six) == 45047


def test_who_has_left_gets_nothing() -> None:
    def send(client: WeChatClient, phone: Phone) -> None:
        phone.sends(messages.unsubscribe())
        client.message.send_text(phone.open_id, "您好")

    assert code(send) == 45015


@pytest.mark.parametrize(
    ("content", "expected"), [("", 44004), ("保" * 683, 45002)], ids=["nothing to send", "more than 2,048 bytes"]
)
def test_what_cannot_be_sent_is_refused(content: str, expected: int) -> None:
    assert code(lambda client, phone: client.message.send_text(phone.open_id, content)) == expected


def test_a_stranger_cannot_be_written_to() -> None:
    assert code(lambda client, _: client.message.send_text("o-nobody", "您好")) == 40003


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (Account("demo", "secure", "wx0", "", "", "", ACCOUNT.secret), 40013),
        (Account("demo", "secure", ACCOUNT.app_id, "", "", "", "wrong"), 40125),
    ],
    ids=["app id", "secret"],
)
def test_wrong_credentials_are_named(account: Account, expected: int) -> None:
    assert code(lambda client, _: client.fetch_access_token(), account) == expected


def test_a_call_can_be_made_to_fail() -> None:
    refuse = {"/cgi-bin/message/custom/send": 48001, "/cgi-bin/token": 40164}
    assert code(lambda client, _: client.fetch_access_token(), refuse=refuse) == 40164


def test_a_client_whose_access_token_has_ended_gets_a_new_one_and_goes_on() -> None:
    def send(client: WeChatClient, phone: Phone) -> tuple[int, int]:
        client.message.send_text(phone.open_id, "一")
        first = client.access_token
        client.session.set(client.access_token_key, "too old", 7200)
        client.message.send_text(phone.open_id, "二")
        return len(phone.heard()), client.access_token != first

    assert asked(send) == (2, True)


def test_a_token_that_has_ended_is_refused_as_such() -> None:
    def call(client: WeChatClient, _: Phone) -> int:
        token = client.fetch_access_token()["access_token"]
        answer = requests.get(f"{client.API_BASE_URL}menu/get", params={"access_token": token}, timeout=5)
        return int(answer.json()["errcode"])

    assert asked(call, token_seconds=0) == 42001


def test_a_menu_is_kept_and_given_back() -> None:
    def push(client: WeChatClient, _: Phone) -> object:
        client.menu.create(MENU)
        return client.menu.get()["menu"]

    assert asked(push) == MENU


@pytest.mark.parametrize(
    ("buttons", "expected"),
    [([], 40016), ([{"type": "click", "name": "七个汉字的名称", "key": "k"}], 40018)],
    ids=["no buttons", "a name too long"],
)
def test_a_menu_wechat_would_not_take_is_refused(buttons: list[object], expected: int) -> None:
    assert code(lambda client, _: client.menu.create({"button": buttons})) == expected


def test_there_is_no_menu_before_one_is_pushed() -> None:
    assert asked(lambda client, _: client.menu.get()) is None
