"""From rounds to figures: medians, ratios, which reaches hold, a table and a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.stock.measure import AT_ONCE, LoadFigures, Round
from bench.stock.systems import Training


@dataclass(frozen=True)
class Measure:
    """One line of the table. ``of`` reads a round; ``reach`` is how many times better than stock we mean to be."""

    name: str
    of: Callable[[Round], float]
    more_is_better: bool = False
    reach: float | None = None


@dataclass(frozen=True)
class Line:
    """The medians over the rounds, by system, and how many times better than stock each is."""

    name: str
    values: dict[str, float]
    ratios: dict[str, float]
    reach: float | None

    def holds(self, system: str) -> bool:
        """Whether a system is as many times better than stock as we mean to be; always, where nothing is meant."""
        return self.reach is None or self.ratios[system] >= self.reach


def _at(at_once: int, of: Callable[[LoadFigures], float]) -> Callable[[Round], float]:
    return lambda one: of(one.loads[at_once])


MEASURES = (
    *(
        measure
        for n in AT_ONCE
        for measure in (
            Measure(f"p50 at {n} at once, ms", _at(n, lambda load: load.p50), reach=5 if n == 1 else None),
            Measure(f"p95 at {n} at once, ms", _at(n, lambda load: load.p95)),
            Measure(f"messages a second at {n} at once", _at(n, lambda load: load.rate), True, 8 if n == 16 else None),
        )
    ),
    Measure("processor time a message, ms", _at(16, lambda load: load.cpu)),
    Measure("memory after warming, MB", lambda one: one.idle),
    Measure("memory at its peak, MB", lambda one: one.peak, reach=2),
    Measure("start to first answer, s", lambda one: one.start, reach=3),
)
TRAINING: tuple[tuple[str, Callable[[Training], float]], ...] = (
    ("training, s", lambda training: training.seconds),
    ("processor time of the training, s", lambda training: training.cpu),
)


def lines(rounds: Sequence[Round], trainings: Mapping[str, Training]) -> list[Line]:
    """Every measure; what the trainings took comes last."""
    systems = list(dict.fromkeys(one.system for one in rounds))
    found = [
        _line(measure.name, {s: median(measure.of(one) for one in rounds if one.system == s) for s in systems}, measure)
        for measure in MEASURES
    ]
    took = [_line(name, {system: of(one) for system, one in trainings.items()}) for name, of in TRAINING]
    return [*found, *took]


def _line(name: str, values: dict[str, float], measure: Measure | None = None) -> Line:
    stock, more_is_better = values["stock"], measure is not None and measure.more_is_better
    times = {system: value / stock if more_is_better else stock / value for system, value in values.items()}
    ratios = {system: ratio for system, ratio in times.items() if system != "stock"}
    return Line(name, values, ratios, measure.reach if measure else None)


def table(found: Sequence[Line]) -> str:
    """Markdown."""
    systems = list(found[0].values)
    others = list(found[0].ratios)
    head = ["", *systems, *(f"{name} against stock" for name in others), "reach"]
    rows = [
        [
            line.name,
            *(_number(line.values.get(name)) for name in systems),
            *(_times(line.ratios.get(name)) for name in others),
            _verdict(line),
        ]
        for line in found
    ]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def remarks(rounds: Sequence[Round]) -> list[str]:
    """What one must know to believe the table."""
    systems = list(dict.fromkeys(one.system for one in rounds))
    found = []
    for system in systems:
        loads = [load for one in rounds if one.system == system for load in one.loads.values()]
        found.append(
            f"{system}: item right {median(load.item_right for load in loads):.0%}, "
            f"{sum(load.unanswered for load in loads)} messages without an answer, "
            f"other programs had up to {max(load.others for load in loads):.0%} of the cores meanwhile"
        )
    return found


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _times(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.1f} times"


def _verdict(line: Line) -> str:
    if line.reach is None:
        return ""
    return f"{line.reach:g} times: " + ", ".join(
        f"{system} {'holds' if line.holds(system) else 'misses'}" for system in line.ratios
    )


def draw(found: Sequence[Line], path: Path) -> None:
    """A bar for each measure and system: how many times better than stock; a mark where the reach lies."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    systems = list(found[0].ratios)
    figure, axes = pyplot.subplots(figsize=(9, 0.5 * len(found) + 1.2))
    height = 0.8 / len(systems)
    for number, system in enumerate(systems):
        places = [place + number * height for place, line in enumerate(found) if system in line.ratios]
        bars = axes.barh(places, [line.ratios[system] for line in found if system in line.ratios], height, label=system)
        axes.bar_label(bars, fmt="%.1f", padding=2, fontsize=8)
    for place, line in enumerate(found):
        if line.reach:
            axes.plot([line.reach] * 2, [place - height / 2, place + 0.8 - height / 2], color="black", linewidth=2)
    axes.axvline(1, color="grey", linewidth=1)
    axes.set_xscale("log")
    axes.set_yticks([place + (0.8 - height) / 2 for place in range(len(found))], [line.name for line in found])
    axes.invert_yaxis()
    axes.set_xlabel("times better than stock Rasa (black: what we mean to reach)")
    axes.legend(loc="upper right")
    figure.savefig(path, dpi=120, bbox_inches="tight")
    pyplot.close(figure)
