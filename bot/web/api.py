"""``/api``: what the widget shows before and while a person types."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.limits import Limiter, address_of
from bot.services import services
from bot.state.patience import patiently
from bot.web import places, suggest
from bot.web.fields import known_region, query
from bot.web.problems import Problem
from bot.web.shelf import guidebook
from bot.web.titles import place_name

_LONGEST_REGION = 64
_HOT = 8


def make_api(limiter: Limiter) -> Blueprint:
    """The routes; all of them count against the address they are asked from."""
    api = Blueprint("api", url_prefix="/api")

    @api.middleware("request")
    async def limit(request: Request) -> None:
        if wait := await limiter.retry_after(address_of(request)):
            raise Problem(429, "too_fast", retry_after=wait)

    @api.get("/start")
    async def start(request: Request) -> HTTPResponse:
        return _json(await patiently(_start, known_region(query(request, "region", _LONGEST_REGION))))

    @api.get("/suggest")
    async def suggestions(request: Request) -> HTTPResponse:
        region = known_region(query(request, "region", _LONGEST_REGION))
        found = await patiently(suggest.suggest, query(request, "q", suggest.LONGEST_QUERY), region)
        return _json({"suggestions": [suggestion.shown() for suggestion in found]})

    @api.get("/regions")
    async def regions(request: Request) -> HTTPResponse:
        if "q" in request.args:
            found = await patiently(places.find_places, query(request, "q", places.LONGEST_QUERY))
        else:
            found = await patiently(places.children, query(request, "under", _LONGEST_REGION) or None)
        return _json({"regions": found})

    return api


def _start(region: str | None) -> dict[str, Any]:
    catalogue, book = services().knowledge.catalogue, guidebook()
    listed = [item for item in catalogue.items.values() if book.answering(item, region)]
    ids = {item.id for item in listed}
    questions = suggest.load_questions()
    return {
        "region": region,
        "hot": [{"text": questions["questions"][item][0]} for item in questions["hot"] if item in ids][:_HOT],
        "families": [
            {
                "id": family.id,
                "name": family.name,
                "items": [{"id": x.id, "name": x.name, "means": x.means} for x in listed if x.family == family.id],
            }
            for family in catalogue.families.values()
            if any(x.family == family.id for x in listed)
        ],
        "circumstances": [
            {"id": x.id, "label": x.label, "group": x.group, "implies": list(x.implies)}
            for x in catalogue.circumstances.values()
        ],
        "hotlines": [{"number": hotline.number, "name": hotline.name} for hotline in catalogue.hotlines],
        "guides": [{"jurisdiction": key, "name": place_name(guide.source)} for key, guide in book.guides.items()],
    }


def _json(body: dict[str, Any]) -> HTTPResponse:
    return json(body, ensure_ascii=False)
