"""A server goes on where another stopped: backed up while it runs on SQLite, restored into PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.accounts import people
from bot.state.database import open_state
from tests.assist.conftest import PASSWORD, log_in
from tests.conftest import MakeUrl
from tests.serving import Server, serving
from tests.state.conftest import Run
from tests.web.visitor import Visitor


@pytest.fixture
def running_before(server: Server) -> Server:
    people.add(open_state(server.environment["YIBAO_STATE"]), "agent-before", people.AGENT, PASSWORD)
    return server


def test_an_agent_logs_in_and_a_conversation_goes_on(
    running_before: Server, run: Run, tmp_path: Path, make_url: MakeUrl
) -> None:
    visitor = Visitor(running_before, "乐山市")
    visitor.send("生育津贴怎么申领")
    said = run(running_before.environment["YIBAO_STATE"], "state", "backup", str(tmp_path / "state.gz"))
    assert "accounts\t" in said
    assert "YIBAO_SECRET" in said
    url = make_url("postgresql")
    assert "web_messages\t" in run(url, "state", "restore", str(tmp_path / "state.gz"))
    with serving(tmp_path, YIBAO_STATE=url) as server:
        assert log_in(server, "agent-before").status_code == 200
        later = Visitor(server, token=visitor.token)
        assert later.messages()[0]["text"] == "生育津贴怎么申领"
        (reply,) = later.send("要多久").json()["replies"]
        assert reply["payload"]["item"]["id"] == "maternity_allowance"
        assert reply["seq"] == 4
