"""What holds for every answer that can be given: all items, all guides' places, all aspects."""

from __future__ import annotations

import pytest

from bot.answering.context import Reply
from bot.answering.reply import MESSAGE_LIMIT
from knowledge.catalogue import load_catalogue
from knowledge.facts import ASPECTS, OVERVIEW
from tests.bot.conftest import MakeContext, Talk
from tests.bot.turns import asking

CHAINS = {
    "national": {"national"},
    "sichuan": {"sichuan-2020", "national"},
    "leshan": {"leshan-2024", "sichuan-2020", "national"},
    "liangshan": {"liangshan-2024", "sichuan-2020", "national"},
    "yunnan": {"yunnan", "national"},
}
"""The guides that may speak where a guide holds: itself and those of wider places."""

PLACES = {
    None: None,
    "四川省": "sichuan",
    "乐山市": "leshan",
    "乐山市/峨边县": "leshan",
    "凉山州": "liangshan",
    "云南省": "yunnan",
}
"""Places and whose guide is theirs. With no place, the widest guide that has the item answers."""

Answers = dict[tuple[str | None, str], Reply]


@pytest.fixture(scope="module", params=list(load_catalogue().items))
def item(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def answers(item: str, make_context: MakeContext) -> Answers:
    """All answers about one item, by place and aspect."""
    return {
        (place, aspect): Talk(make_context).say(asking("?", item, aspect, places=((place, "insured"),) if place else ()))
        for place in PLACES
        for aspect in ASPECTS
    }


def test_no_message_is_longer_than_a_phone_shows(answers: Answers) -> None:
    long = {
        key: len(text) for key, reply in answers.items() for text in (*reply.texts, *reply.more) if len(text) > MESSAGE_LIMIT
    }
    assert long == {}


def test_every_answer_has_words_and_the_item(item: str, answers: Answers) -> None:
    for reply in answers.values():
        assert reply.texts
        assert all(text.strip() for text in (*reply.texts, *reply.more))
        assert reply.payload["type"] == "answer"
        assert reply.payload["item"]["id"] == item


def test_every_fact_comes_from_a_guide_up_the_chain_of_the_place(answers: Answers) -> None:
    for (place, aspect), reply in answers.items():
        given = {fact["source"] for facts in reply.payload["facts"].values() for fact in facts}
        assert given <= CHAINS[PLACES[place] or reply.payload["jurisdiction"]], (place, aspect)
        assert given <= {source["id"] for source in reply.payload["sources"]}, (place, aspect)


def test_every_text_names_the_guides_that_it_is_taken_from(answers: Answers) -> None:
    for (place, aspect), reply in answers.items():
        whole = "\n".join([*reply.texts, *reply.more])
        if aspect != OVERVIEW:  # which shows less than the payload has
            assert [source for source in reply.payload["sources"] if source["title"] not in whole] == [], (place, aspect)


def test_no_fact_is_lost_between_payload_and_pages(answers: Answers) -> None:
    for (place, aspect), reply in answers.items():
        if aspect == OVERVIEW:
            continue
        shown = "".join([*reply.texts, *reply.more]).replace("\n", "")
        for facts in reply.payload["facts"].values():
            for fact in facts:
                text = fact.get("number") or fact["text"]
                assert text[:30].replace("\n", "") in shown, (place, aspect, text)
                assert text[-30:].replace("\n", "") in shown, (place, aspect, text)


def test_what_is_missing_is_said_and_a_number_given(answers: Answers) -> None:
    for (place, aspect), reply in answers.items():
        if aspect != OVERVIEW and not reply.payload["facts"]:
            assert reply.payload["notices"], (place, aspect)
            assert "12393" in "".join([*reply.texts, *reply.more]), (place, aspect)


def test_a_place_that_is_not_known_is_asked_for(answers: Answers) -> None:
    for aspect in ASPECTS:
        reply = answers[None, aspect]
        assert "还不知道您在哪里参保" in "".join([*reply.texts, *reply.more])
        assert reply.payload["region"]["from"] == "none"
