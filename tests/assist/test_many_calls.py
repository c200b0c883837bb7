"""Fifty calls at once: each screen shows its own caller, and nothing is lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import aiohttp

from tests.assist.conftest import Person

CALLS = 50
QUESTIONS = (
    ("住院费用自己垫的怎么报销", "inpatient_reimbursement"),
    ("生育津贴怎么申请", "maternity_allowance"),
    ("社保卡掉了怎么补办", "social_security_card"),
    ("灵活就业人员怎么参保登记", "flexible_enrollment"),
    ("医保电子凭证怎么申领", "ecard_application"),
)
_STEP = 4


def test_fifty_calls_at_once_are_each_understood_on_their_own_screen(by_token: Callable[[str], Person]) -> None:
    person = by_token("system")
    seen = asyncio.run(_all(person))
    for (text, item), state in zip(QUESTIONS * (CALLS // len(QUESTIONS)), seen, strict=True):
        assert [piece["text"] for piece in state["pieces"]] == [text]
        assert state["candidates"][0]["item"] == item, text


async def _all(person: Person) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {person.token}"}
    timeout, connector = aiohttp.ClientTimeout(total=240), aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(person.server.address, headers=headers, timeout=timeout, connector=connector) as http:
        return await asyncio.gather(*(_one(http, QUESTIONS[n % len(QUESTIONS)][0]) for n in range(CALLS)))


async def _one(http: aiohttp.ClientSession, text: str) -> dict[str, Any]:
    """Speak a sentence in partials; the first state on the call's screen that shows it whole."""
    async with http.post("/assist/api/calls", json={}) as response:
        path = f"/assist/api/calls/{(await response.json())['call']}"
    screen = asyncio.create_task(_screen(http, path))
    for length in (*range(_STEP, len(text), _STEP), len(text)):
        said = {"id": "1", "speaker": "caller", "text": text[:length], "final": length == len(text)}
        async with http.post(f"{path}/pieces", json={**said, "at": "2026-01-01T08:00:00+08:00"}) as response:
            assert response.status == 202, await response.text()
    return await screen


async def _screen(http: aiohttp.ClientSession, path: str) -> dict[str, Any]:
    last = -1
    async with http.get(f"{path}/events", read_bufsize=2**20) as events:
        async for line in events.content:
            if line.startswith(b"data: "):
                state: dict[str, Any] = json.loads(line[6:])
                assert state["revision"] > last
                last = state["revision"]
                if state["pieces"] and state["pieces"][-1]["final"]:
                    return state
    raise AssertionError("the stream ended before the sentence was shown")
