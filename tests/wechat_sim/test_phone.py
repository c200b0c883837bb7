"""The phone shows what arrives and sends what is tapped."""

from __future__ import annotations

from bot.wechat_sim.phone import Bubble, menu_text, tapped
from bot.wechat_sim.screen import draw

CHOICES = """请选：
<a href="weixin://bizmsgmenu?msgmenucontent=%E4%BD%8F%E9%99%A2&msgmenuid=1">1. 住院</a>
<a href="tel:0833-1">0833-1</a>"""


def test_a_tap_on_a_choice_sends_its_words_and_its_id() -> None:
    (label, href), (_, telephone) = Bubble("reply", CHOICES).links
    message = tapped(href)
    assert label == "1. 住院"
    assert message is not None
    assert message.fields == {"Content": "住院", "bizmsgmenuid": "1"}
    assert tapped(telephone) is None


def test_a_choice_without_id_or_words_does_nothing() -> None:
    assert tapped("weixin://bizmsgmenu?msgmenucontent=住院") is None
    assert tapped("weixin://bizmsgmenu?msgmenuid=1") is None


def test_a_message_menu_of_the_client_api_has_tappable_choices() -> None:
    menu: dict[str, object] = {
        "head_content": "有用吗？",
        "list": [{"id": "101", "content": "有用 & 好"}],
        "tail_content": "谢谢",
    }
    shown = Bubble("service", menu_text(menu))
    message = tapped(shown.links[0][1])
    assert shown.text.startswith("有用吗？\n<a ")
    assert message is not None
    assert message.fields["Content"] == "有用 & 好"


def test_the_screen_numbers_links_and_keeps_every_word() -> None:
    drawn = draw(Bubble("reply", CHOICES + "\n" + "医" * 70), first_link=4)
    assert "1. 住院〔4〕" in drawn
    assert "0833-1〔5〕" in drawn
    assert "href" not in drawn
    assert drawn.count("医") == 70


def test_a_bubble_is_a_box_of_even_lines() -> None:
    lines = draw(Bubble("reply", "住院费用报销\nabc"), first_link=1).split("\n")
    assert lines[1] == "│ 住院费用报销 │"
    assert lines[2] == "│ abc          │"
