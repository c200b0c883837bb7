"""Circumstances that a message gives away or denies."""

from __future__ import annotations

import pytest

from bot.understanding.circumstances import CircumstanceFinder, Found
from knowledge.catalogue import Catalogue, load_catalogue


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def finder(catalogue: Catalogue) -> CircumstanceFinder:
    return CircumstanceFinder(catalogue)


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("骑电瓶车摔了", {"accident"}),
        ("被车撞了住院", {"third_party", "inpatient"}),
        ("娃儿刚出生", {"newborn"}),
        ("我退休了，要帮别人办", {"retired", "by_proxy"}),
        ("诊所想定点", {"hospital"}),
        ("老婆没上班", {"unemployed_spouse"}),
        ("卡掉了", {"card_replacement"}),
        ("要几份材料", set()),
    ],
)
def test_what_people_say_gives_their_circumstances_away(finder: CircumstanceFinder, text: str, stated: set[str]) -> None:
    assert set(finder.find(text).stated) == stated


@pytest.mark.parametrize(
    ("text", "denied"),
    [("没有退休", "retired"), ("没住院", "inpatient"), ("不是意外", "accident"), ("没得编制外，不属于低保", "special_group")],
)
def test_a_denied_circumstance_is_not_stated(finder: CircumstanceFinder, text: str, denied: str) -> None:
    found = finder.find(text)
    assert denied in found.denied
    assert denied not in found.stated


def test_a_correction_denies_one_and_states_the_other(finder: CircumstanceFinder) -> None:
    assert finder.find("不是门诊，是住院") == Found(stated=("inpatient",), denied=("outpatient",))


def test_the_longest_word_wins_over_a_word_inside_it(finder: CircumstanceFinder) -> None:
    assert finder.find("没有第三方责任") == Found(stated=("no_third_party",), denied=())
    assert finder.find("我没有单位") == Found(stated=("flexible",), denied=())


def test_every_label_that_citizens_read_is_understood_when_sent_back(catalogue: Catalogue, finder: CircumstanceFinder) -> None:
    missed = [c.id for c in catalogue.circumstances.values() if c.id not in finder.find(c.label).stated]
    assert missed == []
