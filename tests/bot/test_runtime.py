"""How the trained model answers here: as Rasa itself would, with a memory that keeps nothing of what was said."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tarfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from bot.retention import forget_old
from bot.runtime import assistant as runtime
from bot.runtime.live_model import live_archive
from bot.runtime.locks import ProcessLocks
from bot.runtime.memory import MemoryRow, ProcessMemory, SharedMemory
from bot.runtime.model import load_model
from bot.server import load_assistant
from bot.settings import load_settings
from bot.state.database import open_state
from bot.state.schema import upgrade
from tests.bot.assistant import Assistant
from tests.conftest import MakeUrl

pytestmark = pytest.mark.xdist_group("rasa's own agent")
_SECRET = b"for tests only"
_TALKS = (
    ("峨眉山的退休人员搬去外地长住，备案带什么", "电话呢", "那凉山呢"),
    ("报销要什么材料", "门诊的", "没懂", "转人工"),
    ("", "住院费用自己垫的怎么报销？另外生育津贴多久能到账？", "还有呢", "再说一遍"),
    ("我爸退休了跟我住成都看病那边能刷卡不", "医保在井研", "今天天气怎么样", "重新来"),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def state(request: pytest.FixtureRequest, make_url: MakeUrl) -> Iterator[Engine]:
    """An empty state database, on each kind."""
    engine = open_state(make_url(request.param))
    upgrade(engine)
    yield engine
    engine.dispose()


def _say(assistant: Assistant, speaking_to: runtime.Assistant, sender: str, text: str) -> list[dict[str, Any]]:
    output = CollectingOutputChannel()
    assistant.loop.run_until_complete(speaking_to.handle_message(UserMessage(text, output, sender)))
    return list(output.messages)


def _restarted(state: Engine) -> runtime.Assistant:
    return load_assistant(load_settings(), SharedMemory(state, _SECRET))


def test_a_conversation_goes_on_after_a_restart(assistant: Assistant, state: Engine) -> None:
    _say(assistant, _restarted(state), "someone", "峨眉山的退休人员搬去外地长住，备案带什么")
    payload = _say(assistant, _restarted(state), "someone", "电话呢")[-1]["custom"]
    assert payload["region"]["path"] == "乐山市/峨眉山市"
    assert payload["aspects"] == ["phone"]


def test_nothing_said_and_nobody_is_kept(assistant: Assistant, state: Engine) -> None:
    _say(assistant, _restarted(state), "open-id-of-someone", "我叫张三，西昌的，产检费怎么报销")
    with state.connect() as connection:
        rows = connection.execute(sa.select(MemoryRow.__table__)).all()
    assert len(rows) == 1
    assert "open-id" not in str(rows)
    assert "张三" not in str(rows)
    assert rows[0].slots["region"] == "凉山州/西昌市"


def test_silent_conversations_are_forgotten_and_others_kept(assistant: Assistant, state: Engine) -> None:
    loaded = _restarted(state)
    for sender in ("long ago", "today"):
        _say(assistant, loaded, sender, "住院怎么报销")
    memory = SharedMemory(state, _SECRET)
    with state.begin() as connection:
        old = sa.update(MemoryRow.__table__).where(MemoryRow.id == memory._key("long ago"))
        connection.execute(old.values(spoken_at=MemoryRow.spoken_at - 31 * 86_400))
    forget_old(state, keep_days=30)
    assert asyncio.run(memory.recall("today"))
    assert not asyncio.run(memory.recall("long ago"))


def test_rasa_itself_gives_the_same_answers(assistant: Assistant, stock: Agent) -> None:
    for texts in _TALKS:
        talk, conversation = assistant.talk(), uuid.uuid4().hex
        for text in texts:
            output = CollectingOutputChannel()
            asyncio.run(stock.handle_message(UserMessage(text, output, conversation)))
            said = talk.say(text)
            assert said.texts == [message["text"] for message in output.messages if "text" in message]
            assert said.payloads == [message["custom"] for message in output.messages if "custom" in message]


def test_answering_loads_no_tensorflow() -> None:
    code = "import sys, bot.server; sys.exit('tensorflow' in sys.modules or 'rasa.core.agent' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda node: node | {"uses": "rasa.core.policies.ted_policy.TEDPolicy"}, "TEDPolicy: serve it with `rasa run`"),
        (lambda node: None, "has no RulePolicy"),
    ],
)
def test_a_model_that_needs_more_than_rules_is_left_to_rasa(
    tmp_path: Path, change: Callable[[dict[str, Any]], dict[str, Any] | None], says: str
) -> None:
    def changed(model: Path) -> None:
        path = model / "metadata.json"
        metadata = json.loads(path.read_text())
        nodes = metadata["predict_schema"]["nodes"]
        nodes["run_RulePolicy0"] = change(nodes["run_RulePolicy0"])
        metadata["predict_schema"]["nodes"] = {name: node for name, node in nodes.items() if node}
        path.write_text(json.dumps(metadata))

    with pytest.raises(ValueError, match=says):
        load_model(_another(tmp_path, changed))


def test_a_model_that_other_code_trained_is_refused(tmp_path: Path) -> None:
    def changed(model: Path) -> None:
        for path in model.glob("components/*/model.pickle"):
            path.write_bytes(path.read_bytes().replace(b"bot.understanding.intents", b"bot.understanding.inklings"))

    with pytest.raises(ValueError, match="another version of the code: train anew"):
        load_model(_another(tmp_path, changed))


def _another(folder: Path, change: Callable[[Path], None]) -> Path:
    """The archive of the model that answers, changed."""
    with tarfile.open(live_archive(Path(load_settings().model))) as tar:
        tar.extractall(folder / "model")
    change(folder / "model")
    with tarfile.open(folder / "changed.tar.gz", "w:gz", compresslevel=1) as tar:
        tar.add(folder / "model", arcname="")
    return folder / "changed.tar.gz"


def test_a_file_that_is_no_model_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "broken.tar.gz").write_bytes(b"nothing of the kind")
    with pytest.raises(ValueError, match=r"broken\.tar\.gz is no trained model"):
        load_model(tmp_path / "broken.tar.gz")


class _Absent(ProcessMemory):
    """A state database that is away."""

    async def keep(self, conversation: str, slots: Mapping[str, Any], spoken_at: float) -> None:
        raise OperationalError("insert", {}, Exception("away"))


def test_an_answer_that_cannot_be_remembered_does_not_go_out(assistant: Assistant) -> None:
    """The next question would be answered for the place, or the item, of an earlier one."""
    alone = runtime.Assistant(assistant.loaded.model, _Absent(), ProcessLocks())
    output = CollectingOutputChannel()
    with pytest.raises(OperationalError):
        assistant.loop.run_until_complete(alone.handle_message(UserMessage("生育津贴多久到账", output, "someone")))
    assert output.messages == []
