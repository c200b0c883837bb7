"""Why an answer did not help, in a person's own words: kept without numbers of theirs, and no longer than the column."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.privacy import MOBILE
from bot.state.ratings import LONGEST_REASON, RatingRow, give_reason, rate
from bot.state.schema import upgrade


@pytest.mark.parametrize("later", [False, True])
def test_a_mobile_number_in_a_reason_is_masked_before_it_is_stored(database: Engine, later: bool) -> None:
    upgrade(database)
    reason = "打我13800000000，没说清"
    number = rate(database, "web:someone", {"item": None}, useful=False, reason=None if later else reason)
    if later:
        give_reason(database, number, reason)
    assert reasons(database) == [f"打我{MOBILE}，没说清"]


def test_a_number_at_the_end_of_a_long_reason_is_not_cut_before_it_is_masked(database: Engine) -> None:
    upgrade(database)
    rate(database, "web:someone", {}, useful=False, reason="长" * (LONGEST_REASON - 6) + "13800000000")
    [kept] = reasons(database)
    assert len(kept) == LONGEST_REASON
    assert "138" not in kept


def reasons(database: Engine) -> list[str]:
    with database.connect() as connection:
        return list(connection.execute(sa.select(RatingRow.reason)).scalars())
