"""A day of the hotline as a supervisor sees it: a day of China's clocks."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.assist.calls import CallRow
from bot.assist.learning import QuestionRow
from bot.desk.conversations import taken_between
from bot.services import services
from bot.state.ratings import RatingRow
from bot.state.times import day_in_china, in_china

_TOP = 10


def day(state: Engine, date: datetime.date) -> dict[str, Any]:
    """Counts of one day, ready for charts."""
    begin, end = day_in_china(date)
    with Session(state) as session:
        calls = session.execute(
            sa.select(CallRow.since, CallRow.item, CallRow.region, CallRow.outcome).where(
                CallRow.since >= begin, CallRow.since < end
            )
        ).all()
        kinds = Counter(
            session.execute(sa.select(QuestionRow.kind).where(QuestionRow.at >= begin, QuestionRow.at < end)).scalars()
        )
        ratings = session.execute(
            sa.select(RatingRow.at, RatingRow.useful).where(RatingRow.at >= begin, RatingRow.at < end)
        ).all()
    judged = kinds["confirmed"] + kinds["wrong"]
    items = services().knowledge.catalogue.items
    return {
        "date": date.isoformat(),
        "calls": len(calls),
        "outcomes": dict(Counter(call.outcome for call in calls if call.outcome)),
        "hit_rate": kinds["confirmed"] / judged if judged else None,
        "judged": judged,
        "top_items": [
            {"item": item, "name": items[item].name, "count": count}
            for item, count in Counter(call.item for call in calls if call.item in items).most_common(_TOP)
        ],
        "places": [
            {"path": path, "count": count}
            for path, count in Counter(call.region for call in calls if call.region).most_common(_TOP)
        ],
        "unanswered": kinds["unanswered"],
        "hours": _hours([call.since for call in calls], ratings),
        "desk": taken_between(state, begin, end),
    }


def _hours(calls: list[datetime.datetime], ratings: list[Any]) -> list[dict[str, int]]:
    by_hour = Counter(in_china(since).hour for since in calls)
    useful = Counter(in_china(rating.at).hour for rating in ratings if rating.useful)
    useless = Counter(in_china(rating.at).hour for rating in ratings if not rating.useful)
    return [{"hour": h, "calls": by_hour[h], "useful": useful[h], "useless": useless[h]} for h in range(24)]
