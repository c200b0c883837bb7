"""``python -m bot learning export``: the accepted examples as training data, for review in git."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``learning export``."""
    parser = commands.add_parser("learning", help="what the clerks accepted: export")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    action = actions.add_parser("export", help="write the accepted examples as Rasa training data")
    action.add_argument("--to", type=Path, default=Path("data/nlu/learnt.yml"), help="file (%(default)s)")
    action.add_argument("--evaluation", type=Path, default=Path("tests/evaluation"), help="questions that must stay unseen")
    action.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> None:
    from bot.assist.export import export
    from bot.assist.learning import examples
    from bot.services import services
    from bot.state.schema import upgrade

    upgrade(services().state)
    report = export(examples(services().state), options.to, options.evaluation)
    print("\n".join(report))
