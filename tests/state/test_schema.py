"""The tables of the state database come to the newest revision, from wherever they are."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

from bot.state.database import alone, open_state
from bot.state.schema import SchemaError, change, current, revisions, upgrade
from bot.state.tables import METADATA
from tests.conftest import MakeUrl
from tests.state.conftest import Run
from tests.state.rows import content, fill

_SCRIPT = (
    "import sys; from bot.state.database import open_state; from bot.state.schema import upgrade; upgrade(open_state('{}'))"
)


def _upgrade(url: str, more: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", _SCRIPT.format(url) + more], capture_output=True, text=True, timeout=120)


def _differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), METADATA))


def test_the_newest_revision_is_what_the_models_say(database: Engine) -> None:
    upgrade(database)
    assert _differences(database) == []


def test_files_are_numbered_in_the_order_that_alembic_runs_them() -> None:
    config = Config("alembic.ini")
    known = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert list(revisions()) == known[::-1]


def test_upgrading_again_changes_nothing(database: Engine) -> None:
    upgrade(database)
    fill(database)
    before = content(database)
    upgrade(database)
    assert content(database) == before


def test_a_database_from_before_revisions_is_adopted_with_every_row(database: Engine) -> None:
    with alone(database) as connection:
        change(connection, "0001")
    fill(database)
    before = content(database)
    with database.begin() as connection:  # as an earlier version left it: without a revision, not every table and index there
        for statement in ("DROP TABLE alembic_version", "DROP TABLE duty", "DROP INDEX ix_ratings_at"):
            connection.execute(sa.text(statement))
    upgrade(database)
    assert content(database) == before | {"duty": []}
    assert _differences(database) == []


def test_a_table_of_somebody_else_is_left_alone(database: Engine) -> None:
    with database.begin() as connection:
        connection.execute(sa.text("CREATE TABLE calls (id integer PRIMARY KEY, duration integer)"))
    with pytest.raises(SchemaError, match=r"'calls'.*duration"):
        upgrade(database)
    assert sa.inspect(database).get_table_names() == ["calls"]


def test_a_database_that_is_newer_than_the_code_is_refused(database: Engine) -> None:
    upgrade(database)
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaError, match=r"'9999'.*newer version"):
        upgrade(database)


@pytest.mark.parametrize("command", ["state upgrade", "accounts list", "forget web:x"])
def test_a_command_says_why_it_refuses_a_newer_database(run: Run, make_url: MakeUrl, command: str) -> None:
    url = make_url("sqlite")
    test_a_database_that_is_newer_than_the_code_is_refused(open_state(url))
    with pytest.raises(ChildProcessError, match="a newer version wrote it"):
        run(url, *command.split())


def test_the_command_tells_the_revision_before_and_after_it_upgrades(run: Run, url: str) -> None:
    newest = revisions()[-1]
    assert run(url, "state", "current") == f"none (the newest is {newest})\n"
    assert run(url, "state", "upgrade") == run(url, "state", "current") == f"{newest} (the newest)\n"


def test_of_servers_that_start_at_the_same_moment_one_makes_the_tables(url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        started = list(pool.map(_upgrade, [url] * 4))
    assert [(run.returncode, run.stderr) for run in started] == [(0, "")] * 4
    engine = open_state(url)
    with engine.connect() as connection:
        assert current(connection) == revisions()[-1]
    assert _differences(engine) == []


def test_a_start_with_nothing_to_change_does_not_load_alembic(make_url: MakeUrl) -> None:
    url = make_url("sqlite")
    upgrade(open_state(url))
    assert _upgrade(url, "; print('alembic' in sys.modules)").stdout == "False\n"
