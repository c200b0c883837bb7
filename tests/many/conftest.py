"""The machines, once for all tests of this room. Who breaks a part mends it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.many.machines import Machines, machines


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with machines(tmp_path_factory.mktemp("many")) as running:
        yield running
