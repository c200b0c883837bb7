"""Building the database: all or nothing, and every fault in the data named with file, entry and field."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from knowledge import files
from knowledge.database import build, is_current, open_engine
from knowledge.query import Finding, KnowledgeBase

Change = Callable[[str, str, str], None]
LESHAN = "leshan-2024.yml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the data files that a test may spoil."""
    copy = tmp_path / "data"
    shutil.copytree(files.DATA, copy, ignore=shutil.ignore_patterns("*.sqlite*", "__pycache__", "*.py"))
    return copy


@pytest.fixture
def change(folder: Path) -> Change:
    """``change(file, old, new)``: replace the first ``old`` of a guide file."""

    def replace(file: str, old: str, new: str) -> None:
        path = folder / "guides" / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_engine(f"sqlite:///{tmp_path / 'knowledge.sqlite'}")


def limit_of_leshan(engine: Engine) -> str:
    found = KnowledgeBase(engine).look_up("inpatient_reimbursement", ["time_limit"], "乐山市")
    assert isinstance(found, Finding)
    return str(found.facts["time_limit"][0]["text"])


def test_the_data_files_build_167_entries(engine: Engine) -> None:
    assert build(engine) == 167


def test_building_twice_gives_the_same_facts(engine: Engine) -> None:
    build(engine)
    first = KnowledgeBase(engine).export()
    build(engine)
    assert KnowledgeBase(engine).export() == first


def test_a_changed_guide_changes_the_answer(engine: Engine, folder: Path, change: Change) -> None:
    build(engine, folder)
    assert limit_of_leshan(engine) == "9个工作日"
    change(LESHAN, "{text: 9个工作日, working_days: 9}", "{text: 8个工作日, working_days: 8}")
    build(engine, folder)
    assert limit_of_leshan(engine) == "8个工作日"


def test_a_broken_guide_changes_nothing(engine: Engine, folder: Path, change: Change) -> None:
    build(engine, folder)
    before = KnowledgeBase(engine).export()
    change(LESHAN, "{text: 9个工作日, working_days: 9}", "{text: 8个工作日, working_days: 8}")
    change("yunnan.yml", 'number: "12333"', 'number: "12333x"')
    with pytest.raises(files.DataError):
        build(engine, folder)
    assert KnowledgeBase(engine).export() == before
    assert limit_of_leshan(engine) == "9个工作日"


def test_a_build_for_which_the_disk_is_too_small_changes_nothing(engine: Engine, folder: Path) -> None:
    others = [path for path in (folder / "guides").iterdir() if path.name != LESHAN]
    for path in others:
        path.rename(path.with_suffix(".txt"))
    build(engine, folder)
    before = KnowledgeBase(engine).export()
    for path in others:
        path.with_suffix(".txt").rename(path)

    def no_more_pages(connection: sqlite3.Connection, _: object) -> None:
        [(pages,)] = connection.execute("PRAGMA page_count").fetchall()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    engine.dispose()
    sa.event.listen(engine, "connect", no_more_pages)
    with pytest.raises(sa.exc.SQLAlchemyError, match="disk is full"):
        build(engine, folder)
    assert KnowledgeBase(engine).export() == before
    assert not is_current(engine, folder)


def test_a_file_that_is_no_database_is_set_aside(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "knowledge.sqlite").write_bytes(b"no database at all" * 1000)
    assert not is_current(engine)
    assert build(engine) == 167
    assert limit_of_leshan(engine) == "9个工作日"
    assert (tmp_path / "knowledge.broken").read_bytes().startswith(b"no database")


def test_a_damaged_database_is_set_aside(engine: Engine, tmp_path: Path) -> None:
    build(engine)
    engine.dispose()
    path = tmp_path / "knowledge.sqlite"
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))
    assert build(engine) == 167
    assert limit_of_leshan(engine) == "9个工作日"


def test_a_database_with_tables_of_an_older_shape_is_built_anew(engine: Engine, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "knowledge.sqlite") as old:
        old.execute("CREATE TABLE guide (id TEXT PRIMARY KEY, name TEXT)")
        old.execute("INSERT INTO guide VALUES ('leshan-2020', '乐山')")
    old.close()
    assert build(engine) == 167
    assert limit_of_leshan(engine) == "9个工作日"


def test_an_empty_file_is_built_into(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "knowledge.sqlite").touch()
    assert build(engine) == 167


def test_a_database_is_current_until_a_data_file_changes(engine: Engine, folder: Path, change: Change) -> None:
    assert not is_current(engine, folder)
    build(engine, folder)
    assert is_current(engine, folder)
    change(LESHAN, "{text: 9个工作日, working_days: 9}", "{text: 8个工作日, working_days: 8}")
    assert not is_current(engine, folder)
    build(engine, folder)
    assert is_current(engine, folder)


