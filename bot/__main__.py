"""Command line of the assistant: ``python -m bot COMMAND``; ``--help`` lists the commands."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
from pathlib import Path
from typing import Any

from bot.accounts.command import add_parser as add_accounts
from bot.assist.command import add_parser as add_learning
from bot.state.command import add_parser as add_state


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns 0, or 1 with the reason on standard error."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    # Vectors here are small: more threads only spin while they wait, in the way of all other work.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("train", help="train the model")
    command.add_argument("--if-changed", action="store_true", help="only when what it learns from changed since")
    command.set_defaults(run=_train)
    _add_model(commands)
    commands.add_parser("serve", help="run the server").set_defaults(run=_serve)
    command = commands.add_parser("shell", help="talk in the terminal")
    command.add_argument("--region", help="path of the place the questions come from")
    command.set_defaults(run=_shell)
    command = commands.add_parser("ask", help="answer once")
    command.add_argument("question")
    command.add_argument("--region", help="path of the place the question comes from")
    command.add_argument("--payload", action="store_true", help="print the payload too")
    command.set_defaults(run=_ask)
    command = commands.add_parser("evaluate", help="measure on question files (JSON Lines)")
    command.add_argument("files", nargs="*", type=Path, help="default: tests/evaluation/*.jsonl")
    command.add_argument("--misses", action="store_true", help="print every miss")
    command.add_argument("--page", type=Path, default=Path("build/evaluation"), help="folder of the page (%(default)s)")
    command.set_defaults(run=_evaluate)
    commands.add_parser("thresholds", help="compute the thresholds from the training examples (long)").set_defaults(
        run=_thresholds
    )
    commands.add_parser("dictionary", help="write the tokenizer's user dictionary").set_defaults(run=_dictionary)
    _add_wechat(commands)
    add_accounts(commands)
    add_learning(commands)
    add_state(commands)
    return parser


def _add_model(commands: Any) -> None:
    models = commands.add_parser("model", help="which trained model answers").add_subparsers(required=True, metavar="COMMAND")
    models.add_parser("list", help="the models that are kept, newest first").set_defaults(run=_model_list)
    command = models.add_parser("use", help="let a model answer; running servers follow within seconds")
    command.add_argument("name", help="as `list` gives it; `newest`: the newest, now and after each training")
    command.set_defaults(run=_model_use)


def _model_list(_: argparse.Namespace) -> None:
    from bot.runtime.live_model import listing
    from bot.settings import load_settings

    print("\n".join(listing(Path(load_settings().model))))


def _model_use(options: argparse.Namespace) -> None:
    from bot.runtime.live_model import choose
    from bot.settings import load_settings

    choose(Path(load_settings().model), None if options.name == "newest" else options.name)


def _add_wechat(commands: Any) -> None:
    accounts = commands.add_parser("wechat", help="the WeChat accounts").add_subparsers(required=True, metavar="COMMAND")
    command = accounts.add_parser("check", help="what is right and wrong with the settings of each account")
    command.add_argument("--online", action="store_true", help="ask WeChat too whether it accepts the app id and the secret")
    command.set_defaults(run=_wechat_check)
    menu = accounts.add_parser("menu", help="the menu under the conversation").add_subparsers(required=True, metavar="COMMAND")
    command = menu.add_parser("push", help="make the menu of the settings the account's")
    command.add_argument("account", nargs="?", help="default: every account that has a menu")
    command.set_defaults(run=_wechat_push)


def _wechat_check(options: argparse.Namespace) -> None:
    from bot.channels.wechat.commands import check

    check(options.online)


def _wechat_push(options: argparse.Namespace) -> None:
    from bot.channels.wechat.commands import push

    push(options.account)


def _train(options: argparse.Namespace) -> None:
    from bot.settings import load_settings
    from bot.training import is_current, train

    models = Path(load_settings().model)
    if options.if_changed and is_current(models):
        print("model: up to date")
        return
    print("model: training (some minutes; only when the examples, the config or the understanding changed)", flush=True)
    print(f"model: {train(models)}")


def _shell(options: argparse.Namespace) -> None:
    from bot.server import load_assistant
    from bot.settings import load_settings
    from bot.talk_to import Conversation, print_messages
    from bot.watch.logs import configure_logging

    settings = load_settings()
    configure_logging(settings)

    async def talk() -> None:
        conversation = Conversation(load_assistant(settings), options.region)
        print("请说您想办的医保业务（回车空行结束）：")
        while text := input("> ").strip():
            print_messages(await conversation.say(text))

    with contextlib.suppress(EOFError, KeyboardInterrupt):
        asyncio.run(talk())


def _serve(options: argparse.Namespace) -> None:
    from bot.settings import load_settings
    from bot.watch.logs import configure_logging

    settings = load_settings()
    configure_logging(settings)  # before the libraries are loaded, which have warnings for developers

    from bot.server import serve

    serve(settings)


def _ask(options: argparse.Namespace) -> None:
    from bot.settings import load_settings
    from bot.talk_to import Conversation, print_messages
    from bot.watch.logs import configure_logging

    settings = load_settings()
    configure_logging(settings)
    conversation = asyncio.run(Conversation.once(settings, options.question, options.region))
    print_messages(conversation, payload=options.payload)


def _evaluate(options: argparse.Namespace) -> None:
    from bot.evaluation.page import write_page
    from bot.evaluation.rows import read_files
    from bot.evaluation.run import misses, run, table
    from bot.server import load_assistant
    from bot.settings import load_settings
    from bot.watch.logs import configure_logging
    from knowledge.database import open_engine
    from knowledge.query import KnowledgeBase

    talks = read_files(options.files or sorted(Path("tests/evaluation").glob("*.jsonl")))
    settings = load_settings()
    configure_logging(settings)

    async def measure() -> None:
        results = await run(load_assistant(settings), KnowledgeBase(open_engine(settings.database)), talks)
        print("\n".join(misses(results) if options.misses else []))
        print(table(results))
        print(f"page: {write_page(results, options.page)}")

    asyncio.run(measure())


def _thresholds(options: argparse.Namespace) -> None:
    from bot.evaluation.thresholds import compute

    print(compute())


def _dictionary(options: argparse.Namespace) -> None:
    from bot.understanding.dictionary import PATH, dictionary

    PATH.parent.mkdir(parents=True, exist_ok=True)
    PATH.write_text(dictionary(), encoding="utf-8")
    print(f"{PATH}: {sum(1 for _ in PATH.open(encoding='utf-8'))} words")


if __name__ == "__main__":
    sys.exit(main())
