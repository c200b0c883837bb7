"""Time the running server over REST: ``python -m bench.rest`` while ``YIBAO_ADDRESS_LIMIT=1000000 make serve`` runs.

Questions of ``tests/evaluation`` in turn, each from a sender of its own, one at a time or more; prints the median and the
95th percentile of a message, and the memory of the server's processes.
"""

from __future__ import annotations

import argparse

import psutil

from bench.load import put, questions
from bench.processes import memory_mb


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", default="http://127.0.0.1:5005")
    parser.add_argument("--messages", type=int, default=500)
    parser.add_argument("--at-once", type=int, default=1)
    parser.add_argument("--pid", type=int, help="process of the server, for its memory")
    options = parser.parse_args()
    texts = [question.text for question in questions()]
    put(options.server, texts[-20:], 1)  # warm
    load = put(options.server, texts[: options.messages], options.at_once)
    print(f"{len(load.times)} messages over REST, {options.at_once} at once: {load.rate:.0f} a second")
    print(f"median {load.percentile(0.5):.1f} ms, 95th percentile {load.percentile(0.95):.1f} ms")
    if options.pid:
        print(f"memory of the server: {memory_mb([psutil.Process(options.pid)]):.0f} MB")


if __name__ == "__main__":
    main()
