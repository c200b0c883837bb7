"""The accounts file: every mistake is named, and what is right still serves; the commands on it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.__main__ import main
from bot.channels.wechat.settings import Accounts, load_accounts
from bot.services import services
from knowledge.regions import load_regions
from tests.wechat.peer import AES_KEY, APP_ID, SECRET, TOKEN, Api

Command = Callable[..., subprocess.CompletedProcess[str]]
SECRETS = {f"YIBAO_WECHAT_A_{part}": value for part, value in {"TOKEN": TOKEN, "AES_KEY": AES_KEY, "SECRET": SECRET}.items()}


def load(folder: Path, entry: dict[str, Any], environment: dict[str, str] | None = None, name: str = "a") -> Accounts:
    path = folder / "wechat.yml"
    path.write_text(yaml.safe_dump({"accounts": {name: {"app_id": APP_ID} | entry}}, allow_unicode=True))
    return load_accounts(path, SECRETS if environment is None else environment, load_regions().regions)


def test_the_example_is_right() -> None:
    environment = {name.replace("_A_", "_LESHAN_"): value for name, value in SECRETS.items()}
    accounts = load_accounts(Path("wechat.example.yml"), environment, load_regions().regions)
    assert list(accounts.serving) == ["leshan"]
    assert (accounts.broken, accounts.warnings, accounts.problem) == ({}, {}, None)


def test_without_a_file_there_are_no_accounts(tmp_path: Path) -> None:
    assert load_accounts(tmp_path / "none.yml", {}, ()) == Accounts()


@pytest.mark.parametrize("content", ["{", "accounts: 3", "other: 1", "reply_seconds: 9\naccounts: {}", "[]", "\x00"])
def test_a_file_that_makes_no_sense_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "wechat.yml"
    path.write_text(content)
    accounts = load_accounts(path, SECRETS, ())
    assert str(path) in (accounts.problem or "")


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ({"mode": "open"}, "mode"),
        ({"app_id": "a b"}, "app_id"),
        ({"region": "无此地"}, "无此地"),
        ({"colour": "red"}, "colour"),
        ({"menu": [{"name": "x"}]}, "exactly one of"),
        ({"menu": [{"name": "x", "url": "javascript:alert(1)"}]}, "url"),
        ({"api": "ftp://x"}, "api"),
    ],
)
def test_a_wrong_setting_keeps_the_account_from_serving(tmp_path: Path, entry: dict[str, Any], named: str) -> None:
    accounts = load(tmp_path, entry)
    assert not accounts.serving
    assert named in "; ".join(accounts.broken["a"])


@pytest.mark.parametrize("missing", ["TOKEN", "AES_KEY"])
def test_a_missing_secret_is_named(tmp_path: Path, missing: str) -> None:
    accounts = load(tmp_path, {}, {name: value for name, value in SECRETS.items() if not name.endswith(missing)})
    assert f"YIBAO_WECHAT_A_{missing}" in accounts.broken["a"][0]


def test_a_plain_account_needs_no_key(tmp_path: Path) -> None:
    assert load(tmp_path, {"mode": "plain"}, {"YIBAO_WECHAT_A_TOKEN": TOKEN}).serving


def test_dashes_of_a_name_are_underscores_in_the_environment(tmp_path: Path) -> None:
    assert load(tmp_path, {"mode": "plain"}, {"YIBAO_WECHAT_LE_SHAN_TOKEN": TOKEN}, name="le-shan").serving


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ({"scenes": {"x": "无此地"}}, "无此地"),
        ({"menu": [{"name": "一二三四五六", "ask": "x"}]}, "16 bytes"),
        ({"menu": [{"name": str(n), "ask": "x"} for n in range(4)]}, "3 buttons"),
        ({"menu": [{"name": "x", "items": [{"name": str(n), "ask": "x"} for n in range(6)]}]}, "5 buttons"),
        ({"menu": [{"name": "x", "ask": "住" * 50}]}, "128 bytes"),
    ],
)
def test_a_lesser_mistake_is_named_and_the_account_serves(tmp_path: Path, entry: dict[str, Any], named: str) -> None:
    accounts = load(tmp_path, entry)
    assert accounts.serving
    assert named in "; ".join(accounts.warnings["a"])


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    accounts = load(tmp_path, {})
    assert accounts.serving["a"].token == TOKEN
    shown = repr(accounts)
    assert not any(secret in shown for secret in (TOKEN, AES_KEY, SECRET))


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """Runs ``python -m bot wechat``, with nothing known from the run before."""
    given = {"YIBAO_WECHAT": str(tmp_path / "wechat.yml"), "YIBAO_STATE": f"sqlite:///{tmp_path / 'state.sqlite'}"}

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        for name, value in (SECRETS | given | {"YIBAO_SECRET": "for tests only"} | environment).items():
            monkeypatch.setenv(name, value)
        services.cache_clear()
        return subprocess.CompletedProcess(arguments, main(["wechat", *arguments]), *capsys.readouterr())

    yield run
    services.cache_clear()


def test_the_menu_is_pushed_with_one_shared_token(tmp_path: Path, api: Api, command: Command) -> None:
    menu = [
        {"name": "怎么办", "items": [{"name": "住院报销", "ask": "住院费用怎么报销"}]},
        {"name": "平台", "url": "https://x.cn/"},
    ]
    load(tmp_path, {"menu": menu, "api": api.address})
    before = len(api.tokens)
    for _ in range(2):
        done = command("menu", "push", "a")
        assert done.returncode == 0, done.stderr
    assert len(api.tokens) == before + 1
    click = {"name": "住院报销", "type": "click", "key": "住院费用怎么报销"}
    view = {"name": "平台", "type": "view", "url": "https://x.cn/"}
    assert api.menus[-1] == {"button": [{"name": "怎么办", "sub_button": [click]}, view]}


def test_check_says_what_is_right_and_wrong(tmp_path: Path, command: Command) -> None:
    load(tmp_path, {"region": "乐山市"})
    done = command("check")
    assert done.returncode == 0
    assert "a: serves /webhooks/wechat/a, mode secure, 乐山市" in done.stdout
    done = command("check", YIBAO_WECHAT_A_TOKEN="")
    assert done.returncode == 1
    assert "a: YIBAO_WECHAT_A_TOKEN must be" in done.stderr
    assert SECRET not in done.stdout + done.stderr


def test_check_asks_wechat_whether_it_accepts_the_secret(tmp_path: Path, api: Api, command: Command) -> None:
    load(tmp_path, {"api": api.address})
    assert "accepts the app id" in command("check", "--online").stdout
    refused = command("check", "--online", YIBAO_WECHAT_A_SECRET="wrong")
    assert refused.returncode == 1
    assert "40125" in refused.stderr
