"""Items called by name."""

from __future__ import annotations

import pytest

from bot.understanding.names import ItemNames
from knowledge.catalogue import Catalogue, load_catalogue


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def names(catalogue: Catalogue) -> ItemNames:
    return ItemNames(catalogue)


def test_every_official_name_means_its_item(catalogue: Catalogue, names: ItemNames) -> None:
    missed = {item.id: names.whole(item.name) for item in catalogue.items.values() if names.whole(item.name) != item.id}
    assert missed == {}


def test_no_name_is_shared_by_two_items(catalogue: Catalogue) -> None:
    owners: dict[str, set[str]] = {}
    for item in catalogue.items.values():
        for name in item.names:
            owners.setdefault(name, set()).add(item.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("医保码", "ecard_application"),
        ("我想办理住院费用报销", "inpatient_reimbursement"),
        ("请问生育津贴怎么办", "maternity_allowance"),
        ("《缴费基数申报》呢", "contribution_base"),
        ("我要办社保卡", "social_security_card"),
        ("跨省异地长期备案人员个人账户资金划传", "account_remote_transfer"),
    ],
)
def test_a_name_with_a_few_words_or_a_slip_around_it_is_still_a_name(names: ItemNames, text: str, item: str) -> None:
    assert names.whole(text) == item


@pytest.mark.parametrize(
    "text", ["", "？", "办理", "报销", "住院", "住院费用报销和生育津贴哪个先办", "医保码在成都能不能用", "今天天气"]
)
def test_what_is_more_or_less_than_a_name_is_no_name(names: ItemNames, text: str) -> None:
    assert names.whole(text) is None
