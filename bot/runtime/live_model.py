"""Which of the trained models answers: the newest, or one chosen by hand; running servers follow within seconds.

The choice is the file ``models/live``, which holds the model's name. Without it the newest model answers.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

from bot.background import in_thread
from bot.runtime.assistant import Assistant
from bot.runtime.model import load_model

_ENDING = ".tar.gz"
_CHOICE = "live"
_LOOK_SECONDS = 2.0

_log = logging.getLogger(__name__)


def archives(models: Path) -> list[Path]:
    """All trained models, newest first. ``models`` may be one archive itself."""
    if models.is_file():
        return [models]
    return sorted(models.glob(f"*{_ENDING}"), key=lambda path: path.stat().st_mtime, reverse=True)


def live_archive(models: Path) -> Path:
    """The model that answers. Raises ``FileNotFoundError`` where there is none, or the chosen one is gone."""
    known = archives(models)
    chosen = _chosen(models)
    found = next((path for path in known if chosen in (None, _name(path))), None)
    if found is None:
        missing = f"model {chosen!r}, chosen in {models / _CHOICE}," if chosen else f"trained model in {str(models)!r}"
        raise FileNotFoundError(f"no {missing} is there: run `make train`, or choose with `python -m bot model use`")
    return found


def choose(models: Path, name: str | None) -> None:
    """Let a model answer, by its name; ``None``: the newest, now and later. Raises ``ValueError`` if there is no such model."""
    if name is None:
        (models / _CHOICE).unlink(missing_ok=True)
        return
    if name not in map(_name, archives(models)):
        raise ValueError(f"no model {name!r} in {models}: `python -m bot model list` names them")
    fresh = models / f".{_CHOICE}"
    fresh.write_text(name, encoding="utf-8")
    fresh.replace(models / _CHOICE)


def listing(models: Path) -> Iterator[str]:
    """A line a model, newest first, and which of them answers."""
    live = live_archive(models)
    for path in archives(models):
        answers = f"  answers{', chosen by hand' if _chosen(models) else ''}" if path == live else ""
        yield f"{_name(path)}  {path.stat().st_size / 1e6:.0f} MB{answers}"


async def follow(assistant: Assistant, models: Path) -> None:
    """Change the assistant's model when another should answer. One that cannot be loaded changes nothing, and is logged."""
    refused: tuple[Path, float] | None = None
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        try:
            archive = live_archive(models)
            seen = archive, archive.stat().st_mtime  # a model still being written changes, and is tried again
        except FileNotFoundError:
            continue
        if _name(archive) == assistant.model.name or seen == refused:
            continue
        try:
            model = await in_thread(load_model, archive)
            await in_thread(model.understand, "您好")
            assistant.use(model)
            _log.info("the model %s answers from now on", model.name)
        except Exception:
            refused = seen
            _log.exception("the model %s cannot be used: %s goes on answering", _name(archive), assistant.model.name)


def _chosen(models: Path) -> str | None:
    path = models / _CHOICE
    return path.read_text(encoding="utf-8").strip() if path.is_file() else None


def _name(archive: Path) -> str:
    return archive.name.removesuffix(_ENDING)
