"""What a guide file may hold: one model a section, checked when the file is read.

The models are the one description of ``knowledge/guides/*.yml``. Texts are the guides' own words. A field a guide
does not give is left out, never guessed.
"""

from __future__ import annotations

import datetime
import re
from typing import Any, Literal

from pydantic import BaseModel, ConstrainedStr, Extra, Field, root_validator, validator


class Text(ConstrainedStr):
    """The guide's own words; never empty."""

    strip_whitespace = True
    min_length = 1


class PhoneNumber(ConstrainedStr):
    """A landline with its area code, a service number, a mobile or a 400 number."""

    regex = re.compile(r"^(0\d{2,3}-\d{7,8}|1\d{4}|1\d{10}|400-?\d{3}-?\d{4})$")


class ItemCode(ConstrainedStr):
    """A national item code: twelve digits."""

    regex = re.compile(r"^\d{12}$")


class GuideId(ConstrainedStr):
    """A guide's id, as its file is named: ``leshan-2024``."""

    regex = re.compile(r"^[a-z]+(-\d{4})?$")


class Strict(BaseModel):
    """A section whose every key is known: a misspelt key is an error, not silently lost."""

    class Config:
        extra = Extra.forbid
        allow_mutation = False


class Conditional(Strict):
    """Something that holds always, or only when all circumstances in ``when`` do.

    ``condition`` is the guide's own wording of ``when``; ``origin`` the section it was found in, unless its own.
    """

    when: tuple[str, ...] = ()
    condition: Text | None = None
    origin: Literal["remarks", "process", "flow_chart", "form_note", "note", "eligibility"] | None = None


class Statement(Conditional):
    text: Text


class Channel(Statement):
    kind: Literal[
        "counter",
        "web",
        "app",
        "mini_program",
        "wechat",
        "terminal",
        "bank",
        "phone",
        "hospital",
        "community",
        "platform",
    ]
    conditional: bool = False


class Material(Statement):
    """One material a person brings. Alternatives ("甲或乙") stay one material."""

    form: Text | None = None
    copies: int | None = Field(None, ge=1)
    original: Literal["original", "copy", "both", "either"] | None = None
    seal: Text | None = None
    attachment: Text | None = None
    optional: bool = False
    waived_when: tuple[str, ...] = ()


class TimeLimit(Statement):
    """A limit in working days or calendar days, or at once."""

    working_days: int | None = Field(None, ge=1)
    days: int | None = Field(None, ge=1)
    immediate: bool = False


class Step(Conditional):
    name: Text | None = None
    text: Text | None = None
    branch: Text | None = None

    @root_validator
    def says_something(cls, values: dict[str, Any]) -> dict[str, Any]:
        if not (values.get("name") or values.get("text")):
            raise ValueError("a step needs a name or a text")
        return values


class Phone(Strict):
    kind: Literal["inquiry", "complaint", "hospital", "loss_report"]
    number: PhoneNumber
    place: Text | None = None


class LegalBasis(Strict):
    text: Text
    document: Text
    number: Text | None = None
    articles: Text | None = None


class Diseases(Strict):
    class_: Text = Field(alias="class")
    names: tuple[Text, ...]


class Deferred(Strict):
    """The guide names these fields and refers to another document for what they hold."""

    fields_: tuple[Literal["materials", "time_limits", "process"], ...] = Field(alias="fields")
    text: Text


class Group(Strict):
    title: Text
    code: Text | None = None


class Mend(Strict):
    field: Text
    fault: Text
    mend: Text


class Entry(Strict):
    """One item as one guide has it."""

    item: Text
    title: Text
    number: Text | None = None
    code: ItemCode | None = None
    group: Group | None = None
    scope: Text | None = None
    eligibility: tuple[Statement, ...] = ()
    channels: tuple[Channel, ...] = ()
    materials: tuple[Material, ...] = ()
    no_materials: Text | None = None
    time_limits: tuple[TimeLimit, ...] = ()
    windows: tuple[Statement, ...] = ()
    process: tuple[Step, ...] = ()
    address: Text | None = None
    hours: Text | None = None
    phones: tuple[Phone, ...] = ()
    progress: Text | None = None
    evaluation: Text | None = None
    remarks: tuple[Text, ...] = ()
    legal_basis: tuple[LegalBasis, ...] = ()
    level: Text | None = None
    diseases: tuple[Diseases, ...] = ()
    deferred: Deferred | None = None
    unknown: dict[str, Text] = {}
    mended: tuple[Mend, ...] = ()

    @validator("unknown")
    def unknown_fields_exist(cls, value: dict[str, str]) -> dict[str, str]:
        for name in value:
            if name not in cls.__fields__:
                raise ValueError(f"{name!r} is no field of an entry")
        return value


class Guide(Strict):
    """One guide, whole."""

    id: GuideId
    title: Text
    jurisdiction: Text
    region: Text | None = None
    year: int | None = Field(None, ge=1990, le=2100)
    issued: datetime.date | None = None
    mended: tuple[Text, ...] = ()
    entry_count: int
    """How many entries the printed guide has: a clerk who loses one is told."""
    entries: tuple[Entry, ...]
