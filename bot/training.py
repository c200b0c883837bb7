"""Training the Rasa model when what it learns from changed, and only then."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bot.understanding import understanding_fingerprint

_LEARNT_FROM = ("config.yml", "domain.yml", "requirements.lock")
_STAMP = "trained-from"


def is_current(models: Path) -> bool:
    """Whether the newest model was trained from things as they are now."""
    stamp = models / _STAMP
    return any(models.glob("*.tar.gz")) and stamp.exists() and stamp.read_text() == _fingerprint()


def train(models: Path) -> Path:
    """Train and keep only the new model. Returns its path. Raises ``ValueError`` when Rasa cannot train."""
    from rasa.api import train as rasa_train  # imports TensorFlow: only where it is needed

    fingerprint = _fingerprint()
    result = rasa_train("domain.yml", "config.yml", ["data"], output=str(models))
    if result.model is None or result.code:
        raise ValueError("Rasa could not train: the reason is printed above")
    trained = Path(result.model)
    for model in models.glob("*.tar.gz"):
        if model != trained:
            model.unlink()
    (models / _STAMP).write_text(fingerprint)
    return trained


def _fingerprint() -> str:
    digest = hashlib.sha256(understanding_fingerprint().encode())
    sources = [*map(Path, _LEARNT_FROM), *sorted(Path("data").rglob("*.*")), *sorted(Path("bot/nlu").glob("*.py"))]
    for path in sources:
        digest.update(path.as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
