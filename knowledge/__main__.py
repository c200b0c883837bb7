"""Command line of the knowledge base: ``python -m knowledge build | versions | use | check | show | export | diff``."""

from __future__ import annotations

import argparse
import json
import sys
import time

from sqlalchemy.exc import SQLAlchemyError

from knowledge import check, compare, files, versions
from knowledge.catalogue import load_catalogue
from knowledge.database import DEFAULT_URL, build, is_current, open_engine, use_version
from knowledge.facts import ASPECT_FACTS
from knowledge.query import Finding, KnowledgeBase, NotListed


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns 0, or 1 with the reason on standard error."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except (files.DataError, KeyError) as error:
        print(error.args[0] if error.args else error, file=sys.stderr)
    except SQLAlchemyError as error:
        print(f"the database {options.database} cannot be used: {error}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__)
    parser.add_argument("--database", default=DEFAULT_URL, help="SQLAlchemy URL (default: %(default)s)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("build", help="build the database from the data files")
    command.add_argument("--if-changed", action="store_true", help="only when the data files changed since")
    command.set_defaults(run=_build)

    commands.add_parser("versions", help="the versions of the guides that are kept").set_defaults(run=_versions)
    command = commands.add_parser("use", help="let an earlier version answer, at once and until the next build")
    command.add_argument("version", type=int, help="its number, as `versions` gives it")
    command.set_defaults(run=_use)

    commands.add_parser("check", help="check the data files").set_defaults(run=_check)

    command = commands.add_parser("show", help="show what holds for an item")
    command.add_argument("item", help="item id, or any of its names")
    command.add_argument("--region", help="path (乐山市/市中区) or name (峨眉)")
    command.add_argument("--circumstance", action="append", default=[], help="circumstance id; may be repeated")
    command.set_defaults(run=_show)

    command = commands.add_parser("export", help="print every fact of every guide")
    command.add_argument("--json", action="store_true", required=True, help="as JSON, the only format")
    command.set_defaults(run=_export)

    command = commands.add_parser("diff", help="compare two guides")
    command.add_argument("first", metavar="GUIDE")
    command.add_argument("second", metavar="GUIDE")
    command.set_defaults(run=_diff)
    return parser


def _build(options: argparse.Namespace) -> None:
    engine = open_engine(options.database)
    if options.if_changed and is_current(engine):
        print("knowledge: up to date")
        return
    started = time.perf_counter()
    entries = build(engine)
    print(f"knowledge: built {entries} entries in {time.perf_counter() - started:.1f} s")


def _versions(options: argparse.Namespace) -> None:
    print("\n".join(versions.listing(open_engine(options.database))))


def _use(options: argparse.Namespace) -> None:
    entries = use_version(open_engine(options.database), options.version)
    print(f"knowledge: version {options.version} answers, {entries} entries; `build` goes back to the data files")


def _check(options: argparse.Namespace) -> int:
    guides = files.read_guides()
    problems = check.problems(guides)
    for problem in problems:
        print(problem)
    print(f"{len(guides)} guides, {sum(len(g.entries) for g in guides)} entries, {len(problems)} problems")
    return 1 if problems else 0


def _show(options: argparse.Namespace) -> None:
    base = KnowledgeBase(open_engine(options.database))
    item = _item_id(options.item)
    region = options.region
    if region and region not in base.regions.regions:
        region = base.regions.resolve(region) or base.regions.get(region).path
    unknown = [c for c in options.circumstance if c not in base.catalogue.circumstances]
    if unknown:
        raise KeyError(f"unknown circumstance {', '.join(unknown)}: see knowledge/circumstances.yml")
    found = base.look_up(item, list(ASPECT_FACTS), region, options.circumstance)
    if isinstance(found, NotListed):
        print(f"{found.item.name}: listed by none of {', '.join(guide.title for guide in found.guides)}")
        return
    _print_finding(found)


def _print_finding(found: Finding) -> None:
    print(f"{found.item.name} ({found.item.id}), {found.region or 'no place'}")
    for key, facts in found.facts.items():
        print(f"\n{key} [{facts[0]['source']}]")
        for fact in facts:
            print(f"  {compare.fact_line(fact)}")
    for key, reason in found.gaps.items():
        print(f"\n{key}: not given{': ' + reason if reason else ''}")
    for question in found.open_questions:
        print(f"\n? {question.asks} {' / '.join(choice.id for choice in question.choices)}")


def _item_id(name: str) -> str:
    items = load_catalogue().items
    if name in items:
        return name
    for item in items.values():
        if name in item.names:
            return item.id
    raise KeyError(f"no item {name!r}: item ids and names stand in knowledge/items.yml")


def _export(options: argparse.Namespace) -> None:
    json.dump(KnowledgeBase(open_engine(options.database)).export(), sys.stdout, ensure_ascii=False, indent=1)
    print()


def _diff(options: argparse.Namespace) -> None:
    exported = KnowledgeBase(open_engine(options.database)).export()
    for guide in (options.first, options.second):
        if guide not in exported:
            raise KeyError(f"no guide {guide!r}: there are {', '.join(exported)}")
    items = load_catalogue().items
    for difference in compare.differences(exported[options.first], exported[options.second]):
        print(f"{items[difference.item].name} {difference.key}")
        for guide, lines in ((options.first, difference.first), (options.second, difference.second)):
            if lines is None:
                print(f"  {guide}: does not list the item")
            for line in lines or ():
                print(f"  {guide}: {line}")


if __name__ == "__main__":
    sys.exit(main())
