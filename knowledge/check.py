"""Cross-checks over the data files: what a schema cannot see. Every problem names file, entry and field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz import fuzz

from knowledge.catalogue import Catalogue, load_catalogue
from knowledge.regions import RegionTree, load_regions
from knowledge.schema import Conditional, Entry, Guide

_FORM = re.compile(r"《([^《》]+)》")
_ALIKE = 93
_DAYS = re.compile(r"(\d+)个?工作日")


@dataclass(frozen=True)
class Problem:
    """A fault in a data file: where it stands, what is wrong, what to do."""

    file: str
    entry: str
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: entry {self.entry}: {self.field}: {self.message}"


def problems(guides: Sequence[Guide]) -> list[Problem]:
    """All problems of all guides; empty when they may be built."""
    catalogue, regions = load_catalogue(), load_regions()
    found = [*_guides(guides, regions)]
    for guide in guides:
        found += [*_entries(guide, catalogue), *_forms_are_spelt_alike(guide)]
        for entry in guide.entries:
            for one_check in _CHECKS:
                for field, message in one_check(entry, guide, catalogue, regions):
                    found.append(Problem(f"{guide.id}.yml", entry.item, field, message))
    return found


def _guides(guides: Sequence[Guide], regions: RegionTree) -> Iterator[Problem]:
    for guide in guides:
        if guide.region is not None and guide.region not in regions.regions:
            yield Problem(f"{guide.id}.yml", "-", "region", f"no region {guide.region!r} in the tree")
    for region, count in Counter(guide.region for guide in guides).items():
        if count > 1:
            same = [guide.id for guide in guides if guide.region == region]
            yield Problem(f"{same[-1]}.yml", "-", "region", f"{region} has several guides ({', '.join(same)}): keep one")


def _entries(guide: Guide, catalogue: Catalogue) -> Iterator[Problem]:
    if len(guide.entries) != guide.entry_count:
        message = f"the printed guide has {guide.entry_count} entries, the file {len(guide.entries)}"
        yield Problem(f"{guide.id}.yml", "-", "entry_count", message)
    for item, count in Counter(entry.item for entry in guide.entries).items():
        if item not in catalogue.items:
            yield Problem(f"{guide.id}.yml", item, "item", "no such item in items.yml")
        if count > 1:
            yield Problem(f"{guide.id}.yml", item, "item", f"stands {count} times in this guide")


Finding = tuple[str, str]


def _circumstances_known(entry: Entry, guide: Guide, catalogue: Catalogue, regions: RegionTree) -> Iterator[Finding]:
    for field, part in _conditionals(entry):
        waived = getattr(part, "waived_when", ())
        for circumstance in (*part.when, *waived):
            if circumstance not in catalogue.circumstances:
                yield field, f"unknown circumstance {circumstance!r}: add it to circumstances.yml or correct it"


def _days_agree_with_text(entry: Entry, guide: Guide, catalogue: Catalogue, regions: RegionTree) -> Iterator[Finding]:
    for n, limit in enumerate(entry.time_limits, 1):
        said = {int(days) for days in _DAYS.findall(limit.text)}
        if limit.working_days and limit.working_days not in said:
            yield f"time_limits[{n}]", f"working_days {limit.working_days} does not stand in the text {limit.text!r}"
        if said and not limit.working_days:
            yield f"time_limits[{n}]", f"the text {limit.text!r} gives working days: set working_days"
        if limit.immediate and "即时" not in limit.text:
            yield f"time_limits[{n}]", f"immediate, but the text is {limit.text!r}"


def _forms_stand_in_their_material(entry: Entry, guide: Guide, catalogue: Catalogue, regions: RegionTree) -> Iterator[Finding]:
    for n, material in enumerate(entry.materials, 1):
        if material.form and material.form not in material.text:
            yield f"materials[{n}]", f"form {material.form!r} does not stand in the text {material.text!r}"
        if material.text.count("《") != material.text.count("》"):
            yield f"materials[{n}]", f"unpaired 《》 in {material.text!r}"


def _forms_are_spelt_alike(guide: Guide) -> Iterator[Problem]:
    """Two forms of one guide whose names differ by a slip are one form misspelt."""
    forms = form_names([guide])
    for first, second in combinations(sorted(forms), 2):
        if fuzz.ratio(first, second) >= _ALIKE and forms[first] & forms[second]:
            item = sorted(forms[first] & forms[second])[0]
            yield Problem(
                f"{guide.id}.yml", item, "materials", f"form names {first!r} and {second!r}: one of them is misspelt?"
            )


def _phones_belong_to_the_region(entry: Entry, guide: Guide, catalogue: Catalogue, regions: RegionTree) -> Iterator[Finding]:
    places: set[str] = {region.name for region in regions.children(guide.region)} if guide.region else set()
    seen: set[tuple[str, str | None]] = set()
    for n, phone in enumerate(entry.phones, 1):
        if phone.kind == "inquiry" and phone.place and phone.place not in places:
            yield f"phones[{n}]", f"place {phone.place!r} is no district of {guide.region}"
        if phone.place and (phone.kind, phone.place) in seen:
            yield f"phones[{n}]", f"a second {phone.kind} number for {phone.place}: keep one"
        seen.add((phone.kind, phone.place))


def _nothing_both_given_and_unknown(entry: Entry, guide: Guide, catalogue: Catalogue, regions: RegionTree) -> Iterator[Finding]:
    for field in entry.unknown:
        if getattr(entry, field):
            yield field, "both given and marked unknown: keep one"


def _something_to_answer(entry: Entry, guide: Guide, catalogue: Catalogue, regions: RegionTree) -> Iterator[Finding]:
    deferred = set(entry.deferred.fields_) if entry.deferred else set()
    for field, values in (("materials", entry.materials or entry.no_materials), ("time_limits", entry.time_limits)):
        if not values and field not in deferred and field not in entry.unknown:
            yield field, "missing: give it, or say under 'unknown' or 'deferred' why the guide has none"


_CHECKS: tuple[Callable[[Entry, Guide, Catalogue, RegionTree], Iterator[Finding]], ...] = (
    _circumstances_known,
    _days_agree_with_text,
    _forms_stand_in_their_material,
    _phones_belong_to_the_region,
    _nothing_both_given_and_unknown,
    _something_to_answer,
)


def _conditionals(entry: Entry) -> Iterator[tuple[str, Conditional]]:
    for field in ("eligibility", "channels", "materials", "time_limits", "windows", "process"):
        parts: Iterable[Conditional] = getattr(entry, field)
        for n, part in enumerate(parts, 1):
            yield f"{field}[{n}]", part


def form_names(guides: Iterable[Guide]) -> dict[str, set[str]]:
    """Every form that a material quotes, with the items that ask for it."""
    forms: dict[str, set[str]] = {}
    for guide in guides:
        for entry in guide.entries:
            for material in entry.materials:
                for name in _FORM.findall(material.text):
                    forms.setdefault(name, set()).add(entry.item)
    return forms
