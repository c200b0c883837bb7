"""Several of Rasa's commands after one start, each in a process of its own: importing Rasa takes most of the time of one.

``python -m tests.bot.rasa_commands FILE``: the file holds a list of ``{"words": [...], "log": "..."}`` as JSON; the statuses
in which they ended are printed as JSON.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path

from rasa.__main__ import main

_HEAVY = ("rasa.core.agent", "rasa.core.test", "rasa.model_testing")
"""What ``rasa test`` imports only when it begins."""


def run(words: list[str], log: str) -> int:
    """The status in which ``rasa`` with these words ends; what it says goes into a file."""
    if process := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(output, stream)
    sys.argv = ["rasa", *words]
    main()
    sys.exit(0)


if __name__ == "__main__":
    for name in _HEAVY:
        importlib.import_module(name)
    print(json.dumps([run(**command) for command in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))]))
