"""The event loop's pulse: how late it wakes when it should, and what the process takes of memory and processor."""

from __future__ import annotations

import asyncio
from collections import deque
from statistics import median
from time import monotonic

import psutil

from bot.watch.metrics import metrics, series

BEAT_SECONDS = 0.25
TOO_LATE_SECONDS = 2.0
"""A loop that wakes so late most of the time answers nobody in time: WeChat hangs up after five seconds."""
_LAST_BEATS = 9
_BEATS_A_MEASURE = 20


class Pulse:
    """Beats while :meth:`beat` runs."""

    def __init__(self) -> None:
        self._lags: deque[float] = deque([0.0], maxlen=_LAST_BEATS)

    @property
    def lag(self) -> float:
        """How late (seconds) the loop was in the middle of its last beats: being held up once is no illness."""
        return median(self._lags)

    async def beat(self) -> None:
        process, taken, beats = psutil.Process(), 0.0, 0
        while True:
            if beats % _BEATS_A_MEASURE == 0:
                series("memory", process.pid).set(process.memory_info().rss)
                used = process.cpu_times()
                metrics().processor.inc(max(0.0, used.user + used.system - taken))
                taken = used.user + used.system
            beats += 1
            asleep = monotonic()
            await asyncio.sleep(BEAT_SECONDS)
            lag = max(0.0, monotonic() - asleep - BEAT_SECONDS)
            metrics().loop_lag.observe(lag)
            self._lags.append(lag)
