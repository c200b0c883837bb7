"""Times as the state database keeps them: UTC, without a zone."""

from __future__ import annotations

import datetime


def now() -> datetime.datetime:
    return datetime.datetime.utcnow()


def iso(time: datetime.datetime) -> str:
    """A stored time as it goes out: ``2026-01-31T08:15:00.000Z``."""
    return time.isoformat(timespec="milliseconds") + "Z"


CHINA = datetime.timedelta(hours=8)
"""How far the clocks of those who read are ahead of UTC."""


def in_china(time: datetime.datetime) -> datetime.datetime:
    return time + CHINA


def day_in_china(day: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    """When a day of China begins and ends, in UTC."""
    begin = datetime.datetime.combine(day, datetime.time()) - CHINA
    return begin, begin + datetime.timedelta(days=1)
