"""Every setting that comes from the environment: the one place where they are named and explained.

``YIBAO_DATABASE``      SQLAlchemy URL of the knowledge base. Default: the SQLite file beside the data.
``YIBAO_HOST``          Address the server binds to. Default ``127.0.0.1``.
``YIBAO_PORT``          Port of the server. Default ``5005``.
``YIBAO_HOME_REGION``   Path of the place this deployment belongs to (``乐山市``), used while a person has named none.
                        A front door that knows better sends ``metadata: {"region": …}`` with its messages.
``YIBAO_MODEL``         Trained model, a file or folder. Default ``models``.
``YIBAO_LOG_LEVEL``     ``DEBUG``, ``INFO``, ``WARNING`` or ``ERROR``. Default ``INFO``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from knowledge.database import DEFAULT_URL


@dataclass(frozen=True)
class Settings:
    database: str
    host: str
    port: int
    home_region: str | None
    model: str
    log_level: str


def load_settings() -> Settings:
    """Read the environment. Raises ``ValueError`` naming the variable that cannot be used."""
    port = os.environ.get("YIBAO_PORT", "5005")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"YIBAO_PORT is {port!r}: give a number from 1 to 65535")
    level = os.environ.get("YIBAO_LOG_LEVEL", "INFO").upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError(f"YIBAO_LOG_LEVEL is {level!r}: give DEBUG, INFO, WARNING or ERROR")
    return Settings(
        database=os.environ.get("YIBAO_DATABASE", DEFAULT_URL),
        host=os.environ.get("YIBAO_HOST", "127.0.0.1"),
        port=int(port),
        home_region=os.environ.get("YIBAO_HOME_REGION") or None,
        model=os.environ.get("YIBAO_MODEL", "models"),
        log_level=level,
    )
