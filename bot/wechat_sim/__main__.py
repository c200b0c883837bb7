"""Play WeChat on this machine: ``python -m bot.wechat_sim chat | load`` (``--help`` lists the options)."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import yaml

from bot.wechat_sim.account import MODES, Account, api_port, configured, invent
from bot.wechat_sim.api import ClientApi
from bot.wechat_sim.chat import DEMO, Chat
from bot.wechat_sim.courier import Courier
from bot.wechat_sim.load import Plan, run
from bot.wechat_sim.servers import Server, serving


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns 1 when something that WeChat would show as an error happened, or a message was not
    answered exactly once and in order."""
    options = _parser().parse_args(arguments)
    try:
        return int(asyncio.run(options.run(options)))
    except (ValueError, OSError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.wechat_sim", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    chat = commands.add_parser("chat", help="talk in the terminal as on a phone; lines may come from a file")
    chat.add_argument("--mode", choices=MODES, default="secure", help="how the account encrypts (%(default)s)")
    chat.set_defaults(run=_chat, servers=1)
    load = commands.add_parser("load", help="many people at once, counted")
    load.add_argument("--mode", choices=(*MODES, "all"), default="all", help="one run for each (%(default)s)")
    load.add_argument("--servers", type=int, default=1, help="processes behind one state database (%(default)s)")
    defaults = Plan()
    for name, words in {
        "people": "people at once",
        "messages": "messages of each",
        "think": "seconds between them, on average",
        "seed": "of chance",
    }.items():
        value = getattr(defaults, name)
        load.add_argument(f"--{name}", type=type(value), default=value, help=f"{words} (%(default)s)")
    for option, name, words in (
        ("--drop-share", "cut", "share of messages whose first connection breaks"),
        ("--slow-share", "slow", "share of the time a server stands still, 6 s at a time"),
        ("--hasty-share", "hasty", "share of messages sent before the last one is answered"),
    ):
        load.add_argument(option, dest=name, type=float, default=getattr(defaults, name), help=f"{words} (%(default)s)")
    load.set_defaults(run=_load)
    for command in (chat, load):
        command.add_argument("--url", action="append", help="a server that runs already (again for each further one)")
        command.add_argument("--account", help="its account, from the file YIBAO_WECHAT and the secrets in the environment")
        command.add_argument("--state", help="SQLAlchemy URL of the state database of the servers started here")
        command.add_argument("--no-customer-service", action="store_true", help="late answers cannot be sent by the client API")
    return parser


async def _chat(options: argparse.Namespace) -> int:
    demo = yaml.safe_load(DEMO.read_text(encoding="utf-8"))
    async with (
        _account_side(options, [options.mode]) as (accounts, api, addresses, servers),
        Courier(accounts[0], addresses) as courier,
    ):
        if not await courier.verify():
            raise ValueError(
                f"{addresses[0]} is not the server of account {accounts[0].name!r}, or has another Token: Token验证失败"
            )
        for server in servers[:1]:  # none that this run started: the menu is the operator's
            await server.command("wechat", "menu", "push")
        chat = Chat(courier, api, demo)
        await chat.talk()
    return int(chat.faults > 0)


async def _load(options: argparse.Namespace) -> int:
    plan = Plan(**{name: value for name, value in vars(options).items() if name in Plan.__dataclass_fields__})
    modes = list(MODES) if options.mode == "all" else [options.mode]
    clean = True
    async with _account_side(options, modes) as (accounts, api, addresses, servers):
        for account in accounts:
            async with Courier(account, addresses) as courier:
                tally = await run(plan, courier, api.phones, servers)
            print(f"{account.mode}: {plan.people} people, {len(addresses)} server(s)\n{tally}", flush=True)
            clean = clean and tally.is_clean
    return int(not clean)


@asynccontextmanager
async def _account_side(
    options: argparse.Namespace, modes: list[str]
) -> AsyncIterator[tuple[list[Account], ClientApi, list[str], list[Server]]]:
    """The accounts, the client API and the addresses of the servers: those of ``--url``, or started for this run."""
    if options.url:
        accounts = [configured(options.account or "")]
        async with ClientApi(accounts, port=api_port(accounts[0].name)) as api:
            yield accounts, api, [url.rstrip("/") for url in options.url], []
        return
    accounts = [invent(mode, mode) for mode in modes]
    with tempfile.TemporaryDirectory(prefix="wechat-sim-") as folder:
        async with ClientApi(accounts) as api:
            entries = {account.name: _entry(account, api, not options.no_customer_service) for account in accounts}
            more = {"YIBAO_STATE": options.state} if options.state else {}
            print("starting the server (some ten seconds) …", flush=True)
            async with serving(Path(folder), accounts, entries, options.servers, **more) as servers:
                yield accounts, api, [server.address for server in servers], servers


def _entry(account: Account, api: ClientApi, customer_service: bool) -> dict[str, Any]:
    """The account as the accounts file has it."""
    demo = yaml.safe_load(DEMO.read_text(encoding="utf-8"))["account"]
    own = {"app_id": account.app_id, "mode": account.mode, "api": api.address, "customer_service": customer_service}
    return {**demo, **own}


if __name__ == "__main__":
    sys.exit(main())
