"""Who asks for it is forgotten, once they have confirmed it; everybody else is not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.channels.wechat.people import person_of
from bot.state.database import open_state
from bot.state.tables import METADATA
from tests.serving import Server
from tests.wechat.conftest import MakePerson
from tests.wechat.peer import Person, message

ASKS, CONFIRMS = "删除我的记录", "确认删除我的记录"
QUESTION = "峨眉山市的住院费用怎么报销"


@pytest.fixture
def state(servers: tuple[Server, Server]) -> Engine:
    return open_state(servers[0].environment["YIBAO_STATE"])


def _kept(state: Engine, someone: Person) -> dict[str, str]:
    """What the tables that know somebody hold of them."""
    name = person_of(b"for tests only", someone.account, someone.open_id)
    with state.connect() as connection:
        rows = {
            table: "\n".join(str(row) for row in connection.execute(sa.select(columns)) if name in str(row))
            for table, columns in METADATA.tables.items()
        }
    return {table: held for table, held in rows.items() if held}


def test_asking_once_deletes_nothing_and_says_how_to_go_on(person: MakePerson, state: Engine) -> None:
    someone = person()
    someone.says(QUESTION)
    asked = someone.says(ASKS)
    assert f"msgmenucontent={CONFIRMS}&msgmenuid=delete" in asked
    assert "不能恢复" in asked
    assert {"wechat_people", "recent_turns", "documents"} <= set(_kept(state, someone))
    assert "【住院费用报销" in someone.says(QUESTION)  # whoever does not confirm goes on


def test_who_confirms_is_forgotten_and_told_so(person: MakePerson, state: Engine) -> None:
    someone, another = person(), person()
    for one in (someone, another):
        one.says(QUESTION)
        one.says("没用")
    someone.says(ASKS)
    assert "已经删除" in someone.says(CONFIRMS)
    kept = _kept(state, someone)
    assert set(kept) == {"audit", "documents"}  # that it was done; that this last message has its answer
    assert "报销" not in kept["documents"]
    assert {"wechat_people", "recent_turns", "ratings", "documents"} <= set(_kept(state, another))


def test_whoever_was_forgotten_begins_anew(person: MakePerson) -> None:
    someone = person()
    assert someone.says(QUESTION).startswith("【住院费用报销·乐山市峨眉山市】")
    someone.says(CONFIRMS)
    assert "没有可以评价的回答" in someone.says("有用")
    assert someone.says("住院费用怎么报销").startswith("【住院费用报销·乐山市】")


def test_a_question_that_waits_behind_the_deletion_is_answered(servers: tuple[Server, Server]) -> None:
    """It came while the person's mailbox was emptied."""
    someone = Person("plain", [server.address for server in servers])
    with ThreadPoolExecutor(3) as pool:
        said = ("慢1 住院费用怎么报销", CONFIRMS, "住院费用怎么报销")
        answers = list(pool.map(lambda text: someone.insists(message(someone.open_id, Content=text), patience=8), said))
    assert "【住院费用报销" in str(answers[2][1])
    assert "已经删除" in str(answers[1][1])
