"""``python -m bot state`` and ``python -m bot forget``: the state database in the hands of who runs the server."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.services import services


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``state`` with its own commands, and ``forget``."""
    parser = commands.add_parser("state", help="the state database: current, upgrade, backup, restore")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    actions.add_parser("current", help="the revision of its tables").set_defaults(run=_current)
    actions.add_parser("upgrade", help="bring its tables to the newest revision (the server does so by itself)").set_defaults(
        run=_upgrade
    )
    action = actions.add_parser("backup", help="write all of it into one file, while servers run")
    action.add_argument("file", type=Path, help="a new file; only its owner can read it")
    action.set_defaults(run=_backup)
    action = actions.add_parser("restore", help="fill an empty database, SQLite or PostgreSQL, from such a file")
    action.add_argument("file", type=Path)
    action.add_argument("--replace", action="store_true", help="delete what the database holds now (stop the servers first)")
    action.set_defaults(run=_restore)
    command = commands.add_parser("forget", help="delete everything that is kept of one person")
    command.add_argument("who", help="web:<conversation>, wechat:<account>:<open id>, rest:<sender> or call:<number>")
    command.set_defaults(run=_forget)


def _current(_: argparse.Namespace) -> None:
    from bot.state.schema import current, revisions

    with services().state.connect() as connection:
        revision = current(connection)
    newest = revisions()[-1]
    print(f"{revision or 'none'} ({'the newest' if revision == newest else f'the newest is {newest}'})")


def _upgrade(options: argparse.Namespace) -> None:
    from bot.state.schema import upgrade

    upgrade(services().state)
    _current(options)


def _backup(options: argparse.Namespace) -> None:
    from bot.accounts import audit
    from bot.state.backup import back_up

    state = services().state
    rows = back_up(state, options.file)
    audit.note(state, audit.BY_COMMAND, "state_backup")
    _print(rows)
    print(f"{options.file}: {options.file.stat().st_size} bytes. Keep the secret too (YIBAO_SECRET or var/secret), elsewhere:")
    print("without it, nobody's conversation is found again after a restore.")


def _restore(options: argparse.Namespace) -> None:
    from bot.accounts import audit
    from bot.state.restore import restore

    state = services().state
    rows = restore(state, options.file, options.replace)
    audit.note(state, audit.BY_COMMAND, "state_restore")
    _print(rows)


def _forget(options: argparse.Namespace) -> None:
    from bot.accounts.audit import BY_COMMAND
    from bot.forgetting import find_person, forget
    from bot.state.schema import upgrade

    shared = services()
    upgrade(shared.state)
    gone = forget(shared, find_person(shared.state, shared.settings.secret, options.who), BY_COMMAND)
    _print(gone)
    if not any(gone.values()):
        print("nothing was kept of this person")


def _print(rows: dict[str, int]) -> None:
    for table, count in rows.items():
        print(f"{table}\t{count}")
