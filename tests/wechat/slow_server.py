"""The real server, doing as a message asks what else happens by chance.

``慢2.5 住院费用怎么报销`` takes 2.5 seconds longer. ``坐席 请带身份证`` gets those words of an agent half a second later.
"""

from __future__ import annotations

import asyncio
import re
import sys
from typing import Any
from unittest.mock import patch

from bot.__main__ import main
from bot.channels import outbox
from bot.channels.talk import say as say_to_assistant
from bot.channels.wechat import replies

_SLOW = re.compile(r"慢([0-9.]+) *")
_AGENT = "坐席 "
_tasks: set[asyncio.Task[bool]] = set()


def _deliver(conversation: str, words: str) -> None:
    _tasks.add(asyncio.get_running_loop().create_task(outbox.deliver(conversation, words)))


def slow(say: Any) -> Any:
    async def say_slowly(on_new_message: Any, conversation: str, text: str, region: str | None = None) -> Any:
        if match := _SLOW.match(text):
            await asyncio.sleep(float(match.group(1)))
        answer = await say(on_new_message, conversation, _SLOW.sub("", text), region)
        if text.startswith(_AGENT):
            asyncio.get_running_loop().call_later(0.5, _deliver, conversation, text.removeprefix(_AGENT))
        return answer

    return say_slowly


if __name__ == "__main__":
    with patch.object(replies, "say_to_assistant", slow(say_to_assistant)):
        sys.exit(main(["serve"]))
