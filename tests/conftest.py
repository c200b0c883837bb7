"""What tests of every part share."""

from __future__ import annotations

import pytest

from knowledge.database import build, open_engine
from knowledge.query import KnowledgeBase


@pytest.fixture(scope="session")
def knowledge_base(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    """The real knowledge base, built from the data files into a database of its own."""
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('knowledge') / 'knowledge.sqlite'}")
    build(engine)
    return KnowledgeBase(engine)
