"""Whatever a person writes: understood somehow, answered in words that help, in a payload that keeps the contract."""

from __future__ import annotations

import json
import time
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.nasty import TEXTS
from bot.answering.reply import MESSAGE_LIMIT
from bot.channels.text import LONGEST_MESSAGE, public_text
from bot.server import LARGEST_REQUEST
from bot.understanding.normaliser import MAX_LENGTH, Normaliser, domain_vocabulary, even_out
from bot.understanding.places import MASK, PlaceFinder
from knowledge.regions import load_regions
from tests.contract import check
from tests.serving import Server

WORDS = ("住院", "报销", "怎么", "备案", "乐山", "市中区", "峨眉", "凉山州", "我妈", "要带什么", "电话", "多久",
"，", "？", " ", "😭", "\u200b", "嗯", "/", "\n",
         "1", "{", "%s", "转人工", "第二个", "不是", "谢谢", "医保卡", "cd", "\ud83d")  # fmt: skip
SLOW_SECONDS = 3.0
"""A second on a free machine."""

anything = st.text(st.characters(), max_size=300)
talk = st.lists(st.sampled_from(WORDS), max_size=30).map("".join)
bounded = settings(max_examples=40, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def normalise() -> Normaliser:
    return Normaliser(domain_vocabulary())


@pytest.fixture(scope="module")
def finder() -> PlaceFinder:
    return PlaceFinder(load_regions())


@bounded
@given(st.lists(anything | talk, min_size=1, max_size=3))
def test_any_talk_is_answered_in_words_and_by_the_contract(server: Server, messages: list[str]) -> None:
    for message in messages:
        texts, payloads = server.say(message, sender=f"any {hash(tuple(messages))}")
        assert texts
        assert all(0 < len(text) <= MESSAGE_LIMIT for text in texts)
        assert payloads
        for payload in payloads:
            check(payload)


@bounded
@given(st.sampled_from(sorted(TEXTS)), st.integers(0, 10**6))
def test_hostile_texts_of_every_family_are_answered(server: Server, family: str, seed: int) -> None:
    text, sender = TEXTS[family](Random(seed)), f"{family} {seed}"
    if len(json.dumps(text)) > LARGEST_REQUEST:
        assert server.post({"sender": sender, "message": text})[0] == 413
        return
    started = time.monotonic()
    texts, payloads = server.say(text, sender)
    assert time.monotonic() - started < SLOW_SECONDS * 3  # three times: other tests may run beside
    assert texts
    assert payloads
    for payload in payloads:
        check(payload)


@pytest.mark.parametrize("unit", ["问：", "住", "报销 ", "嗯，", "0-", "乐山的", "社保卡号", "（", "医疗保险待遇"])
def test_no_repetition_keeps_the_server_busy(server: Server, unit: str) -> None:
    server.say("住院报销要多久", sender="warm")
    times = []
    for n in range(3):
        started = time.monotonic()
        server.say((unit * LONGEST_MESSAGE)[:LONGEST_MESSAGE], sender=f"{unit} {n}")
        times.append(time.monotonic() - started)
    assert min(times) < SLOW_SECONDS


@given(anything)
def test_text_for_the_assistant_is_storable_short_and_no_command(text: str) -> None:
    kept = public_text(text * 40)
    assert len(kept) <= LONGEST_MESSAGE * 2  # a mask may be longer than what it stands for
    assert "\0" not in kept
    assert kept.encode().decode() == kept
    assert not kept.startswith("/")
    assert public_text(kept) == kept


@given(anything | talk)
def test_normalising_gives_one_line_without_what_is_invisible(normalise: Normaliser, text: str) -> None:
    normal = normalise(text)
    assert len(normal) <= 20 * MAX_LENGTH
    assert normal == " ".join(normal.split())
    assert not {"\0", "\u200b", "\u202e", "\ufeff"} & set(normal)


@given(anything | talk)
def test_places_stand_where_they_are_said_to(finder: PlaceFinder, text: str) -> None:
    normal = even_out(text)
    mentions, masked = finder.find(normal)
    assert [mention.start for mention in mentions] == sorted(mention.start for mention in mentions)
    for mention in mentions:
        assert normal[mention.start : mention.end] == mention.text
        assert mention.paths
    assert masked.count(MASK) >= len(mentions)
    assert len(masked) == len(normal) + sum(len(MASK) - len(mention.text) for mention in mentions)
