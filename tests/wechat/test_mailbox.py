"""What two servers know together of one person's messages, on both stores."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from bot.channels.wechat import mailbox
from bot.channels.wechat.fitting import size
from bot.channels.wechat.leases import Leases
from bot.channels.wechat.mailbox import Mailbox, Words
from bot.state.database import open_state
from bot.state.documents import Documents, RedisDocuments, SqlDocuments
from bot.state.schema import upgrade
from tests.conftest import MakeUrl

MakeBox = Callable[[str], Mailbox]


@pytest.fixture(params=["sqlite", "postgresql", "redis"])
def documents(request: pytest.FixtureRequest, make_url: MakeUrl) -> Iterator[Documents]:
    if request.param == "redis":
        yield RedisDocuments(redis.Redis.from_url(request.getfixturevalue("redis_url")))
        return
    state = open_state(make_url(request.param))
    upgrade(state)
    yield SqlDocuments(state)
    state.dispose()


@pytest.fixture
def key() -> str:
    """A key that no other test has."""
    return uuid.uuid4().hex


@pytest.fixture
def box(documents: Documents, key: str) -> MakeBox:
    """The mailbox of one person as the named server sees it."""
    return lambda server: Mailbox(documents, key, server)


def test_changes_at_the_same_time_all_count(documents: Documents, key: str) -> None:
    def add(_: int) -> None:
        documents.change(key, lambda document: document.update(n=document.get("n", 0) + 1), 60)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(80)))
    assert documents.get(key) == {"n": 80}


def test_documents_expire(documents: Documents, key: str) -> None:
    documents.change(key, lambda document: document.update(a=1), 0.05)
    time.sleep(0.1)
    assert documents.get(key) == {}
    documents.change(key, lambda document: document.update(b=2), 60)
    assert documents.get(key) == {"b": 2}


def test_one_server_of_two_holds_a_message(box: MakeBox) -> None:
    assert box("one").arrive("m").mine
    assert not box("two").arrive("m").mine
    assert box("two").ask("m").attempts == 2


def test_only_the_holder_stores_an_answer(box: MakeBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "LEASE_SECONDS", 0.05)
    box("one").arrive("m")
    time.sleep(0.1)
    monkeypatch.setattr(mailbox, "LEASE_SECONDS", 60)
    assert box("two").ask("m").mine
    box("one").finish("m", Words("of the dead"))
    assert box("one").ask("m").state == mailbox.OPEN
    box("two").finish("m", Words("of the living"))
    assert box("one").deliver("m") == "of the living"


def test_a_lease_is_renewed_while_it_is_held(box: MakeBox) -> None:
    one = box("one")
    one.arrive("m")
    before = one.read()["messages"][0]["lease"]
    with Leases().held(one, "m"):
        ends = time.monotonic() + 20
        while one.read()["messages"][0]["lease"] <= before and time.monotonic() < ends:
            time.sleep(0.1)
    assert one.read()["messages"][0]["lease"] > before


def test_a_message_waits_for_those_before_it(box: MakeBox) -> None:
    one = box("one")
    one.arrive("first")
    one.arrive("second")
    assert not one.is_next("second")
    one.finish("first", Words("answered"))
    assert not one.is_next("second"), "an attempt is to carry the answer first"
    one.deliver("first")
    assert one.is_next("second")


def test_an_answer_on_its_way_is_not_taken_by_another_message(box: MakeBox) -> None:
    one = box("one")
    one.arrive("first")
    one.finish("first", Words("an attempt will carry this"))
    one.arrive("second")
    one.finish("second", Words("own words"))
    assert one.deliver("second") == "own words"
    assert one.take("first") is None


def test_a_late_answer_goes_one_way_only(box: MakeBox) -> None:
    one = box("one")
    one.arrive("first")
    assert one.give_up("first").state == mailbox.OPEN
    one.finish("first", Words("late words"))
    assert one.take("first") == "late words"
    assert one.take("first") is None
    one.put_back("first")
    one.arrive("second")
    one.finish("second", Words("own words"))
    assert one.deliver("second") == "late words\n\nown words"
    assert one.take("first") is None
    assert one.ask("first").state == mailbox.CARRIED


def test_an_answer_that_no_attempt_came_for_is_carried_later(box: MakeBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "GRACE_SECONDS", 0.05)
    one = box("one")
    one.arrive("first")
    one.finish("first", Words("nobody came"))
    time.sleep(0.1)
    assert one.unheard()
    one.arrive("second")
    one.finish("second", Words(otherwise="nothing was waiting"))
    assert one.deliver("second") == "nobody came"


def test_what_has_no_room_waits_for_more_and_talk_beside_keeps_it(box: MakeBox) -> None:
    one = box("one")
    one.arrive("first")
    one.finish("first", Words("办理材料。\n" * 300))
    assert size(one.deliver("first")) <= 2048
    rest = one.read()["rest"]
    assert rest.startswith("办理材料。")
    one.arrive("second")
    one.finish("second", Words("谢谢", aside=True))
    assert one.read()["rest"] == rest


def test_words_of_an_agent_come_first(box: MakeBox) -> None:
    one = box("one")
    one.keep("工作人员：请带身份证。")
    one.arrive("m")
    one.finish("m", Words("own words"))
    assert one.deliver("m") == "工作人员：请带身份证。\n\nown words"
