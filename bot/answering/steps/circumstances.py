"""What is known of the person's case: said now, kept from before while the item stays, never both of a pair that exclude."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.context import Context


def decide_circumstances(context: Context) -> Context:
    catalogue = context.knowledge.catalogue
    said = context.turn.circumstances.stated
    stated = [*said, *_from_places(context), *_from_roles(context, said)]
    kept = context.memory.circumstances if _same_business(context) else ()
    denied = set(context.turn.circumstances.denied)
    groups = {catalogue.circumstances[c].group for c in stated}
    kept_on = [c for c in kept if c not in denied and catalogue.circumstances[c].group not in groups]
    context.circumstances = tuple(dict.fromkeys([*kept_on, *_first_of_each_group(context, stated)]))
    return context


def _same_business(context: Context) -> bool:
    """Whether the talk is still about the item before, or one beside it (不是门诊，是住院), and the same person."""
    items, before = context.knowledge.catalogue.items, context.memory.item
    if context.person not in {None, context.memory.person}:
        return False
    return before is not None and context.item is not None and items[before].family == items[context.item].family


def _first_of_each_group(context: Context, stated: list[str]) -> list[str]:
    """Of circumstances that exclude each other, both said in one message: neither is known."""
    groups: dict[str, set[str]] = {}
    for circumstance in stated:
        groups.setdefault(context.knowledge.catalogue.circumstances[circumstance].group, set()).add(circumstance)
    return [next(iter(members)) for members in groups.values() if len(members) == 1]


def _from_roles(context: Context, said: Sequence[str]) -> list[str]:
    """A place whose rules apply because a relation goes there, or leaves it, tells which of the two is meant."""
    tree, circumstances = context.knowledge.regions, context.knowledge.catalogue.circumstances
    roles = {m.role for m in context.turn.mentions if context.region in {tree.choose(m.paths, context.region)}}
    spoken_of = {circumstances[c].group for c in said}
    return [c.id for c in circumstances.values() if roles & set(c.from_roles) and c.group not in spoken_of]


def _from_places(context: Context) -> list[str]:
    """A place of treatment within the province of insurance says so itself."""
    tree, region = context.knowledge.regions, context.region
    if not region:
        return []
    province = tree.ancestor_at(region, "province")
    elsewhere = [tree.choose(mention.paths, region) for mention in context.turn.mentions]
    same = [
        place
        for place in elsewhere
        if place
        and not tree.within(region, place)
        and not tree.within(place, region)
        and tree.ancestor_at(place, "province") == province
    ]
    return [c.id for c in context.knowledge.catalogue.circumstances.values() if c.from_places and same]
