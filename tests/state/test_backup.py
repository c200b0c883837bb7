"""A back-up holds everything, and restoring it brings everything back or leaves all as it was."""

from __future__ import annotations

import gzip
import hashlib
import json
import stat
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.accounts import audit
from bot.desk.duty import set_duty
from bot.state.backup import back_up
from bot.state.database import open_state, snapshot
from bot.state.restore import BadBackup, restore
from bot.state.schema import SchemaError, current, revisions, upgrade
from bot.state.tables import METADATA
from tests.conftest import MakeUrl
from tests.state.conftest import KINDS
from tests.state.rows import MANY, content, fill


@pytest.fixture
def full(database: Engine) -> Engine:
    """A database with rows in every table."""
    upgrade(database)
    fill(database)
    return database


@pytest.fixture
def file(tmp_path: Path, make_url: MakeUrl) -> Path:
    """A back-up of a database that holds other rows than ``full``: more."""
    other = open_state(make_url("sqlite"))
    upgrade(other)
    fill(other, many=2 * MANY)
    back_up(other, tmp_path / "other.gz")
    return tmp_path / "other.gz"


def _lines(file: Path) -> list[bytes]:
    return gzip.decompress(file.read_bytes()).splitlines(keepends=True)


def _write(file: Path, lines: list[bytes]) -> None:
    """A back-up of these lines, with the right checksum."""
    end = json.loads(lines[-1]) | {"sha256": hashlib.sha256(b"".join(lines[:-1])).hexdigest()}
    file.write_bytes(gzip.compress(b"".join(lines[:-1]) + json.dumps(end).encode() + b"\n"))


def _with_head(file: Path, **values: Any) -> None:
    lines = _lines(file)
    _write(file, [json.dumps(json.loads(lines[0]) | values).encode() + b"\n", *lines[1:]])


@pytest.mark.parametrize("target", KINDS)
def test_every_row_of_every_table_comes_back_in_either_kind_of_database(
    full: Engine, target: str, make_url: MakeUrl, tmp_path: Path
) -> None:
    written = back_up(full, tmp_path / "state.gz")
    assert written == {table: MANY for table in METADATA.tables}
    restored = open_state(make_url(target))
    assert restore(restored, tmp_path / "state.gz") == written
    assert content(restored) == content(full)


def test_new_rows_are_numbered_after_those_restored(database: Engine, file: Path) -> None:
    restore(database, file)
    audit.note(database, "somebody", "something")
    with database.connect() as connection:
        numbers = connection.execute(sa.text("SELECT id FROM audit ORDER BY id")).scalars().all()
    assert numbers == list(range(1, 2 * MANY + 2))


def test_a_back_up_is_for_its_owners_eyes_and_takes_no_other_files_place(full: Engine, tmp_path: Path) -> None:
    path = tmp_path / "state.gz"
    back_up(full, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(ValueError, match="exists"):
        back_up(full, path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.glob("*.gz*")] == ["state.gz"]


def test_a_back_up_that_fails_leaves_no_file(database: Engine, tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="state upgrade"):
        back_up(database, tmp_path / "state.gz")
    assert list(tmp_path.glob("*.gz*")) == []


def test_a_back_up_is_of_one_moment(full: Engine) -> None:
    count = sa.text("SELECT count(*) FROM duty")
    with snapshot(full) as connection:
        before = connection.execute(count).scalar()
        set_duty(full, "somebody who comes meanwhile", True)
        assert connection.execute(count).scalar() == before
    with full.connect() as connection:
        assert connection.execute(count).scalar() == before + 1


def test_memory_does_not_grow_with_the_database(database: Engine, tmp_path: Path) -> None:
    upgrade(database)
    turn = {"conversation": "web:1", "at": sa.func.now(), "said": "住院" * 1000, "answers": ["答" * 1000]}
    table = METADATA.tables["recent_turns"]
    with database.begin() as connection:
        for _ in range(1_000):  # each of 14 KB
            connection.execute(sa.insert(table).values(turn))
    tracemalloc.start()
    back_up(database, tmp_path / "state.gz")
    restore(database, tmp_path / "state.gz", replace=True)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 7_000_000


def test_a_full_database_is_only_replaced_when_that_is_asked_for(full: Engine, file: Path) -> None:
    before = content(full)
    with pytest.raises(ValueError, match=r"not empty.*--replace"):
        restore(full, file)
    assert content(full) == before
    restore(full, file, replace=True)
    after = content(full)
    assert {table: len(rows) for table, rows in after.items()} == {table: 2 * MANY for table in before}


def test_a_back_up_from_before_a_revision_is_brought_to_the_newest(database: Engine, file: Path) -> None:
    _with_head(file, revision=revisions()[0])
    restore(database, file)
    with database.connect() as connection:
        assert current(connection) == revisions()[-1]
    assert {len(rows) for rows in content(database).values()} == {2 * MANY}


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-200])


def _without_its_end(file: Path) -> None:
    file.write_bytes(gzip.compress(b"".join(_lines(file)[:-1])))


def _without_a_row(file: Path) -> None:
    lines = _lines(file)
    file.write_bytes(gzip.compress(b"".join([*lines[:3], *lines[4:]])))


def _with_a_changed_byte(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    file.write_bytes(bytes(whole))


def _of_text(file: Path) -> None:
    file.write_text("not a back-up at all")


def _of_nothing(file: Path) -> None:
    file.write_bytes(b"")


def _of_something_else(file: Path) -> None:
    file.write_bytes(gzip.compress(b'[1]\n{"sha256": 1}\n'))


def _of_a_later_format(file: Path) -> None:
    _with_head(file, version=2)


def _of_a_later_revision(file: Path) -> None:
    _with_head(file, revision="9999")


WRONG = (
    _cut,
    _without_its_end,
    _without_a_row,
    _with_a_changed_byte,
    _of_text,
    _of_nothing,
    _of_something_else,
    _of_a_later_format,
    _of_a_later_revision,
)


@pytest.mark.parametrize("spoil", WRONG, ids=lambda spoil: spoil.__name__.strip("_"))
def test_a_wrong_file_is_refused_and_nothing_is_lost(spoil: Callable[[Path], None], make_url: MakeUrl, file: Path) -> None:
    spoil(file)
    full = open_state(make_url("sqlite"))
    upgrade(full)
    fill(full)
    before = content(full)
    with pytest.raises((BadBackup, SchemaError)):
        restore(full, file, replace=True)
    assert content(full) == before


def test_rows_that_cannot_be_stored_leave_the_database_as_it_was(full: Engine, file: Path) -> None:
    """The file is as it was written, but two accounts have the same name."""
    lines = _lines(file)
    first = next(n for n, line in enumerate(lines) if line.startswith(b'{"table":"accounts"')) + 1
    _write(file, [*lines[:first], lines[first], lines[first], *lines[first + 1 :]])
    before = content(full)
    with pytest.raises(sa.exc.IntegrityError):
        restore(full, file, replace=True)
    assert content(full) == before
