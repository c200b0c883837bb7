"""In time, once, in order: attempts, retries and late answers, with two servers over one store."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.serving import Server
from tests.wechat.conftest import two_servers
from tests.wechat.peer import PATIENCE, Api, Person, message

QUESTION, ANSWER = "住院费用怎么报销", "【住院费用报销·乐山市】"
LATE = "回复任意文字获取结果"


@pytest.fixture(scope="module", params=["database", "redis"])
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, api: Api) -> Iterator[list[str]]:
    """The addresses of two servers that share a store."""
    if request.param == "database":
        yield [server.address for server in request.getfixturevalue("servers")]
        return
    url = request.getfixturevalue("redis_url")
    with two_servers(tmp_path_factory.mktemp("wechat-redis"), api, YIBAO_REDIS=url) as running:
        yield [server.address for server in running]


def test_a_repeated_message_is_answered_once(pair: list[str]) -> None:
    someone = Person("secure", pair)
    first = message(someone.open_id, Content="异地就医怎么备案")
    ((status, words),) = {someone.attempt(first) for _ in range(3)}
    assert (status, "1. " in (words or "")) == (200, True)
    assert "【异地安置退休人员备案" in someone.says("1") + someone.says("1"), (
        "the choice is taken once, by the server that offered it"
    )


def test_a_retry_carries_the_answer_that_was_late(pair: list[str]) -> None:
    someone = Person("secure", pair)
    number, words = someone.insists(message(someone.open_id, Content=f"慢{PATIENCE + 0.5} {QUESTION}"))
    assert number == 2
    assert words is not None
    assert words.startswith(ANSWER)


def test_attempts_at_the_same_time_get_the_same_answer(pair: list[str]) -> None:
    someone = Person("plain", pair)
    xml = message(someone.open_id, Content=f"慢0.5 {QUESTION}")
    with ThreadPoolExecutor() as pool:
        (answer,) = set(pool.map(lambda _: someone.attempt(xml)[1], range(3)))
    assert (answer or "").startswith(ANSWER)


def test_a_late_answer_comes_with_the_next_message(pair: list[str]) -> None:
    someone = Person("plain", pair)
    number, words = someone.insists(message(someone.open_id, Content=f"慢{3 * PATIENCE + 1} {QUESTION}"))
    assert number == 3
    assert LATE in (words or "")
    words = someone.insists(message(someone.open_id, Content="好"), patience=10)[1]
    assert (words or "").startswith(ANSWER)
    assert ANSWER not in someone.says("谢谢"), "it comes once"


def test_a_question_after_a_late_answer_gets_both_in_order(pair: list[str]) -> None:
    someone = Person("plain", pair)
    assert LATE in (someone.insists(message(someone.open_id, Content=f"慢{3 * PATIENCE + 0.5} 生育津贴怎么领"))[1] or "")
    words = someone.says("转人工")
    seen = words
    while "msgmenucontent=更多" in words:
        words = someone.says("更多")
        seen += words
    assert 0 <= seen.index("【生育津贴") < seen.index("12393")


def test_a_late_answer_is_sent_by_customer_service(pair: list[str], api: Api) -> None:
    someone = Person("friendly", pair)
    assert LATE in (someone.insists(message(someone.open_id, Content=f"慢{3 * PATIENCE + 0.5} {QUESTION}"))[1] or "")
    assert [text.startswith(ANSWER) for text in api.sent_to(someone.open_id)] == [True]
    assert ANSWER not in someone.says("谢谢")


def test_an_answer_that_customer_service_refuses_comes_with_the_next_message(pair: list[str], api: Api) -> None:
    someone = Person("friendly", pair)
    api.refuses = 45015
    try:
        assert LATE in (someone.insists(message(someone.open_id, Content=f"慢{3 * PATIENCE + 0.3} {QUESTION}"))[1] or "")
        ends = time.monotonic() + 20
        while someone.open_id not in api.refused and time.monotonic() < ends:
            time.sleep(0.05)
    finally:
        api.refuses = 0
    assert api.refused.count(someone.open_id) == 1
    heard = [someone.says("好")]  # to which alone nobody is told about reimbursement
    while ANSWER not in heard[-1] and time.monotonic() < ends:  # until it is noted that it was refused
        heard.append(someone.says("好"))
    assert heard[-1].startswith(ANSWER)
    assert ANSWER not in someone.says("谢谢"), "it comes once"
    assert not any(to == someone.open_id for to, _ in api.sent)


def test_messages_of_one_person_stay_in_order(pair: list[str]) -> None:
    someone = Person("plain", pair)
    heard: list[str] = []
    texts = [f"慢1.0 {QUESTION}", "慢0.3 生育津贴怎么领", "退休了住外地怎么备案"]

    def send(text: str) -> None:
        words = someone.insists(message(someone.open_id, Content=text), patience=8)[1] or ""
        heard.append(words.split("\n")[0])

    threads = [threading.Thread(target=send, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
        time.sleep(0.3)
    for thread in threads:
        thread.join()
    assert [words.split("·")[0] for words in heard] == ["【住院费用报销", "【生育津贴支付", "【异地安置退休人员备案"]


def test_a_dropped_connection_does_not_stop_the_turn(pair: list[str]) -> None:
    someone = Person("plain", pair)
    xml = message(someone.open_id, Content=f"慢0.6 {QUESTION}")
    with pytest.raises(requests.Timeout):
        someone.attempt(xml, patience=0.2)
    words = someone.attempt(xml)[1] or ""
    assert words.startswith(ANSWER)


def test_a_server_that_dies_does_not_keep_the_message(servers: tuple[Server, Server]) -> None:
    """The other takes it over when the lease has run out; should the first come back, it answers nothing."""
    victim, survivor = servers
    someone = Person("plain", [victim.address])
    xml = message(someone.open_id, Content=f"慢4 {QUESTION}")
    with pytest.raises(requests.Timeout):
        someone.attempt(xml, patience=1)
    os.kill(victim.process.pid, signal.SIGSTOP)
    try:
        other = Person("plain", [survivor.address], someone.open_id)
        ends, words = time.monotonic() + 40, LATE
        while LATE in words and time.monotonic() < ends:
            words = other.attempt(xml)[1] or LATE
    finally:
        os.kill(victim.process.pid, signal.SIGCONT)
    assert words.startswith(ANSWER)
    assert someone.attempt(xml)[1] == words


def test_words_of_an_agent_are_sent_where_that_is_possible(pair: list[str], api: Api) -> None:
    someone = Person("friendly", pair)
    someone.says("坐席 请带身份证，<可打>0833-2128816")
    expected = '请带身份证，＜可打＞<a href="tel:0833-2128816">0833-2128816</a>'
    assert api.sent_to(someone.open_id) == [expected]


def test_words_of_an_agent_come_with_the_next_reply_elsewhere(pair: list[str]) -> None:
    someone = Person("plain", pair)
    heard = [someone.says("坐席 请带身份证")]
    ends = time.monotonic() + 20
    while "请带身份证" not in heard[-1] and time.monotonic() < ends:
        time.sleep(0.5)
        heard.append(someone.says(QUESTION))
    assert heard[-1].startswith("请带身份证\n\n")
    assert "请带身份证" not in someone.says(QUESTION)


def test_many_people_at_once_are_each_answered(pair: list[str]) -> None:
    people = [Person("secure", pair) for _ in range(30)]
    with ThreadPoolExecutor(30) as pool:
        heard = list(pool.map(lambda who: who.insists(message(who.open_id, Content=QUESTION), patience=20), people))
    assert all((words or "").startswith(ANSWER) for _, words in heard)
