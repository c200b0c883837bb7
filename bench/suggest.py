"""How long a suggestion takes, over HTTP: ``python -m bench.suggest [--url http://127.0.0.1:5005]``.

Every common question and every item's name is typed letter by letter, in characters, in pinyin and in initials, one
request after the other. Prints the median, the 95th percentile and the longest, in milliseconds.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time

import requests

from bot.web.sounds import sound
from bot.web.suggest import load_questions
from knowledge.catalogue import load_catalogue

_LIMIT_MS = 20.0


def main() -> int:
    """Measure. Returns 1 when the 95th percentile is over the limit of 20 ms."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:5005")
    parser.add_argument("--requests", type=int, default=1000)
    options = parser.parse_args()
    typed = random.Random(0).choices(_typed(), k=options.requests)
    times = sorted(_measure(options.url, typed))
    percentile = statistics.quantiles(times, n=100)[94]
    print(
        f"{len(times)} requests: median {statistics.median(times):.1f} ms, p95 {percentile:.1f} ms, longest {times[-1]:.1f} ms"
    )
    return int(percentile > _LIMIT_MS)


def _typed() -> list[str]:
    texts = [item.name for item in load_catalogue().items.values()]
    texts += [question for questions in load_questions()["questions"].values() for question in questions]
    whole = [form for text in texts for form in (text, sound(text).pinyin, sound(text).initials)]
    return [text[:length] for text in whole for length in range(1, len(text) + 1)]


def _measure(url: str, typed: list[str]) -> list[float]:
    times = []
    with requests.Session() as session:
        for text in typed:
            started = time.perf_counter()
            response = session.get(f"{url}/api/suggest", params={"q": text, "region": "乐山市"}, timeout=30)
            times.append((time.perf_counter() - started) * 1000)
            response.raise_for_status()
    return times


if __name__ == "__main__":
    raise SystemExit(main())
