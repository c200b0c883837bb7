"""The files that browsers load: the widget's modules, the pages' styles. Kept in memory until they change."""

from __future__ import annotations

import mimetypes
from functools import lru_cache, partial
from pathlib import Path

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.web.content import Content, send
from bot.web.problems import Problem

ROOT = Path("web")
FOLDERS = ("widget", "pages")
_SECONDS = 300
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_UNCOMPRESSED = (".png", ".jpg", ".webp", ".woff2")


def add_files(app: Sanic) -> None:
    """``/widget.js``, the one line a page needs, and everything in the folders."""
    for folder in FOLDERS:
        app.add_route(partial(send_file, ROOT / folder), f"/{folder}/<name:path>", name=f"files_{folder}")
    app.add_route(partial(send_file, ROOT / "widget", name="widget.js"), "/widget.js", name="widget")


async def send_file(folder: Path, request: Request, name: str) -> HTTPResponse:
    """A file of a folder, never one outside of it."""
    try:
        path = (folder / name).resolve()
        inside = path.is_relative_to(folder.resolve()) and path.is_file() and not path.name.startswith(".")
    except (OSError, ValueError):  # a name that no file can have
        inside = False
    if not inside:
        raise Problem(404, 404)
    return send(request, _content(path, path.stat().st_mtime_ns), _SECONDS)


@lru_cache(maxsize=256)
def _content(path: Path, _: int) -> Content:
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    text = kind.startswith("text/") or kind.endswith(("json", "xml"))
    return Content.of(path.read_bytes(), f"{kind}; charset=utf-8" if text else kind, path.suffix not in _UNCOMPRESSED)
