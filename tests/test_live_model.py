"""Another model goes live in a running server, is gone back from, and a broken one never answers."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.runtime.live_model import choose, listing, live_archive
from bot.settings import load_settings
from tests.serving import Server, serving

_SECONDS = 60


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    shutil.copy(live_archive(Path(load_settings().model)), folder / "first.tar.gz")
    return folder


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("live"), YIBAO_MODEL=str(models)) as server:
        yield server


def add(models: Path, name: str, content: bytes | None = None) -> None:
    """A newer model, put there whole as training does."""
    made = models / f".{name}"
    if content is None:
        shutil.copy(models / "first.tar.gz", made)
    else:
        made.write_bytes(content)
    later = time.time() + 10 * len(list(models.iterdir()))
    os.utime(made, (later, later))
    made.replace(models / f"{name}.tar.gz")


def until_logged(server: Server, words: str) -> None:
    end = time.monotonic() + _SECONDS
    while words not in server.log.read_text(encoding="utf-8"):
        assert time.monotonic() < end, server.log.read_text(encoding="utf-8")
        assert server.say("住院费用报销要多久")[0], "no answer while the model changes"
        time.sleep(0.2)


def test_a_new_model_answers_without_a_restart_and_can_be_gone_back_from(running: Server, models: Path) -> None:
    add(models, "second")
    until_logged(running, "the model second answers")
    choose(models, "first")
    until_logged(running, "the model first answers")
    assert "first" in next(line for line in listing(models) if line.endswith("answers, chosen by hand"))
    choose(models, None)
    assert live_archive(models).name == "second.tar.gz"


def test_a_broken_model_never_answers(running: Server, models: Path) -> None:
    add(models, "broken", b"half an archive")
    until_logged(running, "the model broken cannot be used")
    assert running.say("峨眉山的住院费用报销要多久")[1][0]["jurisdiction"] == "leshan"
    (models / "broken.tar.gz").unlink()


@pytest.mark.parametrize("act", [lambda models: choose(models, "third"), lambda models: live_archive(models / "nowhere")])
def test_what_is_not_there_is_named(models: Path, act: Callable[[Path], object]) -> None:
    with pytest.raises((ValueError, FileNotFoundError), match=r"model|trained"):
        act(models)
