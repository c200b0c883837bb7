"""People: a session ends with silence, a place stays."""

from __future__ import annotations

import datetime
from pathlib import Path

import sqlalchemy as sa

from bot.channels.wechat.people import People, PersonRow
from bot.state.database import open_state
from bot.state.schema import upgrade


def test_a_long_silence_begins_a_new_session_with_the_place_kept(tmp_path: Path) -> None:
    state = open_state(f"sqlite:///{tmp_path / 'state.sqlite'}")
    upgrade(state)
    people = People(state, silence=3600)
    first = people.visit("a:1")
    people.move("a:1", "乐山市/市中区")
    assert people.visit("a:1").conversation == first.conversation == "wechat:a:1:1"
    with state.begin() as connection:
        earlier = datetime.datetime.utcnow() - datetime.timedelta(hours=2)
        connection.execute(sa.update(PersonRow.__table__).values(seen_at=earlier))
    later = people.visit("a:1")
    assert later.conversation == "wechat:a:1:2"
    assert later.place == "乐山市/市中区"
    assert people.visit("a:1").session == 2
