"""Secrets come from the environment alone, and nothing shows them."""

from __future__ import annotations

import asyncio
import re
import subprocess
from pathlib import Path

import pytest

from bench.doors import House, Visitor, visiting
from bot.settings import load_settings
from bot.wechat_sim.wire import signed_query

SECRETS = {
    "YIBAO_DATABASE": "postgresql://bot:secret-of-knowledge@127.0.0.1:1/a",
    "YIBAO_STATE": "postgresql://bot:secret-of-state@127.0.0.1:1/b",
    "YIBAO_REDIS": "redis://:secret-of-redis@127.0.0.1:1/0",
    "YIBAO_SECRET": "secret-of-all",
}
LIKE_A_SECRET = re.compile(
    rb"(?i)(?:password|passwd|secret|token|aes_?key|api_?key)\"?\s*[:=]\s*[\"'][A-Za-z0-9+/_=-]{12,}[\"']"
    rb"|-----BEGIN [A-Z ]*PRIVATE KEY"
)


def test_printed_settings_show_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.secret == b"secret-of-all"
    assert "secret-of" not in f"{settings} {settings!r}"


def test_the_log_of_a_running_server_shows_no_secret(house: House) -> None:
    """Though it tells of the requests that were made with them, of those it refused too."""
    conversation = asyncio.run(_knock(house))
    log = house.server.log.read_text()
    for told in (
        *(f"request_id=of-{role} channel=assist route=/assist/api/" for role in house.tokens),
        *(f"wechat {name}: refused with 400" for name in house.accounts),
        "route=/webhooks/web/messages",
    ):
        assert told in log, told
    secrets = [house.server.environment["YIBAO_SECRET"], conversation, *house.tokens.values()]
    secrets += [secret for account in house.accounts.values() for secret in (account.token, account.aes_key, account.secret)]
    assert not [secret for secret in secrets if secret in log]


async def _knock(house: House) -> str:
    """Requests with every secret there is; that of a conversation."""
    async with visiting() as http:
        visitor = Visitor(house, http)
        for role, token in house.tokens.items():
            await visitor.assist("GET", f"/search?q={token}", role=role, **{"X-Request-ID": f"of-{role}"})
        for name, account in house.accounts.items():
            assert (await visitor.wechat_raw(name, signed_query(account), account.secret.encode())).status == 400
        conversation = await visitor.conversation()
        assert (await visitor.web(conversation, "您好")).status == 200
        return conversation["Authorization"].removeprefix("Bearer ")


def test_no_file_of_the_sources_holds_a_secret() -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=True).stdout.split(b"\0")
    files = [Path(name.decode()) for name in tracked if name and not name.startswith(b"tests/")]
    assert files
    assert [str(file) for file in files if file.is_file() and LIKE_A_SECRET.search(file.read_bytes())] == []


def test_a_secret_in_a_file_would_be_found() -> None:
    assert LIKE_A_SECRET.search(b'token: "abcdefghijkl0123"')
