"""The desk while agents watch it: what changed here or in another process is shown within a second."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from sqlalchemy.engine import Engine

from bot.background import in_thread
from bot.desk.conversations import mark, open_conversations
from bot.desk.duty import on_duty

LOOK_SECONDS = 0.7
_HEARTBEAT_LOOKS = 15


def desk_state(state: Engine, name: str) -> dict[str, object]:
    """The desk as this person sees it."""
    people = on_duty(state)
    return {"conversations": open_conversations(state), "duty": {"on": name in people, "people": len(people)}}


async def watch_desk(state: Engine, name: str) -> AsyncIterator[tuple[int, str] | None]:
    """The desk now and after each change, numbered, as JSON; ``None`` when nothing changed for a heartbeat's time."""
    seen, number, quiet = None, 0, 0
    while True:
        now = await in_thread(lambda: (mark(state), on_duty(state)))
        if now != seen:
            seen, number, quiet = now, number + 1, 0
            yield number, json.dumps(await in_thread(desk_state, state, name), ensure_ascii=False)
        elif quiet >= _HEARTBEAT_LOOKS:
            quiet = 0
            yield None
        quiet += 1
        await asyncio.sleep(LOOK_SECONDS)
