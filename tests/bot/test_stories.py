"""The dialogues of ``tests/test_stories.yml`` and ``tests/dialogues``, run by Rasa's own command and test API.

Rasa predicts the actions and does not run them, so no action endpoint is needed. The command takes the intents as they
are written and holds the rules to them; the API's ``e2e`` understands the texts too.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.core.agent import Agent
from rasa.core.test import test as run_stories

from bot.settings import load_settings

pytestmark = pytest.mark.xdist_group("rasa's own agent")
TESTS = Path(__file__).parents[1]
FILES = [TESTS / "test_stories.yml", *sorted((TESTS / "dialogues").glob("test_*.yml"))]
DIALOGUES = 12
TRAINING = [TESTS.parent / "data" / "stories" / name for name in ("citizens.yml", "offices.yml")]


def stories(path: Path) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["stories"]
    return loaded


@dataclass(frozen=True)
class Ran:
    """What ``rasa test core`` came to on the stories of a folder: its status, what it said, the folder of its reports."""

    status: int
    said: str
    out: Path

    @property
    def accuracy(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads((self.out / "story_report.json").read_text(encoding="utf-8"))
        accuracy: dict[str, Any] = report["conversation_accuracy"]
        return accuracy


def copied(paths: Sequence[Path], folder: Path, old: str = "", new: str = "") -> Path:
    """A folder with these dialogue files and nothing else; in them, one word stands for another."""
    folder.mkdir()
    for path in paths:
        text = path.read_text(encoding="utf-8")
        name = path.name if path.name.startswith("test_") else f"test_{path.name}"
        (folder / name).write_text(text.replace(old, new) if old else text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def all_stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(FILES, tmp_path_factory.mktemp("stories") / "all")


@pytest.fixture(scope="module")
def ran(all_stories: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """Rasa's own test command, on all that it is tried on."""
    home = tmp_path_factory.mktemp("ran")
    strict = "--fail-on-prediction-errors"
    wanted = {
        "dialogues": (all_stories, strict),
        "training": (copied(TRAINING, home / "of-training"), strict),
        "wrong": (copied(FILES[:1], home / "of-wrong", "utter_thanks", "utter_bye"), strict),
        "texts": (all_stories, "--e2e"),
    }
    always = ["--no-plot", "--model", load_settings().model]
    commands = [
        {
            "words": ["test", "core", "--stories", str(folder), "--out", str(home / name), *always, option],
            "log": str(home / f"{name}.log"),
        }
        for name, (folder, option) in wanted.items()
    ]
    (home / "commands.json").write_text(json.dumps(commands), encoding="utf-8")
    command = [sys.executable, "-m", "tests.bot.rasa_commands", str(home / "commands.json")]
    environment = os.environ | {"RASA_TELEMETRY_ENABLED": "false"}
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=600, check=True)
    statuses = json.loads(done.stdout.splitlines()[-1])
    return {
        name: Ran(status, (home / f"{name}.log").read_text(encoding="utf-8"), home / name)
        for name, status in zip(wanted, statuses, strict=True)
    }


def test_there_are_a_dozen_dialogues_and_every_message_has_its_text_and_intent() -> None:
    told = [story for path in FILES for story in stories(path)]
    assert len(told) == len({story["story"] for story in told}) == DIALOGUES
    for story in told:
        for message, action in zip(story["steps"][::2], story["steps"][1::2], strict=True):
            assert message["user"].strip()
            assert message["intent"]
            assert action["action"].startswith(("action_", "utter_"))


def test_every_dialogue_passes_rasas_own_test_command(ran: dict[str, Ran]) -> None:
    done = ran["dialogues"]
    assert done.status == 0, done.said[-2000:]
    assert done.accuracy == {"accuracy": 1.0, "correct": DIALOGUES, "with_warnings": 0, "total": DIALOGUES}


def test_the_stories_among_the_training_data_pass_it_too(ran: dict[str, Ran]) -> None:
    done = ran["training"]
    assert done.status == 0, done.said[-2000:]
    told = sum(len(stories(path)) for path in TRAINING)
    assert (done.accuracy["correct"], done.accuracy["total"]) == (told, told)


def test_a_wrong_action_in_a_dialogue_makes_rasas_test_command_fail(ran: dict[str, Ran]) -> None:
    """The command would notice: a dialogue that expects another action fails it."""
    assert ran["wrong"].status != 0
    assert "predicted: utter_thanks" in ran["wrong"].said


def test_rasas_test_command_can_report_on_the_texts_too(ran: dict[str, Ran]) -> None:
    """With ``--e2e`` Rasa compares entities as well, and writes a report of them."""
    done = ran["texts"]
    assert done.status == 0, done.said[-2000:]
    assert done.accuracy["total"] == DIALOGUES


def test_every_message_of_the_dialogues_is_understood_and_gets_its_action(stock: Agent, all_stories: Path) -> None:
    report = asyncio.run(run_stories(str(all_stories), stock, e2e=True, errors=False, disable_plotting=True))["report"]
    domain = stock.domain
    names = {*domain.intents, *domain.action_names_or_texts}
    figures = {name: (row["precision"], row["recall"]) for name, row in report.items() if name in names}
    assert figures.keys() >= {"action_answer", "greet", "relation_transfer"}
    assert {name: row for name, row in figures.items() if row != (1.0, 1.0)} == {}
