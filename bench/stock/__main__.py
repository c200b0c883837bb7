"""This server and a stock Rasa set-up on one machine, with the same examples and questions: ``make bench``.

Trains both on the same sample, then runs them in turn, one loaded at a time while the others are not running, and takes the
medians of the rounds. Beside them the server with the model it is shipped with. Writes a table, a picture and all figures to
``build/bench``. Ends with 1 when something failed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import aiohttp
import psutil

from bench.processes import ProcessFailed
from bench.stock import report
from bench.stock.measure import Round, measure, question_sets
from bench.stock.project import write_project
from bench.stock.systems import System, Training, ours, shipped, stock

FOLDER = Path("build/bench")
_TRAINING = FOLDER / "training.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.stock", description=__doc__)
    parser.add_argument("--examples", type=int, default=12, help="examples of each intent to train on; 0: all (%(default)s)")
    parser.add_argument("--messages", type=int, default=400, help="questions at each load (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="starts of each system (%(default)s)")
    parser.add_argument("--trained", action="store_true", help="use the models of the last run")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped
    try:
        compare(options)
    except KeyboardInterrupt:
        return 130
    except (ProcessFailed, ValueError, OSError, aiohttp.ClientError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    return 0


def compare(options: argparse.Namespace) -> None:
    """Train, measure, report. Raises what ``System`` and ``measure`` raise."""
    warm, sets = question_sets(options.messages)
    systems = [stock(FOLDER), ours(FOLDER), shipped(FOLDER)]
    examples, trainings = trained() if options.trained else train(systems, options.examples)
    rounds: list[Round] = []
    for number in range(options.rounds):
        for system in systems:
            _say(f"round {number + 1} of {options.rounds}: {system.name}")
            rounds.append(measure(system, warm, sets))
    found = report.lines(rounds, trainings)
    text = "\n\n".join([_machine(examples, options), report.table(found), *report.remarks(rounds)])
    (FOLDER / "report.md").write_text(text + "\n", encoding="utf-8")
    report.draw(found, FOLDER / "report.png")
    everything: dict[str, Any] = {
        "options": vars(options),
        "medians": {line.name: {"values": line.values, "times better": line.ratios} for line in found},
        "rounds": [asdict(one) for one in rounds],
    }
    (FOLDER / "report.json").write_text(json.dumps(everything, indent=1), encoding="utf-8")
    print(text)
    print(f"\nin {FOLDER}: report.md, report.png, report.json")


def train(systems: list[System], examples: int) -> tuple[int, dict[str, Training]]:
    """Write the project and train what is trained on it: how many examples there were, and what each training took."""
    count = write_project(FOLDER / "stock", examples)
    took = {}
    for system in systems:
        _say(f"training {system.name} on {count} examples")
        if training := system.train():
            took[system.name] = training
    everything = {"examples": count, "took": {name: asdict(training) for name, training in took.items()}}
    _TRAINING.write_text(json.dumps(everything))
    return count, took


def trained() -> tuple[int, dict[str, Training]]:
    """The same of the last run. Raises ``ValueError`` if there was none."""
    if not _TRAINING.exists():
        raise ValueError("nothing is trained yet: run without --trained first")
    found = json.loads(_TRAINING.read_text())
    return found["examples"], {name: Training(**took) for name, took in found["took"].items()}


def _machine(examples: int, options: argparse.Namespace) -> str:
    workers = os.environ.get("YIBAO_WORKERS", "1")
    return (
        f"{psutil.cpu_count()} cores, {psutil.virtual_memory().total / 1e9:.0f} GB, Python {platform.python_version()}; "
        f"stock and ours trained on {examples} examples, shipped on all; {options.messages} messages at each load, medians of "
        f"{options.rounds} rounds; ours with {workers} worker process{'' if workers == '1' else 'es'}."
    )


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
