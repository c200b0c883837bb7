"""``python -m knowledge`` as clerks and scripts run it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge import files
from knowledge.__main__ import main

Result = subprocess.CompletedProcess[str]
Run = Callable[..., Result]
HOME = files.DATA.parent


def command(*arguments: str, cwd: Path = HOME) -> Result:
    line = [sys.executable, "-W", "ignore", "-m", "knowledge", *arguments]
    return subprocess.run(line, cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a database built by the command itself."""
    url = f"sqlite:///{tmp_path_factory.mktemp('command') / 'knowledge.sqlite'}"
    assert command("--database", url, "build").returncode == 0
    return url


@pytest.fixture
def run(database: str, capfd: pytest.CaptureFixture[str]) -> Run:
    """A command that only reads that database, in this process; an error that nobody catches fails the test."""

    def here(*arguments: str) -> Result:
        line = ["--database", database, *arguments]
        status = main(line)
        return subprocess.CompletedProcess(line, status, *capfd.readouterr())

    return here


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A home of its own for the package, so that its data may be spoilt."""
    shutil.copytree(files.DATA, tmp_path / "knowledge", ignore=shutil.ignore_patterns("*.sqlite*", "__pycache__"))
    return tmp_path


def failed(result: Result) -> str:
    """The one line in which a command says why it failed."""
    assert result.returncode == 1
    assert not result.stdout
    [line] = result.stderr.splitlines()
    return line


def test_build_says_how_many_entries_it_built(tmp_path: Path) -> None:
    result = command("--database", f"sqlite:///{tmp_path / 'new.sqlite'}", "build")
    assert result.returncode == 0
    assert "built 167 entries" in result.stdout
    assert (tmp_path / "new.sqlite").exists()


def test_build_if_changed_does_nothing_when_up_to_date(run: Run) -> None:
    result = run("build", "--if-changed")
    assert (result.returncode, result.stdout) == (0, "knowledge: up to date\n")


def test_build_of_faulty_data_fails_and_keeps_the_database(copy: Path) -> None:
    database = f"sqlite:///{copy / 'kept.sqlite'}"
    assert command("--database", database, "build", cwd=copy).returncode == 0
    guide = copy / "knowledge/guides/leshan-2024.yml"
    guide.write_text(guide.read_text(encoding="utf-8").replace("0833-2128816", "0833-21288"), encoding="utf-8")
    result = command("--database", database, "build", cwd=copy)
    assert result.returncode == 1
    assert "leshan-2024.yml: entry remote_retiree_filing: phones[1].number" in result.stderr
    assert "Traceback" not in result.stderr
    shown = command("--database", database, "show", "住院费用报销", "--region", "乐山市/市中区", cwd=copy)
    assert "0833-2128816" in shown.stdout


def test_check_finds_no_problem_in_the_data() -> None:
    result = command("check")
    assert (result.returncode, result.stdout) == (0, "5 guides, 167 entries, 0 problems\n")


def test_check_names_every_problem_and_fails(copy: Path) -> None:
    guide = copy / "knowledge/guides/national.yml"
    text = guide.read_text(encoding="utf-8")
    guide.write_text(text.replace("working_days: 30", "working_days: 31").replace("[flexible]", "[flexibel]"), "utf-8")
    result = command("check", cwd=copy)
    assert result.returncode == 1
    *problems, last = result.stdout.splitlines()
    assert last == f"5 guides, 167 entries, {len(problems)} problems"
    assert any("national.yml: entry employee_enrollment: materials[3]: unknown circumstance" in p for p in problems)
    assert any("national.yml: entry inpatient_reimbursement: time_limits[1]: working_days 31" in p for p in problems)


def test_show_takes_a_name_of_the_item_and_of_the_place(run: Run) -> None:
    result = run("show", "住院报销", "--region", "峨眉")
    assert result.returncode == 0
    assert result.stdout.startswith("住院费用报销 (inpatient_reimbursement), 乐山市/峨眉山市\n")
    assert "9个工作日" in result.stdout
    assert "峨眉山市 0833-5546541 (inquiry)" in result.stdout
    assert "0833-2128816" not in result.stdout


@pytest.mark.parametrize("item", ["unit_enrollment", "单位参保登记", "公司参保"])
def test_show_takes_the_id_the_official_name_or_what_people_say(run: Run, item: str) -> None:
    result = run("show", item, "--region", "乐山市/市本级")
    assert result.returncode == 0
    assert "单位参保登记 (unit_enrollment)" in result.stdout
    assert "0833-2639682" in result.stdout


@pytest.mark.parametrize("region", ["凉山州", "四川省", "云南省", "重庆市", None])
def test_show_works_for_every_place(run: Run, region: str | None) -> None:
    result = run("show", "unit_enrollment", *(["--region", region] if region else []))
    assert (result.returncode, result.stderr) == (0, "")
    assert "time_limit" in result.stdout


def test_show_selects_by_circumstances(run: Run) -> None:
    given = run("show", "inpatient_reimbursement", "--region", "乐山市", "--circumstance", "no_third_party")
    assert "《外伤无第三方责任承诺书》" in given.stdout
    assert "materials [leshan-2024]" in given.stdout
    materials = given.stdout.split("materials [leshan-2024]")[1].split("\n\n")[0]
    assert "交警事故认定书" not in materials


def test_show_says_that_no_guide_lists_the_item(run: Run) -> None:
    result = run("show", "医保电子凭证申领", "--region", "昆明")
    assert result.returncode == 0
    assert "listed by none of" in result.stdout
    assert "云南省" in result.stdout


def test_show_says_what_is_not_given(run: Run) -> None:
    result = run("show", "ecard_application", "--region", "乐山")
    assert "address: not given: 指南“办理地点”一栏误印为“即时办结”" in result.stdout


def test_show_refuses_an_unknown_item_in_one_line(run: Run) -> None:
    assert "镶牙" in failed(run("show", "镶牙"))


def test_show_refuses_an_unknown_region_in_one_line(run: Run) -> None:
    assert "亚特兰蒂斯" in failed(run("show", "住院费用报销", "--region", "亚特兰蒂斯"))


def test_show_refuses_an_unknown_circumstance_in_one_line(run: Run) -> None:
    assert "on_the_moon" in failed(run("show", "住院费用报销", "--circumstance", "on_the_moon"))


def test_show_of_a_database_that_was_not_built_says_so(tmp_path: Path) -> None:
    result = command("--database", f"sqlite:///{tmp_path / 'missing.sqlite'}", "show", "住院费用报销")
    assert result.returncode == 1
    assert "missing.sqlite" in result.stderr
    assert "Traceback" not in result.stderr


def test_export_prints_every_fact_as_json(run: Run) -> None:
    result = run("export", "--json")
    assert result.returncode == 0
    exported = json.loads(result.stdout)
    assert {guide: len(items) for guide, items in exported.items()} == {
        "leshan-2024": 34,
        "liangshan-2024": 34,
        "national": 28,
        "sichuan-2020": 40,
        "yunnan": 31,
    }
    assert sum(len(item["phones"]) for item in exported["leshan-2024"].values()) == 433


def test_diff_shows_what_two_guides_say_differently(run: Run) -> None:
    result = run("diff", "leshan-2024", "sichuan-2020")
    assert result.returncode == 0
    lines = result.stdout.splitlines()
    at = lines.index("住院费用报销 time_limit")
    assert lines[at + 1 : at + 3] == ["  leshan-2024: 9个工作日", "  sichuan-2020: 不超过30个工作日"]
    assert "  sichuan-2020: does not list the item" in lines


@pytest.mark.parametrize("second", ["liangshan-2024", "yunnan", "leshan-2024"])
def test_diff_compares_any_two_guides(run: Run, second: str) -> None:
    result = run("diff", "national", second)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout


def test_a_guide_does_not_differ_from_itself(run: Run) -> None:
    result = run("diff", "liangshan-2024", "liangshan-2024")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_diff_refuses_an_unknown_guide_in_one_line(run: Run) -> None:
    assert "chengdu-2024" in failed(run("diff", "national", "chengdu-2024"))


def test_a_missing_command_is_a_usage_error() -> None:
    result = command()
    assert result.returncode == 2
    assert "usage" in result.stderr
