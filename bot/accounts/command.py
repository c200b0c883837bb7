"""``python -m bot accounts``: people are made here, never by a default password."""

from __future__ import annotations

import argparse
import getpass
import sys

from sqlalchemy.engine import Engine

from bot.accounts import audit, people, sessions
from bot.services import services
from bot.state.schema import upgrade
from bot.state.times import iso


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``accounts`` with its own commands."""
    parser = commands.add_parser("accounts", help="people who use the assist: add, list, disable, enable, password, token")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    action = actions.add_parser("add", help="make an account; the password is asked, or read from standard input")
    action.add_argument("name")
    action.add_argument("--role", required=True, choices=people.ROLES)
    action.set_defaults(run=_add)
    actions.add_parser("list", help="all accounts").set_defaults(run=_list)
    for name, run, text in (
        ("disable", _disable, "close an account; its sessions and tokens end"),
        ("enable", _enable, "open an account again"),
        ("password", _password, "set a new password and lift a lock; the sessions and tokens end"),
    ):
        action = actions.add_parser(name, help=text)
        action.add_argument("name")
        action.set_defaults(run=run)
    action = actions.add_parser("token", help="make a token that speaks for an account; printed once")
    action.add_argument("name")
    action.add_argument("--days", type=int, default=365, help="how long it holds (%(default)s)")
    action.set_defaults(run=_token)


def _add(options: argparse.Namespace) -> None:
    state = _state()
    people.add(state, options.name, options.role, None if options.role == people.SYSTEM else _ask_password())
    audit.note(state, audit.BY_COMMAND, "account_add", options.name)


def _list(_: argparse.Namespace) -> None:
    for account in people.all_accounts(_state()):
        print(f"{account.name}\t{account.role}\t{iso(account.made)}\t{'disabled' if account.disabled else 'active'}")


def _disable(options: argparse.Namespace) -> None:
    state = _state()
    people.disable(state, options.name)
    sessions.end_all(state, options.name)
    audit.note(state, audit.BY_COMMAND, "account_disable", options.name)


def _enable(options: argparse.Namespace) -> None:
    state = _state()
    people.disable(state, options.name, disabled=False)
    audit.note(state, audit.BY_COMMAND, "account_enable", options.name)


def _password(options: argparse.Namespace) -> None:
    state = _state()
    people.set_password(state, options.name, _ask_password())
    sessions.end_all(state, options.name)
    audit.note(state, audit.BY_COMMAND, "account_password", options.name)


def _token(options: argparse.Namespace) -> None:
    if options.days < 1:
        raise ValueError("--days must be at least 1")
    state = _state()
    print(sessions.make_token(state, options.name, options.days))
    audit.note(state, audit.BY_COMMAND, "account_token", options.name)


def _state() -> Engine:
    state = services().state
    upgrade(state)
    return state


def _ask_password() -> str:
    """Asked twice at a terminal; one line of standard input otherwise."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("password: ")
    if getpass.getpass("again: ") != password:
        raise ValueError("the two passwords differ")
    return password
