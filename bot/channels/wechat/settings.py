"""The accounts file: which public accounts this server answers, each with its own keys, place, words and menu.

``wechat.example.yml`` shows and explains every setting. Secrets come from the environment, for the account ``leshan``
``YIBAO_WECHAT_LESHAN_TOKEN``, ``YIBAO_WECHAT_LESHAN_AES_KEY`` and ``YIBAO_WECHAT_LESHAN_SECRET``.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pydantic
import yaml

from bot.channels.wechat.menu import Button, menu_problems

WECHAT_API = "https://api.weixin.qq.com"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


class _Strict(pydantic.BaseModel):
    class Config:
        extra = "forbid"


class AccountSettings(_Strict):
    """One account as the file has it."""

    app_id: str = pydantic.Field(regex=r"^[A-Za-z0-9_-]{1,64}$")
    mode: Literal["plain", "compatible", "secure"] = "secure"
    region: str | None = None
    welcome: str | None = None
    menu: list[Button] = []
    scenes: dict[str, str] = {}
    customer_service: bool = False
    api: str = pydantic.Field(WECHAT_API, regex=r"^https?://[^/\s]+$")


class FileSettings(_Strict):
    """The whole file; each account is checked on its own."""

    reply_seconds: float = pydantic.Field(4.5, gt=0, lt=5)
    session_hours: float = pydantic.Field(12, gt=0)
    accounts: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Account:
    """One account, ready to serve. ``aes_key`` is empty in plain mode, ``secret`` when no API is to be called."""

    name: str
    settings: AccountSettings
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    secret: str = field(repr=False)

    @property
    def app_id(self) -> str:
        return self.settings.app_id

    @property
    def mode(self) -> str:
        return self.settings.mode

    @property
    def may_write_first(self) -> bool:
        """Whether words may be sent that no message waits for (the customer-service API)."""
        return self.settings.customer_service and bool(self.secret)


@dataclass(frozen=True)
class Accounts:
    """The accounts that serve; why others do not; what is wrong with those that do all the same."""

    serving: Mapping[str, Account] = field(default_factory=dict)
    broken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    warnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problem: str | None = None
    """What is wrong with the file itself, so that no account serves."""
    reply_seconds: float = 4.5
    session_seconds: float = 12 * 3600


def load_accounts(path: Path, environment: Mapping[str, str], regions: Container[str]) -> Accounts:
    """Read the file at ``path`` (none there: no accounts). Never raises: what is wrong is said in the result."""
    if not path.exists():
        return Accounts()
    try:
        file = FileSettings.parse_obj(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        return Accounts(problem=f"{path} cannot be read: {error}")
    except pydantic.ValidationError as error:
        return Accounts(problem=f"{path}: {'; '.join(_sentences(error))}")
    serving, broken, warnings = {}, {}, {}
    for name, entry in file.accounts.items():
        account, errors, lesser = _account(str(name), entry, environment, regions)
        if account and not errors:
            serving[account.name] = account
        else:
            broken[str(name)] = tuple(errors)
        if lesser:
            warnings[str(name)] = tuple(lesser)
    return Accounts(serving, broken, warnings, None, file.reply_seconds, file.session_hours * 3600)


def _account(
    name: str, entry: dict[str, Any], environment: Mapping[str, str], regions: Container[str]
) -> tuple[Account | None, list[str], list[str]]:
    """The account, what keeps it from serving, and what does not."""
    if not _NAME.fullmatch(name):
        return None, ["the name must be of small letters, digits, - and _, at most 32: it is part of the address"], []
    try:
        settings = AccountSettings.parse_obj(entry)
    except pydantic.ValidationError as error:
        return None, _sentences(error), []
    prefix = f"YIBAO_WECHAT_{name.upper().replace('-', '_')}"
    token, aes_key, secret = (environment.get(f"{prefix}_{part}", "").strip() for part in ("TOKEN", "AES_KEY", "SECRET"))
    errors = []
    if not re.fullmatch(r"[A-Za-z0-9]{3,32}", token):
        errors.append(f"{prefix}_TOKEN must be the token of the account's server settings: 3 to 32 letters and digits")
    if settings.mode != "plain" and not re.fullmatch(r"[A-Za-z0-9+/]{43}", aes_key):
        errors.append(f"{prefix}_AES_KEY must be the EncodingAESKey: 43 letters and digits (mode {settings.mode} needs it)")
    if settings.region is not None and settings.region not in regions:
        errors.append(f"region: there is no {settings.region!r}; paths look like 乐山市/市中区 or 云南省/昆明市")
    lesser = [f"scenes: {scene}: there is no {region!r}" for scene, region in settings.scenes.items() if region not in regions]
    lesser += menu_problems(settings.menu)
    if not secret and (settings.customer_service or settings.menu):
        lesser.append(f"{prefix}_SECRET is not set: no late answer can be sent and no menu pushed")
    return Account(name, settings, token, aes_key, secret), errors, lesser


def _sentences(error: pydantic.ValidationError) -> list[str]:
    return [f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()]
