"""Reading the data files, with errors that name file, entry and field."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from knowledge.schema import Guide

DATA = Path(__file__).parent


class DataError(ValueError):
    """A data file that cannot be used. The message says which file, which entry, which field, and why."""


def guide_paths(folder: Path = DATA) -> list[Path]:
    """The guide files, in a fixed order."""
    return sorted((folder / "guides").glob("*.yml"))


def read_yaml(path: Path) -> Any:
    """The content of a YAML file. Raises :class:`DataError` with the line where it cannot be read."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except FileNotFoundError as error:
        raise DataError(f"{path.name}: the file is missing") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataError(f"{path.name}: not readable as YAML: {error}") from error


def read_guide(path: Path) -> Guide:
    """One guide, checked against the schema. Raises :class:`DataError` naming file, entry and field."""
    data = read_yaml(path)
    try:
        guide: Guide = Guide.parse_obj(data)
    except ValidationError as error:
        raise DataError("\n".join(f"{path.name}: {_place(data, e['loc'])}: {e['msg']}" for e in error.errors())) from error
    if guide.id != path.stem:
        raise DataError(f"{path.name}: id: is {guide.id!r}, but the file is named {path.stem!r}")
    return guide


def read_guides(folder: Path = DATA) -> list[Guide]:
    """All guides; if some cannot be read, one :class:`DataError` tells of them all."""
    guides, faults = [], []
    for path in guide_paths(folder):
        try:
            guides.append(read_guide(path))
        except DataError as error:
            faults.append(str(error))
    if faults:
        raise DataError("\n".join(faults))
    if not guides:
        raise DataError(f"{folder / 'guides'}: no guide file (*.yml) found")
    return guides


def fingerprint(folder: Path = DATA) -> str:
    """A hash over all data files and the code that builds from them: unchanged means nothing to rebuild."""
    digest = hashlib.sha256()
    for path in [*sorted(folder.glob("*.yml")), *guide_paths(folder), *sorted(DATA.glob("*.py"))]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _place(data: Any, loc: tuple[int | str, ...]) -> str:
    """A pydantic location in a clerk's words: ``entry inpatient_reimbursement: phones[3].number``."""
    if len(loc) > 1 and loc[0] == "entries" and isinstance(loc[1], int):
        entry = data["entries"][loc[1]]
        name = entry.get("item", f"number {loc[1] + 1}") if isinstance(entry, dict) else f"number {loc[1] + 1}"
        return f"entry {name}: {_dotted(loc[2:])}"
    return _dotted(loc)


def _dotted(loc: tuple[int | str, ...]) -> str:
    text = ""
    for part in loc:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".") or "(whole entry)"
