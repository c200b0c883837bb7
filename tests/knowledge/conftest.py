"""Tests over every entry, every item, or every item of 乐山: one test each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.catalogue import load_catalogue
from knowledge.facts import Fact
from knowledge.query import KnowledgeBase
from tests.knowledge.expected import contents, leshan_numbers

Export = dict[str, dict[str, dict[str, list[Fact]]]]
Texts = Callable[[str, str, str], list[str]]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "listed" in metafunc.fixturenames:
        rows = [row for guide in contents().values() for row in guide]
        metafunc.parametrize("listed", rows, ids=[f"{row.guide}-{row.item}" for row in rows])
    if "any_item" in metafunc.fixturenames:
        metafunc.parametrize("any_item", list(load_catalogue().items))
    if "leshan_item" in metafunc.fixturenames:
        metafunc.parametrize("leshan_item", list(leshan_numbers()))


@pytest.fixture(scope="session")
def exported(knowledge_base: KnowledgeBase) -> Export:
    """Every fact as built: guide, item, key."""
    return knowledge_base.export()


@pytest.fixture
def texts(exported: Export) -> Texts:
    """``texts(guide, item, key)``: the texts of the facts under a key, none if there are none."""

    def read(guide: str, item: str, key: str) -> list[str]:
        return [fact["text"] for fact in exported[guide][item].get(key, [])]

    return read
