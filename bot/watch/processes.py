"""Metrics over several processes of one server: each counts in files of a shared folder, which any of them adds up."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

from prometheus_client import multiprocess

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def share_metrics(workers: int) -> None:
    """Let ``workers`` processes, started by this one, keep their metrics in files that each of them can add up.

    Call it before anything is measured. The folder is a new one, deleted when this process ends; one that
    the environment names stays, and is its owner's to empty before a start.
    """
    if workers < 2 or FOLDER in os.environ:
        return
    folder, maker = tempfile.mkdtemp(prefix="yibao-metrics-"), os.getpid()
    os.environ[FOLDER] = folder

    def delete() -> None:
        if os.getpid() == maker:  # not when a forked process ends
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(delete)


def forget_metrics(pid: int) -> None:
    """Leave out of the sums what stood for a process that has ended: its memory, its open streams."""
    if FOLDER in os.environ:
        multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]
