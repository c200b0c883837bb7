"""Training the Rasa model when what it learns from changed, and only then."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from bot.runtime.live_model import archives, live_archive
from bot.understanding import understanding_fingerprint

_LEARNT_FROM = ("config.yml", "domain.yml", "requirements.lock")
_STAMP = "trained-from"
_KEPT = 3


def is_current(models: Path) -> bool:
    """Whether the newest model was trained from things as they are now."""
    stamp = models / _STAMP
    return any(models.glob("*.tar.gz")) and stamp.exists() and stamp.read_text() == _fingerprint()


def train(models: Path) -> Path:
    """Train; the new model stands whole among the few that are kept. Returns its path.

    Raises ``ValueError`` when Rasa cannot train.
    """
    from rasa.api import train as rasa_train  # imports TensorFlow: only where it is needed

    fingerprint = _fingerprint()
    models.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=models) as folder:  # running servers look for new models in ``models``
        result = rasa_train("domain.yml", "config.yml", ["data"], output=folder)
        if result.model is None or result.code:
            raise ValueError("Rasa could not train: the reason is printed above")
        trained = Path(result.model).replace(models / Path(result.model).name)
    (models / _STAMP).write_text(fingerprint)
    for model in archives(models)[_KEPT:]:
        if model != live_archive(models):
            model.unlink()
    return trained


def _fingerprint() -> str:
    digest = hashlib.sha256(understanding_fingerprint().encode())
    sources = [*map(Path, _LEARNT_FROM), *sorted(Path("data").rglob("*.*")), *sorted(Path("bot/nlu").glob("*.py"))]
    for path in sources:
        digest.update(path.as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
