"""Accepted examples as Rasa training data: added to a file of ``data/nlu``, grouped by intent, never twice."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from bot.privacy import without_masks
from knowledge import files

_HEAD = "# What people asked and knowledge clerks assigned: written by `python -m bot learning export`, reviewed in git.\n"


def export(examples: Iterable[tuple[str, str]], to: Path, evaluation: Path) -> list[str]:
    """Add the examples (intent, text) to ``to``; returns what was done and what was left out, a line each.

    Left out is what stands in any file beside ``to`` or among the evaluation's questions: what is measured must not be
    learnt. Raises ``ValueError`` when a file of training data cannot be read.
    """
    own = _read(to) if to.exists() else {}
    taught = {_plain(text) for path in to.parent.glob("*.yml") for texts in _read(path).values() for text in texts}
    measured = _questions(evaluation)
    report, added = [], 0
    for intent, text in examples:
        line = _one_line(text)
        if any(_plain(line) in question or question in _plain(line) for question in measured):
            report.append(f"left out, it stands in the evaluation: {intent}: {line}")
        elif _plain(line) not in taught and _plain(line):
            own.setdefault(intent, []).append(line)
            taught.add(_plain(line))
            added += 1
    if added:
        to.write_text(_written(own), encoding="utf-8")
    return [*report, f"{to}: {added} examples added; look at `git diff`, then `make train`"]


def _read(path: Path) -> dict[str, list[str]]:
    """The examples of a training file by intent."""
    found: dict[str, list[str]] = {}
    for block in files.read_yaml(path).get("nlu") or ():
        lines = [line.strip().removeprefix("- ").strip() for line in block["examples"].splitlines()]
        found.setdefault(block.get("intent", ""), []).extend(line for line in lines if line)
    return found


def _written(examples: dict[str, list[str]]) -> str:
    """Training data as the files beside it are laid out. Which aspects are asked is left to the trained files."""
    blocks = [
        "".join([f"- intent: {intent}\n  examples: |\n", *(f"    - {text}\n" for text in examples[intent])])
        for intent in sorted(examples)
    ]
    return f'{_HEAD}version: "3.1"\nnlu:\n\n' + "\n".join(blocks)


def _questions(evaluation: Path) -> set[str]:
    """Every question of the evaluation, in its plain form; those too short to tell anything are left out."""
    found: set[str] = set()
    for path in sorted(evaluation.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.update(_plain(turn["text"]) for turn in row.get("turns", [row]))
    return {question for question in found if len(question) > 5}


def _one_line(text: str) -> str:
    """The text as one example: personal numbers gone, and Rasa's own marks ([…](…), {…}) made plain."""
    return re.sub(r"\s+", " ", re.sub(r"[\[\]{}]", " ", without_masks(text))).strip(" -")


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).lower()
