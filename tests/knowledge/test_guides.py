"""The five guides as built: every entry of the printed ones, no other, and every number of 乐山."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from knowledge.models import EntryRow, GuideRow
from knowledge.query import KnowledgeBase
from tests.knowledge.conftest import Export
from tests.knowledge.expected import PLACES, Listed, contents, leshan_numbers


@pytest.fixture(scope="module")
def built(knowledge_base: KnowledgeBase) -> dict[tuple[str, str], tuple[str | None, str, str | None]]:
    """Number, title and code of every entry in the database."""
    with Session(knowledge_base.engine) as session:
        rows = session.execute(sa.select(EntryRow)).scalars()
        return {(row.guide_id, row.item): (row.number, row.title, row.code) for row in rows}


@pytest.mark.parametrize(
    ("guide", "count"),
    [("national", 28), ("sichuan-2020", 40), ("leshan-2024", 34), ("liangshan-2024", 34), ("yunnan", 31)],
)
def test_a_guide_has_the_entries_of_the_printed_one_in_its_order(exported: Export, guide: str, count: int) -> None:
    assert list(exported[guide]) == [row.item for row in contents()[guide]]
    assert len(exported[guide]) == count


def test_an_entry_has_the_number_and_title_of_the_printed_one(
    built: dict[tuple[str, str], tuple[str | None, str, str | None]], listed: Listed
) -> None:
    number, title, _ = built[listed.guide, listed.item]
    assert (number, title) == (listed.number, listed.title)


def test_a_guide_holds_for_its_place(knowledge_base: KnowledgeBase) -> None:
    with Session(knowledge_base.engine) as session:
        assert {guide.id: guide.region for guide in session.execute(sa.select(GuideRow)).scalars()} == PLACES


def test_every_item_stands_in_some_guide(any_item: str) -> None:
    assert any(row.item == any_item for guide in contents().values() for row in guide)


def test_the_national_codes_are_whole_and_agree_with_the_items(
    built: dict[tuple[str, str], tuple[str | None, str, str | None]], knowledge_base: KnowledgeBase
) -> None:
    codes = {item: code for (guide, item), (_, _, code) in built.items() if guide == "national"}
    assert codes == {item.id: item.code for item in knowledge_base.catalogue.items.values() if item.code}
    assert codes["prenatal_checkup_payment"] == "002036007001"


def test_leshan_has_433_phone_numbers_of_which_48_differ(exported: Export) -> None:
    numbers = [phone["number"] for item in exported["leshan-2024"].values() for phone in item["phones"]]
    assert len(numbers) == 433
    assert len(set(numbers)) == 48


def test_an_item_of_leshan_has_just_the_printed_numbers(exported: Export, leshan_item: str) -> None:
    built_numbers = {}
    for phone in exported["leshan-2024"][leshan_item]["phones"]:
        label = "complaint" if phone["kind"] == "complaint" else phone.get("place", "unlabelled")
        built_numbers[label] = phone["number"]
    assert built_numbers == leshan_numbers()[leshan_item]


def test_every_fact_says_something_and_names_its_guide(exported: Export, listed: Listed) -> None:
    for key, facts in exported[listed.guide][listed.item].items():
        assert facts
        for fact in facts:
            assert fact["source"] == listed.guide
            assert fact.get("text") or (key == "phones" and fact["number"])
