"""Time the running server over REST: ``python -m bench.rest`` while ``YIBAO_ADDRESS_LIMIT=1000000 make serve`` runs.

Every question of ``tests/evaluation`` in turn, each from a sender of its own, one at a time; prints the median and the
95th percentile of a message, and the memory of the server's process.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
import urllib.request
import uuid
from pathlib import Path

QUESTIONS = Path("tests/evaluation")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", default="http://127.0.0.1:5005")
    parser.add_argument("--messages", type=int, default=500)
    parser.add_argument("--pid", type=int, help="process of the server, for its memory")
    options = parser.parse_args()
    texts = _texts()[: options.messages]
    for text in texts[:20]:  # warm
        ask(options.server, text)
    times = sorted(ask(options.server, text) for text in texts)
    print(f"{len(times)} messages over REST, one at a time")
    print(f"median {statistics.median(times):.1f} ms, 95th percentile {times[int(len(times) * 0.95)]:.1f} ms")
    if options.pid:
        print(f"memory of the server: {_resident(options.pid):.0f} MB")


def ask(server: str, text: str) -> float:
    """One message from a new sender; milliseconds until the whole reply is there."""
    body = json.dumps({"sender": uuid.uuid4().hex, "message": text}).encode()
    request = urllib.request.Request(f"{server}/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
    started = time.perf_counter()
    with urllib.request.urlopen(request, timeout=30) as response:
        replies = json.load(response)
    elapsed = (time.perf_counter() - started) * 1000
    assert any("custom" in reply for reply in replies), f"no payload for {text!r}"
    return elapsed


def _texts() -> list[str]:
    rows = [json.loads(line) for path in sorted(QUESTIONS.glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    return [row["text"] for row in rows if "text" in row]


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


if __name__ == "__main__":
    main()
