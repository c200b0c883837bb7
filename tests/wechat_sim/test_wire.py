"""What goes over the wire is what WeChat sends, and what WeChat would not show is noticed."""

from __future__ import annotations

import time

import defusedxml.ElementTree
import pytest
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TextReply
from wechatpy.utils import check_signature

from bot.wechat_sim import messages
from bot.wechat_sim.account import MODES, Account, invent, open_id
from bot.wechat_sim.messages import Message
from bot.wechat_sim.wire import BadReplyError, pack, unpack, verification

PERSON = open_id()


@pytest.fixture(params=MODES)
def account(request: pytest.FixtureRequest) -> Account:
    return invent("demo", request.param)


def packed(account: Account, message: Message) -> tuple[dict[str, str], str]:
    request = pack(account, PERSON, message.xml(account.original_id, PERSON, 7_000_000_000_000_001, 1_700_000_000))
    return request.query, request.body


def reply(account: Account, content: str, person: str = PERSON) -> str:
    return str(TextReply(source=account.original_id, target=person, content=content, time=int(time.time())).render())


def sealed(account: Account, plain: str) -> bytes:
    if account.mode == "plain":
        return plain.encode()
    return str(WeChatCrypto(account.token, account.aes_key, account.app_id).encrypt_message(plain, "123")).encode()


def test_a_message_carries_the_signatures_of_its_mode(account: Account) -> None:
    query, body = packed(account, messages.text("您好"))
    check_signature(account.token, query["signature"], query["timestamp"], query["nonce"])
    assert query["openid"] == PERSON
    assert ("msg_signature" in query) == ("encrypt_type" in query) == ("<Encrypt>" in body) == (account.mode != "plain")
    assert ("您好" in body) == (account.mode != "secure")


@pytest.mark.parametrize("mode", ["compatible", "secure"])
def test_an_encrypted_message_opens_to_what_was_sent(mode: str) -> None:
    account = invent("demo", mode)
    query, body = packed(account, messages.text("您好 & <再见>"))
    crypto = WeChatCrypto(account.token, account.aes_key, account.app_id)
    opened = parse_message(crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"]))
    assert (opened.content, opened.id, opened.source) == ("您好 & <再见>", 7_000_000_000_000_001, PERSON)


def test_the_verification_is_signed_with_the_token() -> None:
    account = invent("demo", "secure")
    query = verification(account)
    check_signature(account.token, query["signature"], query["timestamp"], query["nonce"])
    assert query["echostr"].isdigit()


@pytest.mark.parametrize(
    ("message", "kind", "attributes"),
    [
        (messages.text("满意", "101"), "text", {"content": "满意"}),
        (messages.voice("我要报销"), "voice", {"recognition": "我要报销"}),
        (messages.voice(None), "voice", {"recognition": None}),
        (messages.location("29.5", "103.7", "市中区"), "location", {"location": ("29.5", "103.7"), "label": "市中区"}),
        (messages.image(), "image", {}),
        (messages.video(), "video", {}),
        (messages.video(short=True), "shortvideo", {}),
        (messages.link("标题", "说明", "https://example.com/"), "link", {"url": "https://example.com/"}),
        (messages.file("a.pdf"), "unknown", {}),
        (messages.subscribe(), "event", {"event": "subscribe"}),
        (messages.subscribe("counter1"), "event", {"event": "subscribe_scan", "scene_id": "counter1"}),
        (messages.unsubscribe(), "event", {"event": "unsubscribe"}),
        (messages.scan("counter1"), "event", {"event": "scan", "scene_id": "counter1"}),
        (messages.click("materials", "材料"), "event", {"event": "click", "key": "materials"}),
        (messages.view("https://example.com/", "主页"), "event", {"event": "view", "url": "https://example.com/"}),
        (messages.report_location("29.5", "103.7"), "event", {"event": "location", "latitude": 29.5}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_kind_is_understood_by_the_library(message: Message, kind: str, attributes: dict[str, object]) -> None:
    plain = message.xml("gh_1", PERSON, 7, 1_700_000_000)
    parsed = parse_message(plain)
    assert parsed.type == kind
    assert {name: getattr(parsed, name) for name in attributes} == attributes
    assert ("MsgId" in plain) != message.is_event


def test_words_that_end_a_section_do_not_break_the_message() -> None:
    plain = messages.text("a]]><b>").xml("gh_1", PERSON, 7, 0)
    assert defusedxml.ElementTree.fromstring(plain).findtext("Content") == "a]]><b>"


def test_a_good_reply_is_read(account: Account) -> None:
    assert unpack(account, PERSON, sealed(account, reply(account, "住院费用报销"))) == "住院费用报销"


@pytest.mark.parametrize("body", [b"", b"success", b" \n"])
def test_an_empty_reply_is_nothing_to_say(account: Account, body: bytes) -> None:
    assert unpack(account, PERSON, body) is None


@pytest.mark.parametrize("content", ["保" * 683, " "])
def test_a_reply_too_long_or_empty_is_noticed(account: Account, content: str) -> None:
    with pytest.raises(BadReplyError):
        unpack(account, PERSON, sealed(account, reply(account, content)))


def test_a_reply_to_another_person_is_noticed(account: Account) -> None:
    with pytest.raises(BadReplyError, match="another person"):
        unpack(account, PERSON, sealed(account, reply(account, "您好", open_id())))


@pytest.mark.parametrize("body", [b'{"text": "hello"}', b"<html></html>", b"<xml><Content>"])
def test_a_reply_that_is_no_message_is_noticed(account: Account, body: bytes) -> None:
    with pytest.raises(BadReplyError):
        unpack(account, PERSON, body)


def test_a_reply_with_more_in_it_than_a_message_is_noticed(account: Account) -> None:
    broken_out = reply(account, "您好").replace("</xml>", "<Content><![CDATA[再见]]></Content></xml>")
    with pytest.raises(BadReplyError, match="fields"):
        unpack(account, PERSON, sealed(account, broken_out))


def test_an_encrypted_reply_with_a_wrong_signature_or_key_is_noticed() -> None:
    account, other = invent("demo", "secure"), invent("demo", "secure")
    with pytest.raises(BadReplyError, match="signature"):
        unpack(account, PERSON, sealed(other, reply(account, "您好")))
    wrong_key = Account("demo", "secure", account.app_id, account.original_id, account.token, other.aes_key, "")
    with pytest.raises(BadReplyError, match="opened"):
        unpack(account, PERSON, sealed(wrong_key, reply(account, "您好")))


def test_a_plain_reply_is_refused_in_secure_mode_only(account: Account) -> None:
    plain = reply(account, "您好").encode()
    if account.mode == "secure":
        with pytest.raises(BadReplyError, match="secure"):
            unpack(account, PERSON, plain)
    else:
        assert unpack(account, PERSON, plain) == "您好"
