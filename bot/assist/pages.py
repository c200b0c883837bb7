"""The console's pages and files, from ``web/assist``. They hold no data: that comes from the interface, to who may see it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.accounts.access import identify
from bot.background import in_thread
from bot.web.files import ROOT, send_file

FOLDER = ROOT / "assist"
PAGES = {"": "console.html", "/learning": "learning.html", "/desk": "desk.html", "/day": "day.html", "/audit": "audit.html"}
LOGIN = "/assist/login"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def add_pages(app: Sanic) -> None:
    for address, file in PAGES.items():
        app.add_route(partial(_page, FOLDER / file), f"/assist{address}", name=f"assist_page_{file}")
    app.add_route(_login, LOGIN, name="assist_login")
    app.add_route(_file, "/assist/static/<name:path>", name="assist_file")


async def _page(path: Path, request: Request) -> HTTPResponse:
    if await in_thread(identify, request) is None:
        return redirect(f"{LOGIN}?next={request.path}")
    return _safe(await send_file(FOLDER, request, path.name))


async def _login(request: Request) -> HTTPResponse:
    return _safe(await send_file(FOLDER, request, "login.html"))


async def _file(request: Request, name: str) -> HTTPResponse:
    return await send_file(FOLDER, request, name)


def _safe(response: HTTPResponse) -> HTTPResponse:
    """No page of another site may hold the console."""
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "no-store"
    return response
