"""Understanding one message: pure functions and models. ``bot/nlu`` makes them Rasa graph components."""

from __future__ import annotations

import hashlib
from pathlib import Path

from knowledge import files


def understanding_fingerprint() -> str:
    """A hash over the code and data that understanding rests on, beside the training examples."""
    here = Path(__file__).parent
    sources = [*sorted(here.rglob("*.py")), *sorted(here.glob("*.yml")), *sorted(files.DATA.glob("*.yml"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
