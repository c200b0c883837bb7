"""The page of dependencies tells of every locked package, and of every weakness in the locked versions."""

from __future__ import annotations

from importlib.metadata import distribution

import yaml

from tools.dependencies import LOCK, PAGE, WEAKNESSES, licence_of, page, read_lock

PACKAGES = read_lock(LOCK.read_text())
KNOWN = yaml.safe_load(WEAKNESSES.read_text())


def test_every_locked_package_stands_on_the_page_with_its_version() -> None:
    written = PAGE.read_text()
    assert len(PACKAGES) > 100
    assert [p.name for p in PACKAGES if f"| {p.name} | {p.version} |" not in written] == [], "run python -m tools.dependencies"


def test_every_locked_package_is_installed_in_its_version_and_says_something_of_its_licence() -> None:
    assert [p.name for p in PACKAGES if distribution(p.name).version != p.version] == []
    assert sum(licence_of(distribution(p.name)) == "not said" for p in PACKAGES) < 5


def test_a_weakness_is_listed_as_long_as_the_version_has_it() -> None:
    told = {"package": "sanic", "id": "CVE-0", "what": "w", "reaches_us": "r", "done": "d"}
    for affected, listed in (("<22", True), ("<21", False)):
        written = page(PACKAGES, set(), {"as_of": "today", "weaknesses": [{**told, "affected": affected}]})
        assert ("| CVE-0 |" in written) == listed
        assert "CVE-0" in written


def test_every_known_weakness_says_whether_it_reaches_us_and_what_is_done() -> None:
    for weakness in KNOWN["weaknesses"]:
        assert weakness.keys() == {"package", "id", "affected", "what", "reaches_us", "done"}
        assert weakness["id"].startswith("CVE-")
        assert weakness["package"] in {p.name for p in PACKAGES}


def test_who_needs_a_package_is_read_from_the_lock() -> None:
    (package,) = read_lock("redis==4.6.0   # via rasa, yibao-assistant (pyproject.toml)")
    assert package.needed_by == ("**this project**", "rasa")
