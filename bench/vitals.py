"""What a server costs while it runs: memory, threads, open files, processor time, and how much it has written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Vitals:
    """Of a process and its children. ``memory_mb``: what no file stands behind (Pss_Anon), where all that a program gathers
    is; pages of libraries count for less or more as other programs on the machine use them too.
    """

    memory_mb: float
    threads: int
    files: int
    cpu_seconds: float


def vitals(pid: int) -> Vitals:
    """Raises ``psutil.NoSuchProcess`` when the process is gone."""
    parent = psutil.Process(pid)
    family = [parent, *parent.children(recursive=True)]
    return Vitals(
        memory_mb=sum(_anonymous_kb(process.pid) for process in family) / 2**10,
        threads=sum(process.num_threads() for process in family),
        files=sum(process.num_fds() for process in family),
        cpu_seconds=sum(sum(process.cpu_times()[:2]) for process in family),
    )


def _anonymous_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:"))


def written_mb(folder: Path) -> float:
    """The size of the files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 2**20
