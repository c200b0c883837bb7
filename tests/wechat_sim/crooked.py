"""An account's server that is at fault on purpose: to see that the simulator notices."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import defusedxml.ElementTree
from aiohttp import web

from bot.wechat_sim.account import Account
from bot.wechat_sim.messages import element

Answer = Callable[[str, str, str], "str | bytes"]
"""From open id, words and message id to the reply's words, or to the whole body."""


def answer_to(words: str) -> str:
    """The right answer to a question of the load peer."""
    match = re.search("换个事问：(.*)的办理时限", words)
    return f"【{match.group(1)}·乐山市】\n即时办结" if match else "您好"


@asynccontextmanager
async def crooked(account: Account, answer: Answer, slow: Callable[[str], float] = lambda _: 0) -> AsyncIterator[str]:
    """The address of a server of ``account`` (plain mode). ``slow`` gives the seconds it takes to answer words."""

    async def receive(request: web.Request) -> web.Response:
        message = defusedxml.ElementTree.fromstring(await request.text())
        person, words = message.findtext("FromUserName"), message.findtext("Content") or ""
        await asyncio.sleep(slow(words))
        content = answer(person, words, message.findtext("MsgId") or "")
        if isinstance(content, bytes):
            return web.Response(body=content)
        head = {"ToUserName": person, "FromUserName": account.original_id, "CreateTime": int(time.time()), "MsgType": "text"}
        return web.Response(text=element({**head, "Content": content}))

    app = web.Application()
    app.router.add_post(f"/webhooks/wechat/{account.name}", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
