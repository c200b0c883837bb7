"""The real server with answers as slow as a message asks: ``慢2.5 住院费用怎么报销`` takes 2.5 seconds longer."""

from __future__ import annotations

import asyncio
import re
import sys
from typing import Any

from bot.__main__ import main
from bot.channels.wechat import replies

_SLOW = re.compile(r"慢([0-9.]+) *")


def slow(say: Any) -> Any:
    async def say_slowly(on_new_message: Any, conversation: str, text: str, region: str | None = None) -> Any:
        if match := _SLOW.match(text):
            await asyncio.sleep(float(match.group(1)))
        return await say(on_new_message, conversation, _SLOW.sub("", text), region)

    return say_slowly


if __name__ == "__main__":
    replies.say_to_assistant = slow(replies.say_to_assistant)  # type: ignore[attr-defined]
    sys.exit(main(["serve"]))
