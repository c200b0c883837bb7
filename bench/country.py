"""How the knowledge base bears the whole country: ``python -m bench.country``.

Makes guides of 340 cities, 45 items each, in the real format (the facts of the guides that are here, under other places, with
numbers of their own), builds databases of 5, 50 and 340 guides from them, and prints build time, size, memory of the
build and what an answer costs: look-ups of the same questions in turn on each database, so that all meet the same machine.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import random
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from knowledge import files
from knowledge.catalogue import load_catalogue
from knowledge.database import build, open_engine
from knowledge.query import KnowledgeBase
from knowledge.regions import load_regions

SIZES = (5, 50, 340)
PHONES_A_CITY = 590  # 340 cities: 200,000 numbers
_OWN = ("national", "sichuan-2020", "leshan-2024", "liangshan-2024", "yunnan")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--look-ups", type=int, default=2000, help="on each database")
    parser.add_argument("--keep", type=Path, help="folder to keep the guides and databases in")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="country-"))
    cities = write_guides(folder / "all", max(SIZES))
    print("guides  entries  build s  size MB  memory of the build MB")
    for size in SIZES:
        chosen = _subset(folder, cities[: size - len(_OWN)], size)
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            entries, seconds, peak = pool.apply(_build, (chosen,))
        megabytes = (chosen / "knowledge.sqlite").stat().st_size / 1e6
        print(f"{size:6}  {entries:7}  {seconds:7.1f}  {megabytes:7.1f}  {peak:7.0f}")
    _time_look_ups(folder, options.look_ups)
    if not options.keep:
        shutil.rmtree(folder)


def write_guides(folder: Path, count: int) -> list[str]:
    """The guides that are here, and those of as many cities as make ``count``; the ids of the made ones, in a mixed order."""
    (folder / "guides").mkdir(parents=True, exist_ok=True)
    for path in [*files.DATA.glob("*.yml"), *files.guide_paths()]:
        target = folder / "guides" if path.parent.name == "guides" else folder
        shutil.copy(path, target / path.name)
    entries = list(_an_entry_for_each_item())
    taken = {files.read_yaml(path)["region"] for path in files.guide_paths()}
    regions = load_regions()
    cities = [r for r in regions.regions.values() if r.level == "city" and r.path not in taken]
    random.Random(7).shuffle(cities)
    ids = []
    for city in cities[: count - len(_OWN)]:
        guide = _guide(city, [district.name for district in regions.children(city.path)], entries)
        ids.append(guide["id"])
        text = yaml.dump(guide, allow_unicode=True, sort_keys=False, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper))
        (folder / "guides" / f"{guide['id']}.yml").write_text(text, encoding="utf-8")
    return ids


def _an_entry_for_each_item() -> Iterator[dict[str, Any]]:
    """For each of the 45 items the fullest entry that any guide has; without one, that of the item before."""
    held: dict[str, dict[str, Any]] = {}
    for path in files.guide_paths():
        for entry in files.read_yaml(path)["entries"]:
            if len(str(entry)) > len(str(held.get(entry["item"], ""))):
                held[entry["item"]] = entry
    last: dict[str, Any] = {}
    for item in load_catalogue().items:
        last = held.get(item, {**last, "item": item})
        yield {key: value for key, value in last.items() if key not in {"phones", "mended", "unknown"}}


def _guide(city: Any, districts: list[str], entries: list[dict[str, Any]]) -> dict[str, Any]:
    numbers = random.Random(city.adcode)
    places = districts or [city.name]
    per_entry = [PHONES_A_CITY // len(entries) + (n < PHONES_A_CITY % len(entries)) for n in range(len(entries))]
    kinds = [(kind, place) for kind in ("inquiry", "complaint", "loss_report", "hospital") for place in places]

    def phones(count: int) -> list[dict[str, str]]:
        chosen = kinds if districts else [(kind, None) for kind in ("inquiry", "complaint")]
        return [
            {
                "kind": kind,
                **({"place": place} if place else {}),
                "number": f"0{numbers.randint(310, 998)}-{numbers.randint(2000000, 8999999)}",
            }
            for kind, place in chosen[:count]
        ]

    letters = "".join("abcdefghij"[int(digit)] for digit in city.adcode)  # ids hold no digits but the year
    return {
        "id": f"city{letters}-2026",
        "title": f"{city.name}医疗保障经办政务服务事项办事指南（2026年版）",
        "jurisdiction": f"city{letters}",
        "region": city.path,
        "year": 2026,
        "entry_count": len(entries),
        "entries": [{**entry, "phones": phones(count)} for entry, count in zip(entries, per_entry, strict=True)],
    }


def _subset(folder: Path, cities: list[str], size: int) -> Path:
    target = folder / str(size)
    (target / "guides").mkdir(parents=True, exist_ok=True)
    for path in (folder / "all").glob("*.yml"):
        shutil.copy(path, target / path.name)
    for name in (*_OWN, *cities):
        shutil.copy(folder / "all" / "guides" / f"{name}.yml", target / "guides")
    return target


def _build(folder: Path) -> tuple[int, float, float]:
    """Entries, seconds and peak memory in MB of building from a folder, in a process of its own."""
    started = time.perf_counter()
    entries = build(open_engine(f"sqlite:///{folder / 'knowledge.sqlite'}"), folder)
    return entries, time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _time_look_ups(folder: Path, count: int) -> None:
    bases = {size: KnowledgeBase(open_engine(f"sqlite:///{folder / str(size) / 'knowledge.sqlite'}")) for size in SIZES}
    items = list(load_catalogue().items)
    chance = random.Random(1)
    places = ["乐山市/市中区", "凉山州/西昌市", "云南省", "四川省", "乐山市", None]  # the same guides hold there at every size
    times: dict[int, list[float]] = {size: [] for size in SIZES}
    gc.disable()
    for _ in range(count):
        question = (
            chance.choice(items),
            [chance.choice(["overview", "materials", "time_limit", "phone"])],
            chance.choice(places),
        )
        for size in chance.sample(SIZES, len(SIZES)):
            started = time.perf_counter()
            bases[size].look_up(*question)
            times[size].append((time.perf_counter() - started) * 1000)
    first = statistics.quantiles(times[SIZES[0]], n=20)
    print("\nguides  median ms  95th percentile ms  of that with 5 guides")
    for size in SIZES:
        cut = statistics.quantiles(times[size], n=20)
        print(f"{size:6}  {cut[9]:9.2f}  {cut[18]:18.2f}  {cut[18] / first[18]:.2f}")


if __name__ == "__main__":
    main()
