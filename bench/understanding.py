"""What understanding one message costs: ``python -m bench.understanding``.

All components of ``config.yml`` over the questions of ``tests/evaluation``, apart for messages that the first look is sure
of and those that needed a second. Processor time of this process, so that other programs on the machine count little.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from bot.evaluation.rows import read_files
from bot.server import configure_logging, load_assistant
from bot.settings import load_settings
from bot.understanding import intents


def main() -> None:
    settings = load_settings()
    configure_logging(settings)
    seconds: dict[bool, list[float]] = {False: [], True: []}
    looked: list[str] = []
    meaning = intents.meaning

    def noted(texts: list[str]) -> object:
        looked.extend(texts)
        return meaning(texts)

    model = load_assistant(settings).model
    intents.meaning = noted  # type: ignore[assignment]
    for talk in read_files(sorted(Path("tests/evaluation").glob("*.jsonl"))):
        for turn in talk.turns:
            looked.clear()
            started = time.process_time()
            model.understand(turn.text)
            seconds[bool(looked)].append(time.process_time() - started)
    for second, name in ((False, "clear at first look"), (True, "second look taken")):
        times = np.array(seconds[second]) * 1000
        share = len(times) / sum(map(len, seconds.values()))
        print(f"{name:22}{share:6.0%}  median {np.median(times):5.1f} ms, 95th percentile {np.percentile(times, 95):5.1f} ms")


if __name__ == "__main__":
    main()
