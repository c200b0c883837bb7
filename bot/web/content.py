"""Things a browser may keep: bytes made once, with their compressed form and the tag they are known by."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass

from sanic.request import Request
from sanic.response import HTTPResponse, raw

_WORTH_COMPRESSING = 500


@dataclass(frozen=True)
class Content:
    body: bytes
    compressed: bytes | None
    type: str
    tag: str

    @classmethod
    def of(cls, body: bytes, content_type: str, compress: bool = True) -> Content:
        """``body`` with all that goes with it; compressed where that is worth it."""
        small = gzip.compress(body, mtime=0) if compress and len(body) > _WORTH_COMPRESSING else None
        return cls(body, small, content_type, f'"{hashlib.sha256(body).hexdigest()[:20]}"')


def send(request: Request, content: Content, seconds: int, status: int = 200) -> HTTPResponse:
    """The content, or 304 when the browser has it. It may keep it ``seconds`` before it asks again."""
    headers = {"Cache-Control": f"public, max-age={seconds}" if seconds else "no-cache", "Vary": "Accept-Encoding"}
    if status == 200:
        headers["ETag"] = content.tag
        if content.tag in request.headers.get("If-None-Match", ""):
            return HTTPResponse(status=304, headers=headers)
    body = content.body
    if content.compressed and "gzip" in request.headers.get("Accept-Encoding", ""):
        body, headers["Content-Encoding"] = content.compressed, "gzip"
    return raw(body, status, headers, content.type)