def test_a_database_is_not_current_when_a_guide_is_added_or_taken_away(engine: Engine, folder: Path) -> None:
    build(engine, folder)
    (folder / "guides" / "yunnan.yml").rename(folder / "guides" / "yunnan.txt")
    assert not is_current(engine, folder)


def test_the_version_tells_from_which_data_the_database_was_built(engine: Engine, folder: Path) -> None:
    build(engine, folder)
    assert KnowledgeBase(engine).version() == files.fingerprint(folder)


@pytest.mark.parametrize(
    ("old", "new", "entry", "field", "says"),
    [
        ("number: 0833-2096331", "number: 0833-20963", "unit_enrollment", "phones[1].number", "regex"),
        ("place: 沙湾区", "place: 沙弯区", "unit_enrollment", "phones[2]", "沙弯区"),
        ("place: 沙湾区", "place: 市中区", "unit_enrollment", "phones[2]", "second inquiry number"),
        ("when: [flexible]", "when: [flexibel]", "employee_enrollment", "channels[4]", "flexibel"),
        ("working_days: 9}", "working_days: 6}", "inpatient_reimbursement", "time_limits[1]", "9个工作日"),
        ("9个工作日, working_days: 9}", "9个工作日}", "inpatient_reimbursement", "time_limits[1]", "working_days"),
        ("{text: 即时办结, immediate", "{text: 3天内, immediate", "unit_enrollment", "time_limits[1]", "3天内"),
        ("    time_limits:", "    time_limit:", "unit_enrollment", "time_limit", "extra fields"),
        ("kind: counter", "kind: desk", "unit_enrollment", "channels[1].kind", "desk|unexpected value"),
        ("form: 基本医疗保险单位参保信息登记表", "form: 登记表格", "unit_enrollment", "materials[2]", "登记表格"),
        ("    title: 单位参保登记\n", "", "unit_enrollment", "title", "required"),
        ("item: unit_enrollment", "item: unit_enrolment", "unit_enrolment", "item", "no such item"),
        ("item: unit_enrollment", "item: employee_enrollment", "employee_enrollment", "item", "2 times"),
        ("{text: 9个工作日, working_days: 9}", "{text: ''}", "inpatient_reimbursement", "time_limits[1].text", "least 1"),
    ],
)
def test_a_fault_is_named_with_file_entry_and_field(
    engine: Engine, folder: Path, change: Change, old: str, new: str, entry: str, field: str, says: str
) -> None:
    change(LESHAN, old, new)
    with pytest.raises(files.DataError) as raised:
        build(engine, folder)
    line = next(line for line in str(raised.value).splitlines() if f"entry {entry}: {field}: " in line)
    assert line.startswith(f"{LESHAN}: ")
    assert any(word in line for word in says.split("|"))


def test_a_missing_entry_is_told(engine: Engine, folder: Path) -> None:
    path = folder / "guides" / LESHAN
    head, first, rest = path.read_text(encoding="utf-8").split("  - item: ", 2)
    assert first.startswith("unit_enrollment")
    path.write_text(head + "  - item: " + rest, encoding="utf-8")
    with pytest.raises(files.DataError, match=rf"{LESHAN}: .*34 entries, the file 33"):
        build(engine, folder)


def test_a_missing_item_is_told(engine: Engine, folder: Path, change: Change) -> None:
    change(LESHAN, "  - item: unit_enrollment\n    title", "  - title")
    with pytest.raises(files.DataError, match=rf"{LESHAN}: entry number 1: item: field required"):
        build(engine, folder)


def test_a_file_that_is_no_yaml_is_told(engine: Engine, folder: Path, change: Change) -> None:
    change(LESHAN, "entries:\n", "entries: [\n")
    with pytest.raises(files.DataError, match=rf"{LESHAN}: not readable as YAML"):
        build(engine, folder)


def test_a_file_named_otherwise_than_its_guide_is_told(engine: Engine, folder: Path) -> None:
    (folder / "guides" / LESHAN).rename(folder / "guides" / "leshan-2025.yml")
    with pytest.raises(files.DataError, match=r"leshan-2025.yml: id: is 'leshan-2024'"):
        build(engine, folder)


def test_two_guides_for_one_place_are_told(engine: Engine, folder: Path, change: Change) -> None:
    change("liangshan-2024.yml", "region: 凉山州", "region: 乐山市")
    with pytest.raises(files.DataError, match=r"liangshan-2024.yml: .*乐山市 has several guides"):
        build(engine, folder)


def test_the_faults_of_all_files_are_told_at_once(engine: Engine, folder: Path, change: Change) -> None:
    change(LESHAN, "number: 0833-2096331", "number: 0833-20963")
    change("yunnan.yml", "kind: counter", "kind: desk")
    with pytest.raises(files.DataError) as raised:
        build(engine, folder)
    assert {line.split(":")[0] for line in str(raised.value).splitlines()} == {LESHAN, "yunnan.yml"}


def test_a_folder_without_guides_is_told(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(files.DataError, match="no guide file"):
        build(engine, tmp_path)
