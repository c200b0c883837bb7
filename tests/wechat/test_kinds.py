"""What each kind of message and event gets, from the running server."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.serving import Server
from tests.wechat.conftest import MODES, MakePerson
from tests.wechat.peer import message, signed

QUESTION = "住院费用怎么报销"


@pytest.mark.parametrize("mode", MODES)
def test_a_question_is_answered_in_every_mode(person: MakePerson, mode: str) -> None:
    words = person(mode).says(QUESTION)
    assert words.startswith("【住院费用报销·乐山市】")
    assert '<a href="tel:0833-2128816">0833-2128816</a>' in words


@pytest.mark.parametrize("mode", MODES)
def test_the_server_proves_itself_in_every_mode(servers: tuple[Server, Server], mode: str) -> None:
    import requests

    address = f"{servers[0].address}/webhooks/wechat/{mode}"
    assert requests.get(address, params=signed(echostr="1234567890")).text == "1234567890"
    assert requests.get(address, params=signed(echostr="1") | {"signature": "0" * 40}).status_code == 403


def test_an_answer_offers_the_guide_page_and_a_rating(person: MakePerson) -> None:
    words = person().says("峨眉山市的住院费用怎么报销")
    assert "/guide/leshan/inpatient_reimbursement?place=" in words
    assert "msgmenucontent=有用&msgmenuid=useful-" in words
    assert "msgmenucontent=没用&msgmenuid=useless-" in words


def test_choices_can_be_tapped_and_typed(person: MakePerson) -> None:
    someone = person()
    words = someone.says("异地就医怎么备案")
    assert '1. <a href="weixin://bizmsgmenu?msgmenucontent=异地安置退休人员备案&msgmenuid=1">' in words
    assert "【异地安置退休人员备案" in someone.says("1")


def test_voice_is_taken_at_its_recognition(person: MakePerson) -> None:
    assert "【住院费用报销·乐山市】" in person().does("voice", MediaId="m", Format="amr", Recognition=QUESTION)


def test_voice_without_recognition_is_asked_for_again(person: MakePerson) -> None:
    assert "没有听清" in person().does("voice", MediaId="m", Format="amr")


def test_a_location_gives_the_county(person: MakePerson) -> None:
    someone = person()
    someone.says(QUESTION)
    label = "四川省乐山市峨眉山市名山路北京巷8号"
    words = someone.does("location", Location_X="29.6", Location_Y="103.4", Scale="15", Label=label)
    assert "乐山市峨眉山市" in words
    assert "0833-5546541" in words
    assert "0833-2128816" not in words


def test_a_location_before_any_question_sets_the_place(person: MakePerson) -> None:
    someone = person()
    words = someone.does("location", Location_X="29.6", Location_Y="103.4", Scale="15", Label="四川省乐山市峨眉山市名山路8号")
    assert "按乐山市峨眉山市的办事指南回答" in words
    assert "【住院费用报销·乐山市峨眉山市】" in someone.says(QUESTION)


def test_a_location_without_an_address_asks_for_the_place(person: MakePerson) -> None:
    assert "看不出在哪个区县" in person().does("location", Location_X="29.6", Location_Y="103.4", Scale="15", Label="")


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("image", "图片我看不了"),
        ("video", "视频我看不了"),
        ("shortvideo", "视频我看不了"),
        ("link", "链接我打不开"),
        ("file", "这种消息我看不了"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence_what_to_do(person: MakePerson, kind: str, sentence: str) -> None:
    words = person().does(kind, MediaId="m", Title="t", Url="http://x")
    assert sentence in words
    assert "请打字告诉我" in words


@pytest.mark.parametrize("text", ["", "   ", "【收到不支持的消息类型，暂无法显示】", "/", "😀"])
def test_a_text_without_words_gets_words(person: MakePerson, text: str) -> None:
    assert person().says(text)


def test_who_subscribes_is_welcomed(person: MakePerson) -> None:
    words = person().does("event", Event="subscribe", EventKey="")
    assert "医保办事助手" in words
    assert "msgmenucontent=住院费用怎么报销" in words
    assert "现在按乐山市的办事指南回答" in words


def test_a_scanned_counter_sets_the_place(person: MakePerson) -> None:
    someone = person()
    someone.says(QUESTION)
    assert "峨眉山市" in someone.does("event", Event="SCAN", EventKey="counter", Ticket="t")
    assert "【住院费用报销·乐山市峨眉山市】" in someone.says(QUESTION)


def test_who_subscribes_at_a_counter_is_welcomed_there(person: MakePerson) -> None:
    someone = person()
    assert "现在按乐山市峨眉山市的办事指南回答" in someone.does(
        "event", Event="subscribe", EventKey="qrscene_counter", Ticket="t"
    )
    assert "【住院费用报销·乐山市峨眉山市】" in someone.says(QUESTION)


def test_an_unknown_scene_is_said(person: MakePerson) -> None:
    assert "没有认出这个二维码" in person().does("event", Event="SCAN", EventKey="elsewhere", Ticket="t")


def test_a_menu_button_asks_its_question(person: MakePerson) -> None:
    assert "【住院费用报销·乐山市】" in person().does("event", Event="CLICK", EventKey=QUESTION)


@pytest.mark.parametrize("event", ["unsubscribe", "VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", "something_new"])
def test_events_that_nobody_waits_for_get_success(person: MakePerson, event: str) -> None:
    someone = person()
    assert someone.attempt(message(someone.open_id, "event", Event=event, EventKey="http://x")) == (200, None)


def test_who_leaves_is_forgotten(person: MakePerson) -> None:
    someone = person()
    someone.says("我是峨眉山市的，住院费用怎么报销")
    someone.attempt(message(someone.open_id, "event", Event="unsubscribe", EventKey=""))
    assert "现在按乐山市的办事指南回答" in someone.does("event", Event="subscribe", EventKey="")


def test_a_rating_and_its_reason_are_stored(person: MakePerson, servers: tuple[Server, Server]) -> None:
    someone = person()
    someone.says("我是峨眉山市的，住院费用怎么报销")
    assert "谢谢" in someone.says("有用")
    someone.says("办理时限是多久")
    assert "哪里不好" in someone.says("没用")
    assert "写下来" in someone.says("4")
    assert "已经记下" in someone.says("我的电话13800138000打不通")
    with sa.create_engine(servers[0].environment["YIBAO_STATE"]).connect() as connection:
        rows = connection.execute(sa.text("select conversation, item, region, useful, reason from ratings order by id")).all()
    mine = [row for row in rows if row.conversation == rows[-1].conversation]
    assert [(row.item, row.region, bool(row.useful), row.reason) for row in mine] == [
        ("inpatient_reimbursement", "乐山市/峨眉山市", True, None),
        ("inpatient_reimbursement", "乐山市/峨眉山市", False, "我的电话［手机号码］打不通"),
    ]
    assert someone.open_id not in str(rows)


def test_an_answer_is_rated_once(person: MakePerson) -> None:
    someone = person()
    assert "没有可以评价的回答" in someone.says("有用")
    someone.says(QUESTION)
    someone.says("有用")
    assert "已经评价过了" in someone.says("没用")


def test_a_question_after_a_bad_rating_is_answered(person: MakePerson) -> None:
    someone = person()
    someone.says(QUESTION)
    someone.says("没用")
    assert "【异地安置退休人员备案" in someone.says("退休了住外地怎么备案")


def test_two_questions_in_a_message_fit_and_more_goes_on(person: MakePerson) -> None:
    someone = person()
    words = someone.says("医疗机构申请定点怎么办？另外住院费用怎么报销？")
    assert "msgmenucontent=更多" in words
    seen = words
    while "msgmenucontent=更多" in words:
        words = someone.says("更多")
        seen += words
    assert 0 <= seen.index("【医疗机构申请定点") < seen.index("【住院费用报销")
    assert seen.count("来源：") == 2
