"""The guides as they were: the last few versions stay in the database, so that one of them can answer again at once."""

from __future__ import annotations

import datetime
import json
import zlib
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from knowledge.files import DataError
from knowledge.models import BuildRow, VersionRow

_KEPT = 5


def add(session: Session, fingerprint: str, guides: Iterable[Path]) -> int:
    """Keep the guide files under a new number, unless they are the newest kept already. Returns the number."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in guides}
    kept = zlib.compress(json.dumps(texts, ensure_ascii=False, sort_keys=True).encode())
    newest = session.execute(sa.select(VersionRow).order_by(VersionRow.number.desc()).limit(1)).scalar()
    if newest and newest.guides == kept:
        return int(newest.number)
    number = newest.number + 1 if newest else 1
    made_at = datetime.datetime.utcnow()
    session.add(VersionRow(number=number, fingerprint=fingerprint, made_at=made_at, guides=kept))
    session.execute(sa.delete(VersionRow).where(VersionRow.number <= number - _KEPT))
    return int(number)


def write_out(engine: Engine, number: int, folder: Path) -> str:
    """Write the guide files of a version into a new folder. Returns the fingerprint of the data files then.

    Raises :class:`DataError` if there is no such version.
    """
    with Session(engine) as session:
        version = session.get(VersionRow, number)
        if version is None:
            known = session.execute(sa.select(VersionRow.number).order_by(VersionRow.number)).scalars().all()
            raise DataError(f"no version {number}: there are {', '.join(map(str, known)) or 'none'}")
        folder.mkdir()
        for name, text in json.loads(zlib.decompress(version.guides)).items():
            (folder / name).write_text(text, encoding="utf-8")
        return str(version.fingerprint)


def listing(engine: Engine) -> list[str]:
    """A line a version, newest first, and which of them answers."""
    with Session(engine) as session:
        live = session.execute(sa.select(BuildRow)).scalar()
        rows = session.execute(sa.select(VersionRow.number, VersionRow.made_at).order_by(VersionRow.number.desc())).all()
    return [f"{row.number:4}  {row.made_at:%Y-%m-%d %H:%M} UTC{_mark(row.number, live)}" for row in rows]


def _mark(number: int, live: BuildRow | None) -> str:
    if live is None or live.version != number:
        return ""
    return "  answers, chosen by hand" if live.held else "  answers"
