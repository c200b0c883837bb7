"""What one person sees of the account, through WeChat's side."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.wechat_sim import messages
from bot.wechat_sim.account import invent
from bot.wechat_sim.courier import Delivery
from bot.wechat_sim.messages import Message
from bot.wechat_sim.phone import Phone, tapped
from bot.wechat_sim.wire import pack, unpack
from tests.wechat_sim.peer import Peer

QUESTION = messages.text("乐山市市中区住院费用怎么报销")


def sent(wechat: Peer, *said: Message, name: str = "secure", phone: Phone | None = None) -> list[Delivery]:
    """What became of messages of one person, one after the other."""

    async def send() -> list[Delivery]:
        person = phone or wechat.phone()
        async with wechat.courier(name) as courier:
            return [await courier.deliver(person, message) for message in said]

    return wechat.do(send())


@pytest.mark.parametrize("name", ["plain", "compatible", "secure"])
def test_the_server_proves_itself_when_its_address_is_saved(wechat: Peer, name: str) -> None:
    async def verify() -> bool:
        async with wechat.courier(name) as courier:
            return await courier.verify()

    assert wechat.do(verify())


@pytest.mark.parametrize(
    "message",
    [
        messages.voice(None),
        messages.voice("住院费用怎么报销"),
        messages.location("29.5551", "103.7613", "四川省乐山市市中区海棠路"),
        messages.image(),
        messages.video(),
        messages.video(short=True),
        messages.link("标题", "说明", "https://example.com/"),
        messages.file("a.pdf"),
        messages.sticker(),
        messages.text("\u3000"),
        messages.text("😀" * 200),
        messages.text("<a href='x'>]]>&amp;"),
        messages.subscribe(),
        messages.subscribe("emeishan"),
        messages.scan("emeishan"),
        messages.scan("nowhere"),
        messages.click("住院费用怎么报销", "住院报销"),
    ],
    ids=lambda message: message.shown,
)
def test_whatever_is_sent_gets_words_that_wechat_shows(wechat: Peer, message: Message) -> None:
    (delivery,) = sent(wechat, message)
    assert delivery.fault is None
    assert delivery.text


@pytest.mark.parametrize(
    "message", [messages.unsubscribe(), messages.view("https://example.com/", "主页")], ids=lambda m: m.shown
)
def test_what_wants_no_words_gets_none(wechat: Peer, message: Message) -> None:
    (delivery,) = sent(wechat, message)
    assert (delivery.fault, delivery.text) == (None, None)


def test_a_scan_sets_the_place_of_the_answers(wechat: Peer) -> None:
    *_, answer = sent(wechat, messages.scan("emeishan"), messages.text("住院费用报销的咨询电话"))
    assert answer.text is not None
    assert "峨眉山市" in answer.text


def test_every_choice_under_an_answer_can_be_tapped(wechat: Peer) -> None:
    phone = wechat.phone()
    (answer,) = sent(wechat, QUESTION, phone=phone)
    assert answer.text is not None
    taps = [tap for _, href in phone.bubbles[-1].links if (tap := tapped(href))]
    assert taps
    for delivery in sent(wechat, *taps, phone=phone):
        assert delivery.fault is None
        assert delivery.text


def test_the_same_message_id_of_two_people_is_two_messages(wechat: Peer) -> None:
    async def send() -> list[str | None]:
        async with wechat.courier("secure") as courier:
            return [(await courier.deliver(wechat.phone(), QUESTION, number=77)).text for _ in range(2)]

    assert all(text and text.startswith("【住院费用报销") for text in wechat.do(send()))


@pytest.mark.parametrize("sign_again", [True, False], ids=["signed anew", "the same to the byte"])
def test_a_retry_at_the_other_server_brings_the_same_answer(wechat: Peer, sign_again: bool) -> None:
    async def send() -> tuple[Delivery, Phone]:
        phone = wechat.phone()
        async with wechat.courier("secure") as courier:
            return await courier.deliver(phone, QUESTION, cuts=(0.3, 0.3), sign_again=sign_again), phone

    delivery, phone = wechat.do(send())
    assert [attempt.result for attempt in delivery.attempts] == ["cut", "cut", "answered"]
    assert delivery.text is not None
    assert delivery.text.startswith("【住院费用报销")
    assert len(phone.heard()) == 1


def test_a_message_played_again_later_is_no_new_turn(wechat: Peer) -> None:
    """The question about the phone still means the item asked before the replay."""

    async def send() -> tuple[str | None, str | None]:
        account, phone = wechat.accounts["secure"], wechat.phone()
        other = pack(
            account, phone.open_id, messages.text("参保登记怎么办").xml(account.original_id, phone.open_id, 5, int(time.time()))
        )
        async with wechat.courier("secure") as courier:
            _, body = await courier.post(other)
            await courier.deliver(phone, QUESTION)
            _, again = await courier.post(other)
            assert unpack(account, phone.open_id, again) == unpack(account, phone.open_id, body)
            after = await courier.deliver(phone, messages.text("咨询电话"))
            return unpack(account, phone.open_id, body), after.text

    first, after = wechat.do(send())
    assert first is not None
    assert after is not None
    assert after.startswith("【住院费用报销")


@pytest.mark.parametrize("name", ["plain", "compatible", "secure"])
def test_who_does_not_know_the_token_is_refused(wechat: Peer, name: str) -> None:
    account, stranger = wechat.accounts[name], invent(name, wechat.accounts[name].mode)

    async def send() -> tuple[int, bytes]:
        async with wechat.courier(name) as courier:
            return await courier.post(pack(stranger, "o1", QUESTION.xml(account.original_id, "o1", 1, int(time.time()))))

    assert wechat.do(send())[0] == 403


def test_a_signature_of_yesterday_is_refused(wechat: Peer) -> None:
    account, yesterday = wechat.accounts["secure"], int(time.time()) - 86_400

    async def send() -> tuple[int, bytes]:
        async with wechat.courier("secure") as courier:
            return await courier.post(pack(account, "o1", QUESTION.xml(account.original_id, "o1", 1, yesterday), yesterday))

    assert wechat.do(send())[0] == 403


def test_a_burst_of_one_person_is_answered_in_the_order_it_was_sent(wechat: Peer) -> None:
    items = ["住院费用报销", "生育津贴支付", "门诊费用报销"]

    async def send() -> Phone:
        phone = wechat.phone()
        async with wechat.courier("secure", servers=1) as courier:

            async def say(item: str, delay: float) -> None:
                await asyncio.sleep(delay)
                await courier.deliver(phone, messages.text(f"换个事问：{item}的办理时限"))

            await asyncio.gather(*(say(item, 0.1 * n) for n, item in enumerate(items)))
        return phone

    headings = [bubble.text.partition("·")[0] for bubble in wechat.do(send()).heard()]
    assert headings == [f"【{item}" for item in items]


def test_the_pushed_menu_reaches_wechat_and_its_button_asks_the_question(wechat: Peer) -> None:
    printed = wechat.do(wechat.servers[0].command("wechat", "menu", "push", "secure"))
    assert "secure: the menu is pushed" in printed
    (button,) = wechat.api.menus["secure"]["button"]
    (answer,) = sent(wechat, messages.click(button["key"], button["name"]))
    assert answer.text is not None
    assert answer.text.startswith("【住院费用报销")
