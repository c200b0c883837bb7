"""``python -m bot wechat check`` and ``python -m bot wechat menu push``."""

from __future__ import annotations

import os

from bot.channels.wechat.service import ApiError, Client, call, push_menu
from bot.channels.wechat.settings import Account, Accounts, load_accounts
from bot.services import services
from bot.state.documents import Documents, open_documents
from bot.state.schema import upgrade


def check(online: bool) -> None:
    """Print what is right and wrong with each account. Raises ``ValueError`` when one does not serve."""
    accounts = _load()
    problems = {name: list(reasons) for name, reasons in accounts.broken.items()}
    for account in accounts.serving.values():
        if online and (refusal := _refusal(account)):
            problems[account.name] = [refusal]
            continue
        settings = account.settings
        place, api = settings.region or "no place of its own", "yes" if account.may_write_first else "no"
        print(
            f"{account.name}: serves /webhooks/wechat/{account.name}, mode {account.mode}, {place}, "
            f"{len(settings.scenes)} scenes, {len(settings.menu)} menu buttons, late answers by customer service: {api}"
        )
        for warning in accounts.warnings.get(account.name, ()):
            print(f"{account.name}: but {warning}")
    if problems:
        raise ValueError("\n".join(f"{name}: {reason}" for name, reasons in problems.items() for reason in reasons))


def push(name: str | None) -> None:
    """Push the menu of one account, or of all that have one. Raises ``ValueError`` naming those that did not work."""
    accounts = _load()
    if name and name not in accounts.serving:
        raise ValueError("\n".join([f"{name}: no such account that serves", *accounts.broken.get(name, ())]))
    chosen = [accounts.serving[name]] if name else [a for a in accounts.serving.values() if a.settings.menu]
    problems = [f"{account.name}: {problem}" for account in chosen if (problem := _push(account, accounts))]
    if problems or not chosen:
        raise ValueError("\n".join(problems) or "no account has a menu")


def _push(account: Account, accounts: Accounts) -> str | None:
    """Push; why it did not work, if it did not."""
    wrong = [warning for warning in accounts.warnings.get(account.name, ()) if warning.startswith("menu")]
    if not account.settings.menu or not account.secret or wrong:
        return "; ".join(wrong) or ("its SECRET is not set" if account.settings.menu else "it has no menu in the settings")
    try:
        push_menu(account, _documents())
    except ApiError as error:
        return str(error)
    print(f"{account.name}: the menu is pushed; phones show it within a day, at once after following the account anew")
    return None


def _refusal(account: Account) -> str | None:
    if not account.secret:
        return "its SECRET is not set, so WeChat cannot be asked"
    client = Client(account, _documents())
    try:
        call(client, client.fetch_access_token)
    except ApiError as error:
        return str(error)
    print(f"{account.name}: WeChat accepts the app id and the secret")
    return None


def _load() -> Accounts:
    shared = services()
    accounts = load_accounts(shared.settings.wechat, os.environ, shared.knowledge.regions.regions)
    if accounts.problem:
        raise ValueError(accounts.problem)
    if not accounts.serving and not accounts.broken:
        raise FileNotFoundError(f"no accounts in {shared.settings.wechat}: see wechat.example.yml")
    return accounts


def _documents() -> Documents:
    upgrade(services().state)
    return open_documents(services())
