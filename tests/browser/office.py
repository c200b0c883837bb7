"""The web site of a bureau that has put the one line into its page, under the strictest policy that works."""

from __future__ import annotations

import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>乐山市医疗保障局</title><main><h1>乐山市医疗保障局</h1><p>政务服务</p><a href="/">首页</a></main>
<script type="module" src="{server}/widget.js" data-region="乐山市"></script></html>"""
_POLICY = (
    "default-src 'none'; script-src {server}; connect-src {server}; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


class Office:
    """``with Office(port, server) as office``: the page is at ``office.address``."""

    def __init__(self, port: int, server: str) -> None:
        self.address = f"http://127.0.0.1:{port}/"
        self._site = ThreadingHTTPServer(("127.0.0.1", port), partial(_Page, server))
        self._thread = threading.Thread(target=self._site.serve_forever, daemon=True)

    def __enter__(self) -> Office:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._site.shutdown()
        self._site.server_close()


class _Page(BaseHTTPRequestHandler):
    def __init__(self, server: str, *arguments: object) -> None:
        self._assistant = server
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        body = _PAGE.format(server=self._assistant).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", _POLICY.format(server=self._assistant))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
