"""What is measured, and who may read it."""

from __future__ import annotations

import os
import subprocess
import sys
import timeit
import uuid
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from bot.answering.pipeline import STEPS
from bot.watch.metrics import step
from tests.serving import Server, serving
from tests.watch.conftest import METRICS_TOKEN, samples, value
from tests.watch.faulty_server import TRIGGER
from tests.web.visitor import Visitor


@pytest.mark.parametrize(
    ("message", "outcome"),
    [
        ("市中区的医保，住院费用自己垫的怎么报销", "answered"),
        ("今天股票涨了没有", "refused"),
        ("你好", "small_talk"),
        ("我要找人工", "handed_over"),
        (f"住院费用怎么报销 {TRIGGER}", "failed"),
    ],
)
def test_a_turn_is_counted_by_how_it_ended(watched: Server, message: str, outcome: str) -> None:
    before = value(watched, "yibao_turns_total", channel="rest", outcome=outcome)
    watched.post({"sender": uuid.uuid4().hex, "message": message})
    assert value(watched, "yibao_turns_total", channel="rest", outcome=outcome) == before + 1


def test_each_front_door_is_counted_as_itself(watched: Server) -> None:
    before = value(watched, "yibao_turn_seconds_count", channel="web")
    assert Visitor(watched).send("住院费用怎么报销").status_code == 200
    assert value(watched, "yibao_turn_seconds_count", channel="web") == before + 1


def test_an_answer_is_counted_by_its_item_its_guide_its_place_and_how_sure_it_was(watched: Server) -> None:
    of_answer = {"item": "inpatient_reimbursement", "jurisdiction": "leshan"}
    before = samples(watched)
    watched.say("市中区的医保，住院费用自己垫的怎么报销", sender=uuid.uuid4().hex)
    watched.say("住院费用自己垫的怎么报销", sender=uuid.uuid4().hex)
    after = samples(watched)

    def more(name: str, **labels: str) -> float:
        key = tuple(sorted(labels.items()))
        return after[name][key] - before.get(name, {}).get(key, 0.0)

    assert more("yibao_answers_total", **of_answer) == 1
    assert more("yibao_places_total", origin="said") == 1
    assert more("yibao_places_total", origin="none") == 1
    assert more("yibao_confidence_count") == 2


def test_every_step_of_answering_is_timed(watched: Server) -> None:
    watched.say("市中区的医保，住院费用自己垫的怎么报销", sender=uuid.uuid4().hex)
    Visitor(watched).send("住院费用怎么报销")
    timed = {dict(labels)["step"] for labels in samples(watched)["yibao_step_seconds_count"]}
    assert timed >= {*(each.__name__ for each in STEPS), "with_people", "dialogue", "keep_turn"}


def test_both_databases_are_timed(watched: Server) -> None:
    watched.say("市中区的医保，住院费用自己垫的怎么报销", sender=uuid.uuid4().hex)
    counts = samples(watched)["yibao_database_seconds_count"]
    assert all(counts[(("database", name),)] > 0 for name in ("knowledge", "state"))


def test_a_rating_is_counted(watched: Server) -> None:
    visitor = Visitor(watched)
    seq = visitor.send("住院费用怎么报销").json()["replies"][0]["seq"]
    before = value(watched, "yibao_ratings_total", channel="web", useful="no")
    assert visitor.post("ratings", {"seq": seq, "useful": False}).status_code == 204
    assert value(watched, "yibao_ratings_total", channel="web", useful="no") == before + 1


def test_requests_are_counted_by_the_template_of_their_address(watched: Server) -> None:
    watched.get("/guide/nowhere-at-all")
    watched.get("/an-address-that-nobody-has")
    told = {dict(labels)["route"] for labels in samples(watched)["yibao_http_requests_total"]}
    assert "unmatched" in told
    assert not any("nowhere" in route or "nobody" in route for route in told)


def test_an_error_is_counted_by_the_room_it_comes_from(watched: Server) -> None:
    before = value(watched, "yibao_log_lines_total", level="error", room="bot.web")
    assert watched.get(f"/api/suggest?q={quote(TRIGGER)}")[0] == 500
    assert value(watched, "yibao_log_lines_total", level="error", room="bot.web") == before + 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"X-Forwarded-For": "203.0.113.7"}, 403),
        ({"X-Forwarded-For": "127.0.0.1"}, 403),
        ({"Forwarded": "for=203.0.113.7"}, 403),
        ({"X-Forwarded-For": "203.0.113.7", "Authorization": "Bearer wrong"}, 403),
        ({"X-Forwarded-For": "203.0.113.7", "Authorization": f"Bearer {METRICS_TOKEN}"}, 200),
    ],
)
def test_metrics_are_for_this_machine_or_with_the_token(watched: Server, headers: dict[str, str], status: int) -> None:
    assert requests.get(f"{watched.address}/metrics", headers=headers, timeout=60).status_code == status


def _python(code: str, **environment: str) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=os.environ | environment, check=True, capture_output=True, text=True).stdout


def test_processes_that_share_a_folder_add_up(tmp_path: Path) -> None:
    count = "from bot.watch.metrics import series; series('turns', 'web', 'answered').inc(2)"
    shared = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    _python(count, **shared)
    _python(count, **shared)
    told = _python(
        f"{count}; from bot.watch.site import exposition; from prometheus_client import CollectorRegistry;"
        "print(exposition(CollectorRegistry()).decode())",
        **shared,
    )
    assert 'yibao_turns_total{channel="web",outcome="answered"} 6.0' in told


def test_the_processes_a_server_forks_add_up_and_their_folder_is_gone_afterwards() -> None:
    told = _python(
        "import os; from bot.watch.processes import FOLDER, share_metrics; from bot.watch.site import exposition\n"
        "from bot.watch.metrics import series; from prometheus_client import CollectorRegistry\n"
        "share_metrics(1); assert FOLDER not in os.environ\n"
        "share_metrics(2); series('turns', 'web', 'answered').inc()\n"
        "for _ in range(2):\n"
        "    if not os.fork():\n"
        "        series('turns', 'web', 'answered').inc(); os._exit(0)\n"
        "    os.wait()\n"
        "print(os.environ[FOLDER]); print(exposition(CollectorRegistry()).decode())"
    )
    folder, _, text = told.partition("\n")
    assert 'yibao_turns_total{channel="web",outcome="answered"} 3.0' in text
    assert not Path(folder).exists()


def test_the_workers_of_a_server_tell_the_same_sum(tmp_path: Path) -> None:
    with serving(tmp_path, YIBAO_WORKERS="2") as server:
        for n in range(12):
            server.say("住院费用怎么报销", sender=str(n))
        counts = {value(server, "yibao_turns_total", channel="rest", outcome="answered") for _ in range(6)}
        memory = samples(server)["yibao_process_memory_bytes"]
    assert counts == {12.0}
    assert len(memory) == 2  # one value a worker


def test_timing_a_step_takes_no_time_worth_speaking_of() -> None:
    def timed() -> None:
        with step("test"):
            pass

    timed()
    seconds = min(timeit.repeat(timed, number=1000, repeat=20)) / 1000
    assert seconds < 15e-6  # a message takes some five milliseconds, in some twenty steps
