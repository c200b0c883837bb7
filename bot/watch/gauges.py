"""What is read off the databases when somebody asks for the metrics: the desk, the calls, which model and knowledge answer."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import sqlalchemy as sa
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.assist.calls import count_open
from bot.desk.conversations import TAKEN, WAITING, queue
from bot.desk.duty import on_duty
from bot.services import Services
from knowledge.models import BuildRow

_log = logging.getLogger(__name__)


class Gauges:
    """A collector: reads when it is asked. What cannot be read is left out."""

    def __init__(self, services: Services, model: str, parts: Mapping[str, bool], stopping: bool) -> None:
        self._services, self._model, self._parts, self._stopping = services, model, parts, stopping

    def collect(self) -> Iterable[Metric]:
        yield self._ready()
        yield GaugeMetricFamily("yibao_disk_free_share", "How much of the disk under the state is free", self._disk())
        try:
            if self._parts.get("state"):  # one that does not answer would not answer here either
                yield from self._people()
        except SQLAlchemyError as error:
            _log.warning("the desk and the calls cannot be counted", exc_info=error)
        yield self._versions()

    def _ready(self) -> Metric:
        ready = GaugeMetricFamily("yibao_ready", "Whether a part that messages need is ready", labels=["part"])
        for part, holds in {**self._parts, "taking_requests": not self._stopping}.items():
            ready.add_metric([part], holds)
        return ready

    def _disk(self) -> float:
        path = self._services.state.url.database if self._services.state.dialect.name == "sqlite" else None
        usage = shutil.disk_usage(Path(path).parent if path else ".")
        return usage.free / usage.total

    def _people(self) -> Iterable[Metric]:
        state = self._services.state
        counts, waiting_seconds = queue(state)
        desk = GaugeMetricFamily("yibao_desk_conversations", "Conversations on the desk", labels=["state"])
        for name in (WAITING, TAKEN):
            desk.add_metric([name], counts.get(name, 0))
        yield desk
        yield GaugeMetricFamily("yibao_desk_waiting_seconds", "How long the first in the queue waits", waiting_seconds)
        yield GaugeMetricFamily("yibao_desk_people_on_duty", "Agents on duty", len(on_duty(state)))
        yield GaugeMetricFamily("yibao_calls_open", "Calls being listened to", count_open(state))

    def _versions(self) -> Metric:
        info = GaugeMetricFamily("yibao_info", "Which model and which knowledge answer", labels=["model", "knowledge"])
        info.add_metric([self._model, self._knowledge()], 1)
        return info

    def _knowledge(self) -> str:
        try:
            with Session(self._services.knowledge.engine) as session:
                return str(session.execute(sa.select(BuildRow.version)).scalars().first() or "none")
        except SQLAlchemyError:
            return "none"
