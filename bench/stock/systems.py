"""The systems that are compared: how each is trained, and the processes it runs as."""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
import psutil

from bench.load import put
from bench.processes import Command, ProcessFailed, ended_cpu_seconds, run, started
from tests.serving import free_port

_HERE = Path()
_START_SECONDS = 900
_ENVIRONMENT = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "2", "SANIC_HOST": "127.0.0.1"}


@dataclass(frozen=True)
class Running:
    """A system that answers: where, as which processes, and after how many seconds its first answer was there."""

    address: str
    processes: Sequence[psutil.Process]
    started_after: float


@dataclass(frozen=True)
class Training:
    """What a training took: seconds, and seconds of work on all cores, which other programs lengthen little."""

    seconds: float
    cpu: float


@dataclass(frozen=True)
class System:
    """One of those that are compared."""

    name: str
    commands: Callable[[int, Path], list[Command]]
    """What runs it, by the port it is to answer on and a folder for what it remembers."""
    training: Command | None = None
    models: Path | None = None
    """The folder that the training fills."""

    def train(self) -> Training | None:
        """Train anew, unless this system is given trained. Raises ``ProcessFailed``."""
        if self.training is None or self.models is None:
            return None
        shutil.rmtree(self.models, ignore_errors=True)
        begun, used = time.perf_counter(), ended_cpu_seconds()
        run(self.training)
        return Training(time.perf_counter() - begun, ended_cpu_seconds() - used)

    @contextmanager
    def running(self) -> Iterator[Running]:
        """Start it and wait for its first answer; stopped at the end. Raises ``ProcessFailed``."""
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
            port = free_port()
            commands, begun = self.commands(port, folder), time.perf_counter()
            processes = [stack.enter_context(started(command)) for command in commands]
            while not _answers(port):
                for process, command in zip(processes, commands, strict=True):
                    if process.poll() is not None:
                        raise command.failure()
                if time.perf_counter() - begun > _START_SECONDS:
                    raise ProcessFailed(f"{self.name} does not answer within {_START_SECONDS} s; see {commands[-1].log}")
                time.sleep(0.05)
            yield Running(_address(port), processes, time.perf_counter() - begun)


def stock(folder: Path) -> System:
    """``rasa run`` and ``rasa run actions``, as the documentation starts them, for the project in ``folder / "stock"``."""
    project, logs = (folder / "stock").absolute(), (folder / "logs").absolute()

    def commands(port: int, memory: Path) -> list[Command]:
        actions = str(free_port())
        serve = ("-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(port))
        act = ("-m", "rasa", "run", "actions", "--actions", "bot.actions", "--port", actions)
        environment = {**_ENVIRONMENT, **_state(memory), "ACTIONS_PORT": actions}
        return [
            Command(act, _HERE, logs / "stock-actions.log", environment),
            Command(serve, project, logs / "stock-run.log", environment),
        ]

    training = Command(("-m", "rasa", "train", "--force"), project, logs / "stock-train.log", _ENVIRONMENT)
    return System("stock", commands, training, project / "models")


def ours(folder: Path) -> System:
    """``python -m bot serve`` with our configuration, trained on the examples of the stock project."""
    models, examples = folder / "ours", folder / "stock" / "data" / "nlu.yml"
    arguments = ("-m", "rasa", "train", "--force", "--data", str(examples), "data/stories", "--out", str(models))
    training = Command(arguments, _HERE, (folder / "logs" / "ours-train.log").absolute(), _ENVIRONMENT)
    return System("ours", _server("ours", models, folder), training, models)


def shipped(folder: Path) -> System:
    """The same server with the model of all examples, which ``make train`` keeps."""
    return System("shipped", _server("shipped", Path(os.environ.get("YIBAO_MODEL", "models")), folder))


def _server(name: str, models: Path, folder: Path) -> Callable[[int, Path], list[Command]]:
    def commands(port: int, memory: Path) -> list[Command]:
        more = {"YIBAO_PORT": str(port), "YIBAO_MODEL": str(models), "YIBAO_ADDRESS_LIMIT": "1000000"}
        environment = {**_ENVIRONMENT, **_state(memory), **more}
        return [Command(("-m", "bot", "serve"), _HERE, (folder / "logs" / f"{name}.log").absolute(), environment)]

    return commands


def _state(memory: Path) -> dict[str, str]:
    return {"YIBAO_STATE": f"sqlite:///{memory / 'state.sqlite'}", "YIBAO_SECRET": "for this measurement only"}


def _answers(port: int) -> bool:
    with socket.socket() as probe:  # a look that costs next to nothing: who starts needs the cores
        if probe.connect_ex(("127.0.0.1", port)):
            return False
    try:
        return bool(put(_address(port), ["您好，住院费用怎么报销"], 1).replies[0])
    except aiohttp.ClientError:
        return False


def _address(port: int) -> str:
    return f"http://127.0.0.1:{port}"
