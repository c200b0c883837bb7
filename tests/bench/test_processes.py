"""What benchmarks start ends with them, and what fails says why."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import psutil
import pytest

from bench.load import put
from bench.processes import Command, PeakMemory, ProcessFailed, cpu_seconds, memory_mb, run, started, with_children
from bench.stock.systems import System
from tests.serving import Server

_CHILD = "import os, time; held = b'x' * 50_000_000\nwhile os.times().user < 0.5: pass\ntime.sleep(600)"
_PARENT = f"import subprocess; subprocess.run([{sys.executable!r}, '-c', {_CHILD!r}])"
_PATIENCE = 30


def _command(folder: Path, code: str) -> Command:
    return Command(("-c", code), folder, folder / "log", {})


def _family(process: psutil.Process) -> list[psutil.Process]:
    end = time.monotonic() + _PATIENCE
    while len(family := with_children([process])) < 2:
        assert time.monotonic() < end, "the process has started no other"
        time.sleep(0.05)
    return family


def test_a_process_and_its_children_are_stopped_when_something_fails(tmp_path: Path) -> None:
    seen: list[psutil.Process] = []

    def fail_beside_it() -> None:
        with started(_command(tmp_path, _PARENT)) as process:
            seen.extend(_family(process))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_beside_it()
    assert len(seen) == 2
    assert not any(one.is_running() for one in seen)


def test_a_command_that_fails_shows_the_end_of_its_log(tmp_path: Path) -> None:
    with pytest.raises(ProcessFailed, match=r"(?s)log ends.*the data is wrong"):
        run(_command(tmp_path, "raise SystemExit('the data is wrong')"))


def test_a_system_that_ends_while_it_starts_shows_why(tmp_path: Path) -> None:
    system = System("broken", lambda port, _: [_command(tmp_path, f"raise SystemExit('port {port} is taken')")])
    with pytest.raises(ProcessFailed, match="is taken"), system.running():
        pytest.fail("it cannot run")


def test_memory_and_time_of_a_process_count_its_children_in(tmp_path: Path) -> None:
    with started(_command(tmp_path, _PARENT)) as process:
        alone, child = _family(process)
        end = time.monotonic() + _PATIENCE
        while child.cpu_times().user < 0.5:
            assert time.monotonic() < end, "the child does not work"
            time.sleep(0.05)
        assert cpu_seconds([process]) > alone.cpu_times().user + 0.4
        together = alone.memory_full_info().pss / 1e6 + 50
        assert memory_mb([process]) > together
        with PeakMemory([process]) as peak:
            pass
        assert peak.megabytes > together


def test_messages_put_at_once_all_come_back_in_their_order(server: Server) -> None:
    load = put(server.address, ["谢谢", "住院费用怎么报销", "再见", "你是机器人吗"], at_once=3)
    types = [reply["custom"]["type"] for replies in load.replies for reply in replies if "custom" in reply]
    assert types == ["chitchat", "answer", "chitchat", "chitchat"]
    assert list(load.times) == sorted(load.times)
    assert len(load.times) == 4
