"""Write docs/dependencies.md: ``python -m tools.dependencies`` (a minute: it starts the server to see what that loads).

Every package of requirements.lock with its version and licence (from the installed package's metadata), who needs it, and
whether the running server loads it; and the known weaknesses of ``weaknesses.yml`` that are in these versions.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

import yaml
from packaging.specifiers import SpecifierSet

from tests.serving import Server

LOCK, PAGE = Path("requirements.lock"), Path("docs/dependencies.md")
WEAKNESSES = Path(__file__).with_name("weaknesses.yml")
_LINE = re.compile(r"([a-z0-9][a-z0-9._-]*)==(\S+)(?:\s+# via (.*))?")
_IMPORT = re.compile(r"import time:\s+\d+ \|\s+\d+ \|\s+([\w.]+)")
_OWN = "yibao-assistant (pyproject.toml)"
_LONGEST_LICENCE = 40


@dataclass(frozen=True)
class Package:
    """A locked package; ``needed_by`` names those that ask for it, this project first."""

    name: str
    version: str
    needed_by: tuple[str, ...]


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    packages = read_lock(LOCK.read_text())
    PAGE.write_text(page(packages, loaded_by_the_server(), yaml.safe_load(WEAKNESSES.read_text())))
    print(f"{PAGE}: {len(packages)} packages")
    return 0


def read_lock(text: str) -> list[Package]:
    """The packages of a lock as pip-compile writes it."""
    found = (_LINE.fullmatch(line.strip()) for line in text.splitlines())
    return [Package(match[1], match[2], _needed_by(match[3] or "")) for match in found if match]


def _needed_by(via: str) -> tuple[str, ...]:
    names = [name.strip() for name in via.split(",") if name.strip()]
    return tuple("**this project**" if name == _OWN else name for name in sorted(names, key=lambda name: name != _OWN))


def loaded_by_the_server() -> set[str]:
    """The packages from which a server imports something until it has answered a question."""
    with tempfile.TemporaryDirectory() as folder:
        server = _ListingServer(Path(folder))
        try:
            server.say("住院费用怎么报销")
        finally:
            server.stop()
        modules = set(_IMPORT.findall(server.log.read_text(errors="replace")))
    return {package.name for package in read_lock(LOCK.read_text()) if modules & _modules_of(package.name)}


def _modules_of(package: str) -> set[str]:
    """The modules that a package brings, by their files."""
    files = [file for file in distribution(package).files or () if file.suffix in (".py", ".so")]
    names = (".".join((*file.parts[:-1], file.name.partition(".")[0])) for file in files)
    return {name.removesuffix(".__init__") for name in names}


class _ListingServer(Server):
    arguments = ("-X", "importtime", "-m", "bot", "serve")


def licence_of(package: Distribution) -> str:
    """As the package itself says it: by expression, else by classifier, else by its licence field's first line."""
    told = package.metadata
    if "License-Expression" in told:
        return told["License-Expression"]
    classifiers = [c.rpartition(" :: ")[2] for c in told.get_all("Classifier", []) if c.startswith("License :: ")]
    named = [c for c in classifiers if c != "OSI Approved"]
    lines = told.get_all("License", [""])[0].strip().splitlines()
    return ", ".join(named) or (lines[0][:_LONGEST_LICENCE] if lines else "not said")


def page(packages: Iterable[Package], loaded: set[str], weaknesses: Mapping[str, Any]) -> str:
    """The page in Markdown."""
    packages = list(packages)
    versions = {package.name: package.version for package in packages}
    known = [w for w in weaknesses["weaknesses"] if w["package"] in versions]
    here = [w for w in known if SpecifierSet(w["affected"]).contains(versions[w["package"]])]
    rows = [
        f"| {p.name} | {p.version} | {licence_of(distribution(p.name))} | {', '.join(p.needed_by)} | "
        f"{'yes' if p.name in loaded else ''} |"
        for p in packages
    ]
    return "\n".join(
        [
            "# Dependencies",
            "",
            "Written by `python -m tools.dependencies`; do not edit. Licences are what the packages say of themselves.",
            f"{len(packages)} packages, of which the running server loads {sum(p.name in loaded for p in packages)}.",
            "",
            "## Known weaknesses",
            "",
            f"As known on {weaknesses['as_of']}, from `tools/weaknesses.yml`, which says how to look for new ones. Most of "
            "these versions are held by Rasa 3.6.21, the last open release: see docs/security.md.",
            "",
            "| package | weakness | in versions | what | does it reach us | what is done | loaded by the server |",
            "|---|---|---|---|---|---|---|",
            *(_weakness(w, versions, loaded) for w in here),
            "",
            "Looked at, and not in the versions here: "
            + (", ".join(f"{w['id']} ({w['package']} {w['affected']})" for w in known if w not in here) or "none")
            + ".",
            "",
            "## Packages",
            "",
            "| package | version | licence | needed by | loaded by the server |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _weakness(told: Mapping[str, str], versions: Mapping[str, str], loaded: set[str]) -> str:
    name = told["package"]
    cells = [f"{name} {versions[name]}", told["id"], told["affected"], told["what"], told["reaches_us"], told["done"]]
    return f"| {' | '.join(cells)} | {'yes' if name in loaded else 'no'} |"


if __name__ == "__main__":
    sys.exit(main())
