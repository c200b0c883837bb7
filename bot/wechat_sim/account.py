"""A public account as WeChat knows it: its ids and the secrets it shares with the server."""

from __future__ import annotations

import os
import secrets
import string
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from wechatpy.crypto import WeChatCrypto

MODES = ("plain", "compatible", "secure")
_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Account:
    """``name`` is the account's name in the accounts file and in the address of its endpoint."""

    name: str
    mode: str
    app_id: str
    original_id: str
    token: str
    aes_key: str
    secret: str

    @property
    def crypto(self) -> WeChatCrypto:
        """WeChat's own signing and encryption with this account's keys."""
        return WeChatCrypto(self.token, self.aes_key, self.app_id)

    def environment(self) -> dict[str, str]:
        """The secrets as the server reads them."""
        prefix = _prefix(self.name)
        return {f"{prefix}_TOKEN": self.token, f"{prefix}_AES_KEY": self.aes_key, f"{prefix}_SECRET": self.secret}


def invent(name: str, mode: str) -> Account:
    """An account with ids and secrets made for this run."""
    return Account(name, mode, f"wx{secrets.token_hex(8)}", _original_id(), _word(24), _word(43), secrets.token_hex(16))


def configured(name: str) -> Account:
    """The account ``name`` of the accounts file ``YIBAO_WECHAT``, with its secrets from the environment.

    Raises ``ValueError`` when the file or the account is missing.
    """
    entry = _entry(name)
    prefix = _prefix(name)
    token, key, secret = (os.environ.get(f"{prefix}_{part}", "") for part in ("TOKEN", "AES_KEY", "SECRET"))
    return Account(name, entry.get("mode", "secure"), entry["app_id"], _original_id(), token, key, secret)


def api_port(name: str) -> int:
    """Where the account ``name`` of the accounts file expects a client API on this machine; 0 if it expects none."""
    address = urlsplit(_entry(name).get("api") or "")
    return (address.port or 0) if address.hostname in ("127.0.0.1", "localhost") else 0


def _entry(name: str) -> dict[str, Any]:
    path = os.environ.get("YIBAO_WECHAT", "")
    if not path:
        raise ValueError("YIBAO_WECHAT names no accounts file")
    entry: dict[str, Any] | None = (yaml.safe_load(Path(path).read_text(encoding="utf-8")).get("accounts") or {}).get(name)
    if entry is None:
        raise ValueError(f"{path} has no account {name!r}")
    return entry


def accounts_file(folder: Path, entries: dict[str, dict[str, Any]]) -> Path:
    """Write the accounts file of a run and return its path."""
    path = folder / "wechat.yml"
    path.write_text(yaml.safe_dump({"accounts": entries}, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def open_id() -> str:
    """The id WeChat gives a person towards one account: 28 characters."""
    return "o" + _word(27)


def _prefix(name: str) -> str:
    return f"YIBAO_WECHAT_{name.upper().replace('-', '_')}"


def _original_id() -> str:
    return f"gh_{secrets.token_hex(6)}"


def _word(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))
