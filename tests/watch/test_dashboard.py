"""The example dashboard and the alerts ask for what the server tells, and ring when they should."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from tests.serving import Server

FOLDER = Path("deploy/watch")
_NAME = re.compile(r"\byibao_[a-z_]+\b")
_PARTS = ("", "_bucket", "_count", "_sum")


def _rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def _panels() -> list[dict[str, Any]]:
    panels: list[dict[str, Any]] = json.loads((FOLDER / "dashboard.json").read_text())["panels"]
    return panels


def _asked() -> set[str]:
    of_panels = [target["expr"] for panel in _panels() for target in panel.get("targets", ())]
    return {name for text in (*of_panels, *(rule["expr"] for rule in _rules())) for name in _NAME.findall(text)}


def test_every_metric_that_dashboard_and_alerts_ask_for_is_told(watched: Server) -> None:
    text = requests.get(f"{watched.address}/metrics", timeout=60).text
    told = {name + part for name in re.findall(r"^# TYPE (\S+)", text, re.M) for part in _PARTS}
    assert len(_asked()) > 20
    assert _asked() <= told


def test_every_metric_that_is_told_is_on_the_dashboard(watched: Server) -> None:
    text = requests.get(f"{watched.address}/metrics", timeout=60).text
    asked = _asked()
    for name in re.findall(r"^# TYPE (yibao_\S+)", text, re.M):
        assert any(name + part in asked for part in _PARTS), name


def test_every_alert_says_what_is_wrong_and_what_to_do() -> None:
    for rule in _rules():
        assert re.search(r"[\u4e00-\u9fff]", rule["annotations"]["summary"])
        assert len(rule["annotations"]["action"]) > 10
        assert rule["labels"]["severity"] in {"page", "ticket"}


def test_every_panel_has_a_place_of_its_own() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in _panels():
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken
        assert place["x"] + place["w"] <= 24
        taken |= cells


@pytest.mark.parametrize(
    "arguments", [("check", "rules", "deploy/watch/alerts.yml"), ("test", "rules", "tests/watch/alerts.yml")]
)
def test_prometheus_accepts_the_alerts_and_they_ring_when_they_should(arguments: tuple[str, ...]) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool (package prometheus) is not installed on this machine")
    done = subprocess.run([promtool, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
