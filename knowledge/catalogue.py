"""The items, circumstances and general hotlines: small data files that every part shares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from knowledge import files


@dataclass(frozen=True)
class Item:
    """A handling item (事项) and the names it goes by."""

    id: str
    name: str
    family: str
    means: str
    code: str | None
    aliases: tuple[str, ...]
    says: tuple[str, ...]
    cases: tuple[str, ...]
    """Circumstances that single this item out among its family."""
    see: tuple[str, str] | None
    """Another item and a circumstance: where a guide has no entry for this item, it is dealt with there."""

    @property
    def names(self) -> tuple[str, ...]:
        """Official names, the item's own first, then what people call it."""
        return (self.name, *self.aliases, *self.says)


@dataclass(frozen=True)
class Family:
    """Items that a question may leave open between them, and the question that settles it."""

    id: str
    name: str
    asks: str


@dataclass(frozen=True)
class Circumstance:
    """A circumstance (情形) that decides which facts apply. Those of one ``group`` exclude each other."""

    id: str
    label: str
    group: str
    implies: tuple[str, ...]
    asks: str | None
    says: tuple[str, ...]
    patterns: tuple[str, ...] = ()
    """Regular expressions for what no list of words can hold (名字…打错了)."""
    from_places: bool = False
    """Whether a place of treatment within the province of insurance says so itself."""
    from_roles: tuple[str, ...] = ()
    """Roles of a place that say so themselves: where a relation goes to (转到昆明), or leaves."""


@dataclass(frozen=True)
class Hotline:
    number: str
    name: str


@dataclass(frozen=True)
class Catalogue:
    """Everything that is the same for all guides."""

    items: dict[str, Item]
    families: dict[str, Family]
    circumstances: dict[str, Circumstance]
    hotlines: tuple[Hotline, ...]

    def family_items(self, family: str) -> list[Item]:
        """The items of a family, in the order of the list."""
        return [item for item in self.items.values() if item.family == family]

    def with_implied(self, circumstances: frozenset[str]) -> frozenset[str]:
        """The circumstances and all that hold with them."""
        found = set(circumstances)
        for circumstance in circumstances:
            found.update(self.circumstances[circumstance].implies)
        return frozenset(found)

    def excluded(self, circumstance: str, known: frozenset[str]) -> bool:
        """Whether a known circumstance of the same group rules this one out."""
        group = self.circumstances[circumstance].group
        return circumstance not in known and any(self.circumstances[other].group == group for other in known)


def _item(item_id: str, data: dict[str, Any]) -> Item:
    see = data.get("see")
    return Item(
        id=item_id,
        name=data["name"],
        family=data["family"],
        means=data["means"],
        code=data.get("code"),
        aliases=tuple(data.get("aliases", ())),
        says=tuple(data.get("says", ())),
        cases=tuple(data.get("cases", ())),
        see=(see["item"], see["circumstance"]) if see else None,
    )


@lru_cache(maxsize=1)
def load_catalogue() -> Catalogue:
    """Read ``items.yml``, ``circumstances.yml`` and ``hotlines.yml``. Raises :class:`knowledge.files.DataError`."""
    items = files.read_yaml(files.DATA / "items.yml")
    circumstances = files.read_yaml(files.DATA / "circumstances.yml")
    try:
        return Catalogue(
            items={key: _item(key, value) for key, value in items["items"].items()},
            families={key: Family(key, value["name"], value["asks"]) for key, value in items["families"].items()},
            circumstances={
                row["id"]: Circumstance(
                    id=row["id"],
                    label=row["label"],
                    group=row["group"],
                    implies=tuple(row.get("implies", ())),
                    asks=row.get("asks"),
                    says=tuple(row.get("says", ())),
                    patterns=tuple(row.get("patterns", ())),
                    from_places=row.get("from_places", False),
                    from_roles=tuple(row.get("from_roles", ())),
                )
                for row in circumstances
            },
            hotlines=tuple(Hotline(**row) for row in files.read_yaml(files.DATA / "hotlines.yml")),
        )
    except (KeyError, TypeError) as error:
        raise files.DataError(f"items.yml, circumstances.yml or hotlines.yml: missing or wrong key {error}") from error
