"""On PostgreSQL the knowledge base is built and answers exactly as on SQLite."""

from __future__ import annotations

import pytest

from knowledge.database import build, is_current, open_engine
from knowledge.query import Finding, KnowledgeBase


@pytest.fixture(scope="module")
def on_postgres(postgres_url: str) -> KnowledgeBase:
    engine = open_engine(postgres_url)
    build(engine)
    return KnowledgeBase(engine)


def test_it_is_built_and_up_to_date(on_postgres: KnowledgeBase) -> None:
    assert is_current(on_postgres.engine)


def test_building_again_replaces_it_whole(on_postgres: KnowledgeBase) -> None:
    before = on_postgres.look_up("inpatient_reimbursement", ["overview"], "乐山市/市中区")
    build(on_postgres.engine)
    assert on_postgres.look_up("inpatient_reimbursement", ["overview"], "乐山市/市中区") == before


@pytest.mark.parametrize("region", ["乐山市/市中区", "凉山州/西昌市", "云南省/昆明市", "四川省/成都市", None])
def test_every_item_is_answered_as_on_sqlite(
    on_postgres: KnowledgeBase, knowledge_base: KnowledgeBase, region: str | None
) -> None:
    for item in knowledge_base.catalogue.items:
        there, here = (base.look_up(item, ["overview"], region) for base in (on_postgres, knowledge_base))
        assert there == here
        assert isinstance(there, Finding) or there.guides
