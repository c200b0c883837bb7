"""The event loop's pulse: how late it wakes when it should, and what the process takes of memory and processor."""

from __future__ import annotations

import asyncio
from collections import deque
from time import monotonic

import psutil

from bot.watch.metrics import metrics

BEAT_SECONDS = 0.25
TOO_LATE_SECONDS = 5.0
"""A loop that wakes so late answers nobody in time: WeChat hangs up after five seconds."""
_LAST_BEATS = 40
_BEATS_A_MEASURE = 20


class Pulse:
    """Beats while :meth:`beat` runs."""

    def __init__(self) -> None:
        self._lags: deque[float] = deque([0.0], maxlen=_LAST_BEATS)

    @property
    def lag(self) -> float:
        """The worst lag (seconds) of the last ten seconds in which the loop ran."""
        return max(self._lags)

    async def beat(self) -> None:
        process, taken, beats = psutil.Process(), 0.0, 0
        while True:
            if beats % _BEATS_A_MEASURE == 0:
                metrics().memory.set(process.memory_info().rss)
                used = process.cpu_times()
                metrics().processor.inc(max(0.0, used.user + used.system - taken))
                taken = used.user + used.system
            beats += 1
            asleep = monotonic()
            await asyncio.sleep(BEAT_SECONDS)
            lag = max(0.0, monotonic() - asleep - BEAT_SECONDS)
            metrics().loop_lag.observe(lag)
            self._lags.append(lag)
