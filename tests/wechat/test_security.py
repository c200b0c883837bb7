"""Forged, replayed, stale and hostile requests get no work; nothing personal is left behind."""

from __future__ import annotations

import time

import pytest
import requests
import sqlalchemy as sa
from wechatpy.crypto import WeChatCrypto

from tests.serving import Server
from tests.wechat.conftest import MODES, MakePerson
from tests.wechat.peer import AES_KEY, APP_ID, TOKEN, message, packed, signed

BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><xml><Content>&b;</Content></xml>'
FILE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><Content>&f;</Content></xml>'
REMOTE_DTD = '<!DOCTYPE xml SYSTEM "http://127.0.0.1:1/x.dtd"><xml><Content>x</Content></xml>'


def text_of(person: MakePerson) -> str:
    return message(person().open_id, Content="住院费用怎么报销")


@pytest.mark.parametrize("mode", MODES)
def test_a_forged_signature_gets_403(person: MakePerson, mode: str) -> None:
    query, body = packed(mode, text_of(person))
    for wrong in ({"signature": "0" * 40}, {"signature": ""}, {"timestamp": "1"}, {"nonce": "other"}):
        assert person(mode).post(query | wrong, body.encode()).status_code == 403
    assert person(mode).post({}, body.encode()).status_code == 403


@pytest.mark.parametrize("mode", ["compatible", "secure"])
def test_a_forged_message_signature_gets_403(person: MakePerson, mode: str) -> None:
    query, body = packed(mode, text_of(person))
    assert person(mode).post(query | {"msg_signature": "0" * 40}, body.encode()).status_code == 403


@pytest.mark.parametrize(("key", "app_id", "status"), [(AES_KEY[::-1], APP_ID, (400, 403)), (AES_KEY, "wxother", (403,))])
def test_another_key_or_account_is_refused(person: MakePerson, key: str, app_id: str, status: tuple[int, ...]) -> None:
    query = signed()
    xml = WeChatCrypto(TOKEN, key, app_id).encrypt_message(text_of(person), query["nonce"], query["timestamp"])
    signature = xml.split("<MsgSignature><![CDATA[")[1].split("]")[0]
    assert person("secure").post(query | {"msg_signature": signature}, xml.encode()).status_code in status


@pytest.mark.parametrize("shift", [-600, 600])
def test_a_stale_signature_gets_403(person: MakePerson, shift: int) -> None:
    query, body = packed("plain", text_of(person), signed(at=time.time() + shift))
    assert person().post(query, body.encode()).status_code == 403


def test_a_replayed_request_gets_403(person: MakePerson) -> None:
    query, body = packed("plain", text_of(person))
    statuses = [person().post(query, body.encode()).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 403, 403]


def test_a_signature_is_good_for_one_message(person: MakePerson) -> None:
    query = signed()
    statuses = [person().post(query, text_of(person).encode()).status_code for _ in range(2)]
    assert statuses == [200, 403]


@pytest.mark.parametrize(
    "body", [BOMB, FILE, REMOTE_DTD, "<xml><a>", "", "no xml", "{}", "<other/>", "<xml/>", "\x00", "<xml><a/><a/></xml>"]
)
@pytest.mark.parametrize("mode", MODES)
def test_hostile_and_malformed_xml_gets_400(person: MakePerson, mode: str, body: str) -> None:
    assert person(mode).post(signed(), body.encode()).status_code == 400


@pytest.mark.parametrize("body", [BOMB, FILE, "<xml/>", "no xml"])
def test_hostile_xml_inside_the_encryption_gets_400(person: MakePerson, body: str) -> None:
    query, sealed = packed("secure", body)
    assert person("secure").post(query, sealed.encode()).status_code == 400


@pytest.mark.parametrize(
    "fields",
    [
        {"FromUserName": "a b"},
        {"FromUserName": "<x>"},
        {"CreateTime": "now"},
        {"CreateTime": "9" * 40},
        {"MsgType": ""},
        {"MsgType": {"b": "c"}},
        {"MsgId": "x"},
        {"MsgType": "event"},
    ],
)
def test_fields_that_make_no_sense_get_400(person: MakePerson, fields: dict[str, str]) -> None:
    import xmltodict

    head = {"ToUserName": "gh_1", "FromUserName": "o1", "CreateTime": "1", "MsgType": "text", "MsgId": "1", "Content": "x"}
    body = xmltodict.unparse({"xml": head | fields}, full_document=False)
    assert person().post(signed(), body.encode()).status_code == 400


def test_a_body_too_large_gets_400(person: MakePerson) -> None:
    assert person().post(signed(), message("o1", Content="大" * 40_000).encode()).status_code == 400


@pytest.mark.parametrize(
    "content", ["]]><x>", "<a href='x'>点</a>", "&lt;&#0;", "a" * 20_000, "\u202e反", "'; drop table documents; --"]
)
@pytest.mark.parametrize("kind", ["text", "voice"])
def test_odd_text_is_answered_and_never_comes_back(person: MakePerson, kind: str, content: str) -> None:
    words = person("secure").does(kind, **{"Content" if kind == "text" else "Recognition": content})
    assert content not in words


def test_unknown_and_broken_accounts_say_so(servers: tuple[Server, Server]) -> None:
    for name, status in (("nobody", 404), ("wrong", 503)):
        for response in (
            requests.get(f"{servers[0].address}/webhooks/wechat/{name}"),
            requests.post(f"{servers[0].address}/webhooks/wechat/{name}", data="<xml/>"),
        ):
            assert response.status_code == status
            assert name in response.json()["error"]


def test_a_wrong_setting_is_named_at_start(servers: tuple[Server, Server]) -> None:
    log = servers[0].log.read_text()
    assert "the account wrong is not served: region: there is no '无此地'" in log


FOR_PEOPLE = {"recent_turns", "learning"}
"""The tables that hold words, masked and for a time: what the desk and the clerks read."""


def test_no_open_id_and_no_number_is_kept_and_no_words_are_logged(person: MakePerson, servers: tuple[Server, Server]) -> None:
    someone = person("friendly")
    words, number = "我叫特别少见的名字", "13800000000"
    someone.says(words + number)
    someone.post({}, message(someone.open_id, Content=words).encode())
    engine = sa.create_engine(servers[0].environment["YIBAO_STATE"])
    with engine.connect() as connection:
        tables = sa.inspect(engine).get_table_names()
        kept = {table: str(connection.execute(sa.text(f"select * from {table}")).mappings().all()) for table in tables}
    assert f"{words}［手机号码］" in kept["recent_turns"]
    log = servers[0].log.read_text()
    assert "wechat friendly: refused with 403" in log
    for name, place in {**kept, "log": log}.items():
        assert someone.open_id not in place
        assert number not in place
        assert TOKEN not in place
        assert name in FOR_PEOPLE or words not in place
