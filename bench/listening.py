"""How well calls are listened to: ``python -m bench.listening``.

The hotline questions of the evaluation that have an answer, spoken in pieces of some ten characters, as a recogniser that
knows no sentence ends would yield them, chatter between them. Counted at the end of each: whether the right item stands
first, or among the three; and how right suggestions of each confidence are.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any

from bot.actions.actions import place_rules
from bot.assist.hearing import Ear
from bot.assist.listening import Heard, Listener
from bot.server import load_assistant
from bot.services import services
from bot.watch.logs import configure_logging

QUESTIONS = Path("tests/evaluation/hotline.jsonl")
CHATTER = ("嗯", "喂听得到不", "你等一下哈", "就是说", "谢谢哈")
_PIECE = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, default=QUESTIONS)
    options = parser.parse_args()
    configure_logging(services().settings)
    ear = Ear(load_assistant(services().settings).model)
    listener = Listener(ear, services().knowledge, place_rules())
    rows = [json.loads(line) for line in options.file.open(encoding="utf-8")]
    rows = [row for row in rows if row.get("kind") == "answer" and row["item"]]
    for name, cut in (("whole", lambda text: [text]), ("in pieces", in_pieces)):
        heard = [listener.listen(cut(row["text"]), "", None, (), second_look=True) for row in rows]
        print(f"{name}: {table(rows, heard)}")


def in_pieces(text: str) -> list[str]:
    """The text cut at random, chatter between the pieces; the same every time."""
    chance, pieces = random.Random(text), []
    while text:
        length = chance.randint(_PIECE - 3, _PIECE + 5)
        pieces.append(text[:length])
        text = text[length:]
        if chance.random() < 0.3:
            pieces.append(chance.choice(CHATTER))
    return pieces


def table(rows: list[dict[str, Any]], heard: list[Heard]) -> str:
    items = [[candidate.item for candidate in one.candidates] for one in heard]
    first = sum(found[:1] != [] and found[0] in row["item"] for row, found in zip(rows, items, strict=True))
    among = sum(bool(set(found) & set(row["item"])) for row, found in zip(rows, items, strict=True))
    lines = [f"{len(rows)} calls, right item first {first / len(rows):.1%}, among three {among / len(rows):.1%}"]
    for low, high in ((0.0, 0.5), (0.5, 0.8), (0.8, 0.95), (0.95, 1.01)):
        sure = [
            (one.candidates[0].confidence, one.candidates[0].item in row["item"])
            for row, one in zip(rows, heard, strict=True)
            if one.candidates and low <= one.candidates[0].confidence < high
        ]
        if sure:
            said, right = (sum(column) / len(sure) for column in zip(*sure, strict=True))
            lines.append(
                f"  confidence {low:.2f} to {min(high, 1):.2f}: {len(sure)} calls, says {said:.0%}, is right {right:.0%}"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
