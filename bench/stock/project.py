"""A stock Rasa project on our examples: what ``rasa init`` and the documentation give, told only that the language is Chinese.

The pipeline and the policies are those of Rasa's own default, word for word, with JiebaTokenizer for the tokenizer, since
words of Chinese have no spaces between them. Domain, stories and rules are ours, and one rule more, as the documentation
asks wherever FallbackClassifier is used. The actions are ours too, in an action server, so that the same knowledge answers.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

_SEED = 7
_ENDPOINTS = {"action_endpoint": {"url": "http://127.0.0.1:${ACTIONS_PORT}/webhook"}}
_CREDENTIALS: dict[str, Any] = {"rest": None}
_FALLBACK = {
    "version": "3.1",
    "rules": [{"rule": "nothing understood", "steps": [{"intent": "nlu_fallback"}, {"action": "action_answer"}]}],
}


def write_project(folder: Path, examples: int) -> int:
    """Write the project anew. ``examples`` an intent are taken, all with 0. Returns how many that makes."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "data").mkdir(parents=True)
    blocks = list(sample(_blocks(Path("data/nlu")), examples))
    _write(folder / "data" / "nlu.yml", {"version": "3.1", "nlu": blocks})
    for path in sorted(Path("data/stories").glob("*.yml")):
        _write(folder / "data" / path.name, _without_words(yaml.safe_load(path.read_text(encoding="utf-8"))))
    _write(folder / "data" / "fallback.yml", _FALLBACK)
    shutil.copy("domain.yml", folder)
    _write(folder / "config.yml", stock_config())
    _write(folder / "endpoints.yml", _ENDPOINTS)
    _write(folder / "credentials.yml", _CREDENTIALS)
    return sum(len(block["examples"].splitlines()) for block in blocks)


def _without_words(stories: dict[str, Any]) -> dict[str, Any]:
    """Stories of intents and actions. Ours quote what people say, and DIET would learn the places in it: a sequence tagger
    from two dozen examples, paid for in every epoch and every message.
    """
    for story in stories.get("stories", ()):
        for step in story["steps"]:
            step.pop("user", None)
    return stories


def stock_config() -> dict[str, Any]:
    """Rasa's default configuration for Chinese."""
    default = files("rasa.engine.recipes.config_files") / "default_config.yml"
    config: dict[str, Any] = yaml.safe_load(default.read_text(encoding="utf-8"))
    config["pipeline"][0] = {"name": "JiebaTokenizer"}
    return {**config, "language": "zh", "assistant_id": "stock"}


def sample(blocks: list[dict[str, Any]], examples: int) -> Iterator[dict[str, Any]]:
    """The blocks with so many examples of each intent, chosen by chance and always the same; all of them with 0."""
    chosen = _chosen(blocks, examples)
    for number, block in enumerate(blocks):
        kept = [line for place, line in enumerate(_lines(block)) if not examples or (number, place) in chosen]
        if kept:
            yield {**block, "examples": "\n".join(kept) + "\n"}


def _chosen(blocks: list[dict[str, Any]], examples: int) -> set[tuple[int, int]]:
    """Where the chosen lines stand: the number of the block, the number of the line in it."""
    places: dict[str, list[tuple[int, int]]] = {}
    for number, block in enumerate(blocks):
        places.setdefault(block["intent"], []).extend((number, place) for place in range(len(_lines(block))))
    chance = random.Random(_SEED)
    return {place for _, all_ in sorted(places.items()) for place in chance.sample(all_, min(examples, len(all_)))}


def _blocks(folder: Path) -> list[dict[str, Any]]:
    paths = sorted(folder.glob("*.yml"))
    return [block for path in paths for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]]


def _lines(block: dict[str, Any]) -> list[str]:
    return [line for line in block["examples"].splitlines() if line.strip()]


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
