"""Looking around in the guides: search, two side by side, lists to choose from."""

from __future__ import annotations

from pydantic import constr
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.accounts.access import Right, may
from bot.accounts.refusal import Refusal
from bot.accounts.sessions import Identity
from bot.assist.api.common import Sent, known_item, known_region, query, reply
from bot.assist.compare import compare, guide_row
from bot.assist.search import search
from bot.background import in_thread
from bot.services import services
from bot.understanding.normaliser import even_out
from bot.web.shelf import guidebook
from knowledge.guidebook import WholeGuide

_MOST_REGIONS = 20


class Looking(Sent):
    q: constr(min_length=1, max_length=100)  # type: ignore[valid-type]
    region: constr(max_length=100) | None = None  # type: ignore[valid-type]


class Comparing(Sent):
    item: str
    left: str
    right: str


class LookingForRegion(Sent):
    q: constr(min_length=1, max_length=50)  # type: ignore[valid-type]


def add_routes(blueprint: Blueprint) -> None:
    blueprint.add_route(find, "/search", name="search")
    blueprint.add_route(side_by_side, "/compare", name="compare")
    blueprint.add_route(guides, "/guides", name="list_guides")
    blueprint.add_route(items, "/items", name="list_items")
    blueprint.add_route(regions, "/regions", name="find_regions")


@may(Right.ANYTHING)
async def find(request: Request, _: Identity) -> HTTPResponse:
    asked = query(request, Looking)
    region = known_region(asked.region) if asked.region else None
    return reply({"results": await in_thread(lambda: search(guidebook(), services().knowledge, asked.q, region))})


@may(Right.ANYTHING)
async def side_by_side(request: Request, _: Identity) -> HTTPResponse:
    asked = query(request, Comparing)
    item = services().knowledge.catalogue.items[known_item(asked.item)]
    by_id = await in_thread(_guides)
    for guide in (asked.left, asked.right):
        if guide not in by_id:
            raise Refusal(400, "no_guide", guide=guide)
    found = compare(item, by_id[asked.left], by_id[asked.right])
    if found is None:
        raise Refusal(404, "not_in_guide")
    return reply(found)


@may(Right.ANYTHING)
async def guides(_: Request, __: Identity) -> HTTPResponse:
    return reply({"guides": [guide_row(guide) for guide in (await in_thread(_guides)).values()]})


@may(Right.ANYTHING)
async def items(_: Request, __: Identity) -> HTTPResponse:
    catalogue = services().knowledge.catalogue
    return reply(
        {
            "items": [
                {"id": item.id, "name": item.name, "means": item.means, "family": catalogue.families[item.family].name}
                for item in catalogue.items.values()
            ],
            "circumstances": [{"id": c.id, "label": c.label} for c in catalogue.circumstances.values()],
        }
    )


@may(Right.ANYTHING)
async def regions(request: Request, _: Identity) -> HTTPResponse:
    asked = even_out(query(request, LookingForRegion).q).replace(" ", "")
    tree = services().knowledge.regions
    with_guide = {guide.source.region for guide in (await in_thread(_guides)).values()}
    found = [region for path, region in tree.regions.items() if asked and asked in path.replace("/", "")]
    found.sort(key=lambda r: (r.path not in with_guide, tree.preference(r.path), r.path.count("/"), len(r.path)))
    return reply(
        {"regions": [{"path": r.path, "name": r.name, "has_guide": r.path in with_guide} for r in found[:_MOST_REGIONS]]}
    )


def _guides() -> dict[str, WholeGuide]:
    """The guides by their ids."""
    return {guide.source.id: guide for guide in guidebook().guides.values()}
