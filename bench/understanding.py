"""What understanding one message costs: ``python -m bench.understanding``.

All components of ``config.yml`` over the questions of ``tests/evaluation``, apart for messages that the first look is sure
of and those that needed a second. Processor time of this process, so that other programs on the machine count little.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from unittest.mock import patch

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the server does, before NumPy is there

import numpy as np

from bot.evaluation.rows import read_files
from bot.server import load_assistant
from bot.settings import load_settings
from bot.understanding import intents
from bot.understanding.features import meaning
from bot.watch.logs import configure_logging


def main() -> None:
    settings = load_settings()
    configure_logging(settings)
    seconds: dict[bool, list[float]] = {False: [], True: []}
    looked: list[str] = []

    def noted(texts: list[str]) -> object:
        looked.extend(texts)
        return meaning(texts)

    model = load_assistant(settings).model
    with patch.object(intents, "meaning", noted):
        for talk in read_files(sorted(Path("tests/evaluation").glob("*.jsonl"))):
            for turn in talk.turns:
                looked.clear()
                started = time.process_time()
                model.understand(turn.text)
                seconds[bool(looked)].append(time.process_time() - started)
    every = [*seconds[False], *seconds[True]]
    for name, times in (("clear at first look", seconds[False]), ("second look taken", seconds[True]), ("all", every)):
        figures = np.array(times) * 1000
        print(
            f"{name:22}{len(times) / len(every):6.0%}  mean {figures.mean():5.1f} ms, median {np.median(figures):5.1f} ms, "
            f"95th percentile {np.percentile(figures, 95):5.1f} ms"
        )


if __name__ == "__main__":
    main()
