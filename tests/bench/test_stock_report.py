"""What `make bench` makes of its measurements."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench.load import Load
from bench.stock.measure import AT_ONCE, LoadFigures, Round, item_right, question_sets
from bench.stock.report import Line, draw, lines, remarks, table
from bench.stock.systems import Training
from bot.evaluation.rows import Expected


def _round(system: str, p50: float, rate: float, memory: float, start: float) -> Round:
    load = LoadFigures(p50, 2 * p50, rate, cpu=p50, client_cpu=1.0, others=0.01, unanswered=0, item_right=0.9)
    return Round(system, start, memory, memory, dict.fromkeys(AT_ONCE, load))


_TRAININGS = {"stock": Training(135, 250), "ours": Training(27, 50)}


@pytest.fixture
def found() -> dict[str, Line]:
    rounds = [
        *(_round("stock", p50, 40, 1200, 21) for p50 in (20, 30, 1000)),
        *(_round("ours", p50, 200, 400, 7) for p50 in (5, 6, 1)),
    ]
    return {line.name: line for line in lines(rounds, _TRAININGS)}


def test_values_are_medians_so_that_one_bad_round_counts_little(found: dict[str, Line]) -> None:
    assert found["p50 at 1 at once, ms"].values == {"stock": 30, "ours": 5}


def test_a_ratio_above_one_means_better_than_stock_whatever_is_measured(found: dict[str, Line]) -> None:
    assert found["p50 at 1 at once, ms"].ratios == {"ours": 6}
    assert found["messages a second at 16 at once"].ratios == {"ours": 5}
    assert found["training, s"].ratios == {"ours": 5}


def test_a_reach_holds_from_its_ratio_on(found: dict[str, Line]) -> None:
    assert found["p50 at 1 at once, ms"].holds("ours")
    assert found["start to first answer, s"].holds("ours")  # 21 s against 7 s: three times exactly
    assert not found["messages a second at 16 at once"].holds("ours")


def test_the_table_tells_what_holds_and_what_is_missed(found: dict[str, Line]) -> None:
    rows = {row.split(" | ")[0].strip("| "): row for row in table(list(found.values())).splitlines()}
    assert "5 times: ours holds" in rows["p50 at 1 at once, ms"]
    assert "8 times: ours misses" in rows["messages a second at 16 at once"]
    assert len({row.count("|") for row in rows.values()}) == 1


def test_what_was_not_measured_stays_empty() -> None:
    rounds = [_round(name, 10, 40, 1000, 9) for name in ("stock", "ours", "shipped")]
    found = lines(rounds, _TRAININGS)
    assert "shipped" not in found[-1].ratios
    assert table(found).splitlines()[-1].count("times") == 1


def test_the_remarks_name_each_system_and_the_time_others_took() -> None:
    assert "stock: item right 90%, 0 messages without an answer" in remarks([_round("stock", 1, 1, 1, 1)])[0]


def test_a_picture_is_drawn(found: dict[str, Line], tmp_path: Path) -> None:
    draw(list(found.values()), tmp_path / "report.png")
    assert (tmp_path / "report.png").read_bytes().startswith(b"\x89PNG")


def test_percentiles_and_rate_of_a_load() -> None:
    load = Load(tuple(float(n) for n in range(1, 101)), 4.0, ())
    assert (load.percentile(0.5), load.percentile(0.95), load.percentile(1), load.rate) == (51, 96, 100, 25)


def test_only_an_answer_about_an_item_that_was_meant_is_right() -> None:
    def asked(item: str, kind: str = "answer") -> Expected:
        return Expected("…", (item,), (), None, kind)

    answer: list[dict[str, Any]] = [{"text": "…"}, {"custom": {"type": "answer", "item": {"id": "a"}}}]
    questions = [asked("a"), asked("b"), asked("a"), asked("a", "clarify")]
    assert item_right(questions, Load((), 1, (answer, answer, [], answer))) == pytest.approx(1 / 3)


def test_no_question_is_put_twice_to_a_system_that_runs() -> None:
    warm, sets = question_sets(100)
    every = [*warm, *(question for asked in sets.values() for question in asked)]
    assert len(set(map(id, every))) == len(every)
    assert {len(asked) for asked in sets.values()} == {100}


def test_more_questions_than_there_are_is_an_error_that_says_how_many() -> None:
    with pytest.raises(ValueError, match=r"questions for \d+ messages"):
        question_sets(100_000)
