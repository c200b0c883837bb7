"""Every setting that comes from the environment: the one place where they are named and explained.

``YIBAO_DATABASE``      SQLAlchemy URL of the knowledge base. Default: the SQLite file beside the data.
``YIBAO_STATE``         SQLAlchemy URL of what the assistant itself remembers: conversations of its front doors, ratings,
                        accounts. Default: ``var/state.sqlite``. Servers that share work share this database.
``YIBAO_REDIS``         Redis URL (``redis://127.0.0.1:6379/0``) for what servers settle among themselves within seconds.
                        Default: none, and the state database does it.
``YIBAO_EVENTS``        RabbitMQ URL (``amqp://user:password@host/``): each turn is published there, without words
                        (``bot/events.py``). Default: none.
``YIBAO_SECRET``        Key by which the ids of people are hashed. The same on every server. Default: one made at the first
                        start and kept beside the state (``var/secret``).
``YIBAO_PUBLIC_URL``    Where the public reaches this server; links to guide pages begin with it.
                        Default ``http://127.0.0.1:`` and the port.
``YIBAO_HOST``          Address the server binds to. Default ``127.0.0.1``.
``YIBAO_PORT``          Port of the server. Default ``5005``.
``YIBAO_WORKERS``       Processes that answer at that port, one a core at most; they share the memory of the model. With more
                        than one set ``YIBAO_REDIS``, so that limits and the order of a person's messages hold for all.
                        Default ``1``.
``YIBAO_HOME_REGION``   Path of the place this deployment belongs to (``乐山市``), used while a person has named none.
                        A front door that knows better sends ``metadata: {"region": …}`` with its messages.
``YIBAO_ORIGINS``       Web sites, separated by commas, whose pages may hold the assistant (``https://example.gov.cn``);
                        ``*`` lets all. Default: none but this server's own pages.
``YIBAO_PROXIES``       Number of trusted proxies before this server: that many entries of ``X-Forwarded-For`` are believed.
                        Default ``0``: the header counts for nothing.
``YIBAO_KEEP_DAYS``     Days that what people said is kept: conversations after their last message, calls. Default ``30``.
``YIBAO_VISITOR_LIMIT`` Messages a minute that one visitor, or one sender over REST, may send. Default ``30``.
``YIBAO_ADDRESS_LIMIT`` Requests a minute from one address, behind which many visitors may be. Default ``1200``.
``YIBAO_WECHAT``        File that lists the WeChat public accounts; ``wechat.example.yml`` explains it. Default ``wechat.yml``;
                        without the file no account is served. The secrets of an account: ``YIBAO_WECHAT_<ACCOUNT>_TOKEN``,
                        ``…_AES_KEY``, ``…_SECRET``.
``YIBAO_MODEL``         Trained model, a file or folder. Default ``models``.
``YIBAO_LOG_LEVEL``     ``DEBUG``, ``INFO``, ``WARNING`` or ``ERROR``. Default ``INFO``.
``YIBAO_LOG_FORMAT``    ``plain``, or ``json``: one JSON object a line. Default ``plain``.
``YIBAO_METRICS_TOKEN`` Bearer token with which ``/metrics`` may be read from other machines. Default: none, and only this
                        machine may.
``YIBAO_DRAIN_SECONDS`` Seconds for which a server that was told to stop still takes requests while ``/ready`` says that it is
                        not, so that a load balancer notices. Default ``0``.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.database import DEFAULT_URL

VAR = Path("var")
"""What the server itself writes: the state database, the secret. Not part of the sources."""


@dataclass(frozen=True)
class Settings:
    """What may hold a secret is not shown when settings are printed."""

    database: str = field(repr=False)
    state: str = field(repr=False)
    redis: str | None = field(repr=False)
    events: str | None = field(repr=False)
    secret: bytes = field(repr=False)
    public_url: str
    host: str
    port: int
    workers: int
    home_region: str | None
    origins: tuple[str, ...]
    proxies: int
    keep_days: int
    visitor_limit: int
    address_limit: int
    wechat: Path
    model: str
    log_level: str
    log_format: str
    metrics_token: str | None
    drain_seconds: int


def load_settings() -> Settings:
    """Read the environment. Raises ``ValueError`` naming the variable that cannot be used."""
    port = os.environ.get("YIBAO_PORT", "5005")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"YIBAO_PORT is {port!r}: give a number from 1 to 65535")
    level = os.environ.get("YIBAO_LOG_LEVEL", "INFO").upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError(f"YIBAO_LOG_LEVEL is {level!r}: give DEBUG, INFO, WARNING or ERROR")
    log_format = os.environ.get("YIBAO_LOG_FORMAT", "plain").lower()
    if log_format not in {"plain", "json"}:
        raise ValueError(f"YIBAO_LOG_FORMAT is {log_format!r}: give plain or json")
    return Settings(
        database=os.environ.get("YIBAO_DATABASE", DEFAULT_URL),
        state=os.environ.get("YIBAO_STATE", f"sqlite:///{VAR / 'state.sqlite'}"),
        redis=os.environ.get("YIBAO_REDIS") or None,
        events=_events(os.environ.get("YIBAO_EVENTS", "")),
        secret=os.environ.get("YIBAO_SECRET", "").encode() or _kept_secret(),
        public_url=os.environ.get("YIBAO_PUBLIC_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        host=os.environ.get("YIBAO_HOST", "127.0.0.1"),
        port=int(port),
        workers=_number("YIBAO_WORKERS", 1),
        home_region=os.environ.get("YIBAO_HOME_REGION") or None,
        origins=_origins(os.environ.get("YIBAO_ORIGINS", "")),
        proxies=_number("YIBAO_PROXIES", 0, least=0),
        keep_days=_number("YIBAO_KEEP_DAYS", 30),
        visitor_limit=_number("YIBAO_VISITOR_LIMIT", 30),
        address_limit=_number("YIBAO_ADDRESS_LIMIT", 1200),
        wechat=Path(os.environ.get("YIBAO_WECHAT") or "wechat.yml"),
        model=os.environ.get("YIBAO_MODEL", "models"),
        log_level=level,
        log_format=log_format,
        metrics_token=os.environ.get("YIBAO_METRICS_TOKEN") or None,
        drain_seconds=_number("YIBAO_DRAIN_SECONDS", 0, least=0),
    )


def _number(name: str, default: int, least: int = 1) -> int:
    text = os.environ.get(name, str(default))
    if not text.isdecimal() or int(text) < least:
        raise ValueError(f"{name} is {text!r}: give a whole number, {least} or more")
    return int(text)


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(origin.strip().rstrip("/") for origin in text.split(",") if origin.strip())
    for origin in origins:
        if origin != "*" and not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+", origin):
            raise ValueError(f"YIBAO_ORIGINS names {origin!r}: give origins like https://example.org, without a path, or *")
    return origins


def _events(url: str) -> str | None:
    if url and not re.match(r"amqps?://[^/@]+:[^/@]+@[^/@]+", url):
        raise ValueError("YIBAO_EVENTS must be a URL like amqp://user:password@host/")  # not shown: it holds a password
    return url or None


def _kept_secret() -> bytes:
    """The secret of this machine, made at the first start; only its owner can read the file."""
    path = VAR / "secret"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        VAR.mkdir(exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_hex(32).encode())
        return path.read_bytes()
