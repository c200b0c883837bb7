"""The stock Rasa project that benchmarks compare with: Rasa takes it as it is, and its examples are ours."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.data import TrainingType
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.loading import load_data
from rasa.validator import Validator

from bench.stock.project import sample, stock_config, write_project

_EACH = 3
OURS = sorted(Path("data/nlu").glob("*.yml"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stock")
    write_project(folder, _EACH)
    return folder


def _files(project: Path) -> tuple[str, str, list[str]]:
    return str(project / "config.yml"), str(project / "domain.yml"), [str(project / "data")]


def test_rasa_finds_no_fault_with_the_project(project: Path) -> None:
    validator = asyncio.run(_validator(project))
    assert validator.verify_domain_validity()
    assert validator.verify_intents(ignore_warnings=False)
    assert validator.verify_actions_in_stories_rules()
    assert validator.verify_story_structure(ignore_warnings=False)


async def _validator(project: Path) -> Validator:
    return Validator.from_importer(TrainingDataImporter.load_from_config(*_files(project)))


def test_rasa_plans_the_training_of_its_own_default_components(project: Path) -> None:
    config = yaml.safe_load((project / "config.yml").read_text())
    plan = DefaultV1Recipe().graph_config_for_recipe(config, {}, TrainingType.BOTH)
    trained = {type_.__name__ for type_ in (node.uses for node in plan.train_schema.nodes.values())}
    assert {"JiebaTokenizer", "DIETClassifier", "ResponseSelector", "TEDPolicy", "UnexpecTEDIntentPolicy"} <= trained


def test_nothing_but_the_tokenizer_and_the_language_differs_from_the_default() -> None:
    config = stock_config()
    assert [part["name"] for part in config["pipeline"]].count("JiebaTokenizer") == 1
    assert {part["epochs"] for part in (*config["pipeline"], *config["policies"]) if "epochs" in part} == {100}
    assert config["language"] == "zh"


def test_every_intent_has_as_many_examples_and_all_are_ours(project: Path) -> None:
    chosen = load_data(str(project / "data" / "nlu.yml"))
    assert set(chosen.number_of_examples_per_intent.values()) == {_EACH}
    assert chosen.intents == {intent for path in OURS for intent in re.findall("^- intent: (.+)$", path.read_text(), re.M)}
    lines = {line.strip() for path in OURS for line in path.read_text().splitlines()}
    assert {f"- {example.get('text')}" for example in chosen.intent_examples} <= lines


def test_an_example_keeps_what_it_is_annotated_with() -> None:
    blocks = [{"intent": "bye", "metadata": {"aspects": [n]}, "examples": f"- 再见{n}\n"} for n in range(9)]
    assert all(block in blocks for block in sample(blocks, 2))
    assert len(list(sample(blocks, 2))) == 2


def test_the_sample_is_the_same_every_time(project: Path, tmp_path: Path) -> None:
    write_project(tmp_path, _EACH)
    assert (tmp_path / "data" / "nlu.yml").read_text() == (project / "data" / "nlu.yml").read_text()


def test_zero_examples_of_each_takes_all() -> None:
    blocks = [{"intent": "greet", "examples": "- 你好\n- 在吗\n"}, {"intent": "bye", "examples": "- 再见\n"}]
    assert list(sample(blocks, 0)) == blocks
    assert [len(re.findall("^- ", block["examples"], re.MULTILINE)) for block in sample(blocks, 1)] == [1, 1]
