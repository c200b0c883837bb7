"""Processes that a benchmark starts: what they and their children use, and that none outlives it."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import psutil

_PATIENCE = 20.0
_TAIL = 3000


class ProcessFailed(RuntimeError):
    """A process that ended by itself, or badly. The message says which, and how its log ends."""


@dataclass(frozen=True)
class Command:
    """``python ARGUMENTS`` in a folder, with a log, and what its environment holds besides that of this process."""

    arguments: tuple[str, ...]
    folder: Path
    log: Path
    environment: Mapping[str, str]

    def failure(self) -> ProcessFailed:
        """That it failed, with the end of its log."""
        end = self.log.read_text(errors="replace")[-_TAIL:]
        return ProcessFailed(f"python {' '.join(self.arguments)} failed; {self.log} ends:\n{end}")


@contextmanager
def started(command: Command) -> Iterator[psutil.Popen]:
    """The command running; it and all its children are stopped at the end, however that comes."""
    command.log.parent.mkdir(parents=True, exist_ok=True)
    with command.log.open("w") as output:
        process = psutil.Popen(
            [sys.executable, *command.arguments],
            cwd=command.folder,
            env={**os.environ, **command.environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches this process alone, which then stops the others
        )
    try:
        yield process
    finally:
        _stop(process)


def run(command: Command) -> None:
    """Run a command to its end. Raises :class:`ProcessFailed` unless it ends well."""
    with started(command) as process:
        if process.wait():
            raise command.failure()


def _stop(process: psutil.Popen) -> None:
    if not process.is_running():
        return
    family = with_children([process])
    for one in family:
        one.terminate()
    _, alive = psutil.wait_procs(family, timeout=_PATIENCE)
    for one in alive:
        one.kill()
    psutil.wait_procs(alive)


def with_children(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """These processes and all that they started and that still run."""
    return [one for process in processes for one in (process, *process.children(recursive=True))]


def memory_mb(processes: Iterable[psutil.Process]) -> float:
    """Megabytes of these processes and their children; what they share is counted once (PSS)."""
    return float(sum(process.memory_full_info().pss for process in with_children(processes))) / 1e6


def cpu_seconds(processes: Iterable[psutil.Process]) -> float:
    """How long these processes and their children have worked so far, on all cores."""
    return float(sum(times.user + times.system for times in (process.cpu_times() for process in with_children(processes))))


def ended_cpu_seconds() -> float:
    """How long processes that this one started and that have ended worked, on all cores."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def busy_seconds() -> float:
    """How long the cores of this machine have worked so far, whoever for."""
    times = psutil.cpu_times()
    idle = times.idle + times.iowait + times.guest + times.guest_nice  # guest time stands in user time too
    return float(sum(times) - idle)


class PeakMemory(threading.Thread):
    """Looks every half second what some processes hold; ``megabytes`` is the most it saw."""

    def __init__(self, processes: Sequence[psutil.Process]) -> None:
        super().__init__(daemon=True)
        self.megabytes = 0.0
        self._processes = processes
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.5):
            self._look()

    def _look(self) -> None:
        self.megabytes = max(self.megabytes, memory_mb(self._processes))

    def __enter__(self) -> PeakMemory:
        self._look()
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self.join()
