"""The server-rendered pages: home, the guide index, a guide, an item. They need no script and no cookie."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import lru_cache, partial, wraps
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.services import services
from bot.state.patience import patiently
from bot.web.content import Content, send
from bot.web.fields import known_region, query
from bot.web.guide_page import guide_page, item_links
from bot.web.places import find_places
from bot.web.problems import Problem, load_words
from bot.web.shelf import guidebook
from bot.web.suggest import LONGEST_QUERY, load_questions, suggest
from bot.web.titles import guide_name, place_name
from knowledge.catalogue import Item

_SECONDS = 300
_LONGEST_PLACE = 128
_HOT = 8
_KEPT_PAGES = 256


def add_pages(app: Sanic) -> None:
    """``/`` and ``/guide/``."""
    app.add_route(_page(_home), "/", name="home")
    app.add_route(_page(_index), "/guide", name="guides")
    app.add_route(_page(_guide), "/guide/<jurisdiction:str>", name="guide")
    app.add_route(_page(_item), "/guide/<jurisdiction:str>/<item:str>", name="guide_item")


def problem_page(request: Request, problem: Problem) -> HTTPResponse:
    """What went wrong, with ways on."""
    heading = load_words()["titles"]["not_found" if problem.status_code == 404 else "problem"]
    body = _render("problem.html", section="", heading=heading, sentence=problem.sentence)
    response = send(request, body, 0, problem.status_code)
    response.headers.update(problem.headers)
    return response


def _page(make: Callable[..., HTTPResponse]) -> Callable[..., Awaitable[HTTPResponse]]:
    """A handler that makes its page, which takes the knowledge base, without holding others up."""

    @wraps(make)
    async def handle(request: Request, **parts: str) -> HTTPResponse:
        return await patiently(partial(make, request, **parts))

    return handle


def _home(request: Request) -> HTTPResponse:
    region = services().settings.home_region
    hot = (services().knowledge.catalogue.items[item] for item in load_questions()["hot"])
    body = _render("home.html", section="home", region=region, hot=_links(hot, region)[:_HOT], guides=_guides())
    return send(request, body, _SECONDS)


def _index(request: Request) -> HTTPResponse:
    typed, asked = query(request, "q", LONGEST_QUERY), query(request, "place", _LONGEST_PLACE)
    found_places = find_places(asked) if asked else []
    place = known_region(asked) or (found_places[0]["path"] if found_places else None)
    items = services().knowledge.catalogue.items
    found = dict.fromkeys(suggestion.item for suggestion in suggest(typed, place)) if typed else {}
    region = place or services().settings.home_region
    body = _render(
        "index.html",
        section="guide",
        query=typed,
        place=place,
        asked_place=asked,
        found=_links((items[item] for item in found), region),
        guides=_guides(),
        families=_families(lambda item: item_links(item, region)),
    )
    return send(request, body, _SECONDS)


def _guide(request: Request, jurisdiction: str) -> HTTPResponse:
    if not jurisdiction:  # the router reads /guide/ so
        return _index(request)
    guide = guidebook().guides.get(unquote(jurisdiction))
    if guide is None:
        raise Problem(404, "unknown_jurisdiction")
    note = load_words()["notices"]["elsewhere"]

    def link(item: Item) -> dict[str, Any] | None:
        found = item_links(item, guide.source.region)
        listed = guide.entry(item) is not None
        return found and found | {"note": None if listed else note.format(guide=found["guide"])}

    body = _render(
        "guide.html",
        section="guide",
        name=place_name(guide.source),
        title=guide_name(guide.source),
        count=len(guide.entries),
        families=_families(link),
    )
    return send(request, body, _SECONDS)


def _item(request: Request, jurisdiction: str, item: str) -> HTTPResponse:
    if not item:  # /guide/leshan/
        return _guide(request, jurisdiction)
    place = query(request, "place", _LONGEST_PLACE) or None
    version = services().knowledge.version()
    return send(request, _item_page(version, unquote(jurisdiction), unquote(item), place), _SECONDS)


@lru_cache(maxsize=_KEPT_PAGES)
def _item_page(_: str | None, jurisdiction: str, item: str, place: str | None) -> Content:
    return _render("item.html", section="guide", jurisdiction=jurisdiction, page=guide_page(jurisdiction, item, place))


def _links(items: Iterable[Item], region: str | None) -> list[dict[str, Any]]:
    return [link for item in items if (link := item_links(item, region))]


def _families(link: Callable[[Item], dict[str, Any] | None]) -> list[tuple[Any, list[dict[str, Any]]]]:
    """The families with a link for each of their items that has a page."""
    catalogue = services().knowledge.catalogue
    families = (
        (family, [found for item in catalogue.family_items(family.id) if (found := link(item))])
        for family in catalogue.families.values()
    )
    return [(family, links) for family, links in families if links]


def _guides() -> list[tuple[str, str, str, int]]:
    return [
        (key, place_name(guide.source), guide_name(guide.source), len(guide.entries))
        for key, guide in guidebook().guides.items()
    ]


def _render(template: str, **values: Any) -> Content:
    return Content.of(_templates().get_template(template).render(values).encode(), "text/html; charset=utf-8")


@lru_cache(maxsize=1)
def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["urldecode"] = unquote
    templates.globals["hotlines"] = services().knowledge.catalogue.hotlines
    templates.globals["public_url"] = services().settings.public_url
    return templates
