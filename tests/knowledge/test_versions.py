"""Earlier versions of the guides: kept, gone back to while the base is asked, and left again."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from knowledge import files, versions
from knowledge.__main__ import main
from knowledge.database import build, is_current, open_engine, use_version
from knowledge.query import Finding, KnowledgeBase
from tests.conftest import MakeUrl

LESHAN = Path("guides") / "leshan-2024.yml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(files.DATA, copy, ignore=shutil.ignore_patterns("*.sqlite*", "__pycache__", "*.py"))
    return copy


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, make_url: MakeUrl) -> Engine:
    return open_engine(make_url(request.param))


def days(folder: Path, number: int) -> None:
    """Make the limit of an inpatient's reimbursement in 乐山 so many working days."""
    text = (files.DATA / LESHAN).read_text(encoding="utf-8")
    changed = text.replace("{text: 9个工作日, working_days: 9}", f"{{text: {number}个工作日, working_days: {number}}}")
    (folder / LESHAN).write_text(changed, encoding="utf-8")


def limit(engine: Engine) -> str:
    found = KnowledgeBase(engine).look_up("inpatient_reimbursement", ["time_limit"], "乐山市")
    assert isinstance(found, Finding)
    return str(found.facts["time_limit"][0]["text"])


def numbers(engine: Engine) -> list[int]:
    return [int(line.split()[0]) for line in versions.listing(engine)]


def test_an_earlier_version_answers_again_until_the_next_build(engine: Engine, folder: Path) -> None:
    build(engine, folder)
    first = numbers(engine)[0]
    days(folder, 5)
    build(engine, folder)
    before = KnowledgeBase(engine).version()
    assert limit(engine) == "5个工作日"
    use_version(engine, first)
    assert limit(engine) == "9个工作日"
    assert KnowledgeBase(engine).version() != before, "what rests on the version would not be made anew"
    assert is_current(engine, folder), "a version chosen by hand is what should answer"
    assert next(line for line in versions.listing(engine) if line.endswith("chosen by hand")).split()[0] == str(first)
    build(engine, folder)
    assert limit(engine) == "5个工作日"


def test_building_the_same_guides_again_makes_no_version_and_only_the_last_five_stay(engine: Engine, folder: Path) -> None:
    build(engine, folder)
    newest = numbers(engine)[0]
    build(engine, folder)
    assert numbers(engine)[0] == newest
    for number in range(11, 17):
        days(folder, number)
        build(engine, folder)
    assert numbers(engine) == list(range(newest + 6, newest + 1, -1))


def test_the_base_is_asked_while_it_is_built(engine: Engine, folder: Path) -> None:
    """Every answer is of one version or the other, and none waits for the build."""
    build(engine, folder)
    answers, done = set(), threading.Event()

    def ask() -> None:
        while not done.is_set():
            answers.add(limit(engine))

    asking = threading.Thread(target=ask)
    asking.start()
    for number in (5, 9, 5):
        days(folder, number)
        build(engine, folder)
    done.set()
    asking.join()
    assert answers <= {"9个工作日", "5个工作日"}
    assert answers


def test_a_version_that_is_not_kept_is_named_with_those_that_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = f"sqlite:///{tmp_path / 'knowledge.sqlite'}"
    build(open_engine(database))
    assert main(["--database", database, "use", "7"]) == 1
    assert "no version 7: there are 1" in capsys.readouterr().err
    assert main(["--database", database, "versions"]) == 0
    assert "answers" in capsys.readouterr().out
