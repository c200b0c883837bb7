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
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.core.agent import Agent
from rasa.core.test import test as run_stories

from bot.settings import load_settings

TESTS = Path(__file__).parents[1]
FILES = [TESTS / "test_stories.yml", *sorted((TESTS / "dialogues").glob("test_*.yml"))]
DIALOGUES = 12
TRAINING = [TESTS.parent / "data" / "stories" / name for name in ("citizens.yml", "offices.yml")]


def stories(path: Path) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["stories"]
    return loaded


def rasa_test(folder: Path, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """``rasa test core`` on the stories of a folder."""
    command = [sys.executable, "-m", "rasa", "test", "core", "--stories", str(folder), "--out", str(out), "--no-plot"]
    command += ["--model", load_settings().model]
    environment = os.environ | {"RASA_TELEMETRY_ENABLED": "false"}
    return subprocess.run([*command, *options], env=environment, capture_output=True, encoding="utf-8", timeout=180)


@pytest.fixture(scope="module")
def all_stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the dialogue files and nothing else."""
    folder = tmp_path_factory.mktemp("stories")
    for path in FILES:
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    return folder


def test_there_are_a_dozen_dialogues_and_every_message_has_its_text_and_intent() -> None:
    told = [story for path in FILES for story in stories(path)]
    assert len(told) == len({story["story"] for story in told}) == DIALOGUES
    for story in told:
        for message, action in zip(story["steps"][::2], story["steps"][1::2], strict=True):
            assert message["user"].strip()
            assert message["intent"]
            assert action["action"].startswith(("action_", "utter_"))


def test_every_dialogue_passes_rasas_own_test_command(all_stories: Path, tmp_path: Path) -> None:
    ran = rasa_test(all_stories, tmp_path, "--fail-on-prediction-errors")
    assert ran.returncode == 0, ran.stderr[-2000:]
    report = json.loads((tmp_path / "story_report.json").read_text(encoding="utf-8"))
    assert report["conversation_accuracy"] == {"accuracy": 1.0, "correct": DIALOGUES, "with_warnings": 0, "total": DIALOGUES}


def test_the_stories_among_the_training_data_pass_it_too(tmp_path: Path) -> None:
    for path in TRAINING:
        (tmp_path / f"test_{path.name}").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    ran = rasa_test(tmp_path, tmp_path / "out", "--fail-on-prediction-errors")
    assert ran.returncode == 0, ran.stderr[-2000:]
    report = json.loads((tmp_path / "out" / "story_report.json").read_text(encoding="utf-8"))
    told = sum(len(stories(path)) for path in TRAINING)
    assert (report["conversation_accuracy"]["correct"], report["conversation_accuracy"]["total"]) == (told, told)


def test_a_wrong_action_in_a_dialogue_makes_rasas_test_command_fail(tmp_path: Path) -> None:
    """The command would notice: a dialogue that expects another action fails it."""
    wrong = (TESTS / "test_stories.yml").read_text(encoding="utf-8").replace("utter_thanks", "utter_bye")
    (tmp_path / "test_wrong.yml").write_text(wrong, encoding="utf-8")
    ran = rasa_test(tmp_path, tmp_path / "out", "--fail-on-prediction-errors")
    assert ran.returncode != 0
    assert "predicted: utter_thanks" in ran.stderr + ran.stdout


def test_rasas_test_command_can_report_on_the_texts_too(all_stories: Path, tmp_path: Path) -> None:
    """With ``--e2e`` Rasa compares entities as well, and writes a report of them."""
    ran = rasa_test(all_stories, tmp_path, "--e2e")
    assert ran.returncode == 0, ran.stderr[-2000:]


def test_every_message_of_the_dialogues_is_understood_and_gets_its_action(stock: Agent, all_stories: Path) -> None:
    report = asyncio.run(run_stories(str(all_stories), stock, e2e=True, errors=False, disable_plotting=True))["report"]
    domain = stock.domain
    names = {*domain.intents, *domain.action_names_or_texts}
    figures = {name: (row["precision"], row["recall"]) for name, row in report.items() if name in names}
    assert figures.keys() >= {"action_answer", "greet", "relation_transfer"}
    assert {name: row for name, row in figures.items() if row != (1.0, 1.0)} == {}
