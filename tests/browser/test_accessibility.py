"""Accessibility: no violation that axe finds, in any state, on light and dark displays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

QUESTION = "市中区的住院费用怎么报销"


def _closed(visitor: Visitor) -> None:
    visitor.launcher.wait_for()


def _open(visitor: Visitor) -> None:
    visitor.open()
    visitor.find(".family summary").first.click()


def _suggesting(visitor: Visitor) -> None:
    visitor.open().question.press_sequentially("住院")
    visitor.page.get_by_role("option").first.wait_for()
    visitor.question.press("ArrowDown")


def _card(visitor: Visitor) -> None:
    visitor.open().ask(QUESTION)
    visitor.button("急诊").click()
    visitor.find(".more summary").click()
    visitor.cards.get_by_label("出院记录").check()


def _choices(visitor: Visitor) -> None:
    visitor.open().ask("手工报销")
    visitor.button("没用").click()


def _picker(visitor: Visitor) -> None:
    visitor.open().find(".panel > .where").click()
    visitor.find(".place").first.wait_for()


def _large(visitor: Visitor) -> None:
    visitor.open().button("大字版（适老化）").click()
    visitor.ask(QUESTION)


def _trouble(visitor: Visitor) -> None:
    visitor.open().context.set_offline(True)
    visitor.send(QUESTION)
    visitor.find(".trouble").wait_for()


STATES = (_closed, _open, _suggesting, _card, _choices, _picker, _large, _trouble)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__.strip("_"))
def test_axe_finds_no_violation(visit: Visit, state: Callable[[Visitor], None], scheme: str, pictures: Path) -> None:
    device = "phone" if scheme == "dark" else "desktop"
    visitor = visit(device, color_scheme=scheme)
    state(visitor)
    results = Axe().run(visitor.page)
    visitor.picture(pictures, f"{state.__name__.strip('_')}-{scheme}")
    violations = results.response["violations"]
    assert not violations, [(one["id"], [node["target"] for node in one["nodes"]]) for one in violations]
