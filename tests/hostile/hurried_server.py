"""The real server, with a second for a request to arrive in whole."""

from __future__ import annotations

import sys
from typing import Any

from sanic import Sanic

from bot import server
from bot.__main__ import main

_make_app = server.make_app


def make_hurried_app(settings: Any) -> Sanic:
    app = _make_app(settings)
    app.config.REQUEST_TIMEOUT = 1
    return app


if __name__ == "__main__":
    server.make_app = make_hurried_app
    sys.exit(main(["serve"]))
