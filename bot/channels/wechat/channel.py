"""Rasa's input channel for WeChat public accounts: ``/webhooks/wechat/<account>``."""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from redis import RedisError
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json, raw, text
from sqlalchemy.exc import SQLAlchemyError

from bot.channels import outbox
from bot.channels.wechat.delivery import Delivery
from bot.channels.wechat.fitting import fit, plain
from bot.channels.wechat.mailbox import in_time
from bot.channels.wechat.people import People, person_of
from bot.channels.wechat.replay import ReplayGuard
from bot.channels.wechat.replies import Replies
from bot.channels.wechat.service import Service
from bot.channels.wechat.settings import Account, Accounts, load_accounts
from bot.channels.wechat.wire import Incoming, RefusedError, check_signature, decode, encode
from bot.services import services
from bot.state.documents import open_documents

_log = logging.getLogger(__name__)
_NOTHING_TO_SAY = "success"


class WeChatChannel(InputChannel):
    """The accounts of the accounts file, each with an address of its own."""

    @classmethod
    def name(cls) -> str:
        return "wechat"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        shared = services()
        self._secret = shared.settings.secret
        self._accounts = load_accounts(shared.settings.wechat, os.environ, shared.knowledge.regions.regions)
        name_problems(self._accounts)
        documents = open_documents(shared)
        self._service = Service(documents)
        self._replay = ReplayGuard(documents)
        self._replies = Replies(shared, on_new_message, People(shared.state, self._accounts.session_seconds))
        self._delivery = Delivery(
            documents, self._service, self._replies.reply, self._accounts.reply_seconds, self._replies.sorry()
        )
        outbox.register("wechat", self._deliver)
        blueprint = Blueprint("wechat")
        blueprint.add_route(partial(self._verify), "/<name>", methods=["GET"], name="verify")
        blueprint.add_route(partial(self._receive), "/<name>", methods=["POST"], name="receive")
        return blueprint

    async def _verify(self, request: Request, name: str) -> HTTPResponse:
        """WeChat asks whether this is the account's server."""
        account = self._accounts.serving.get(name)
        if account is None:
            return self._not_serving(name)
        try:
            check_signature(account, _query(request))
        except RefusedError as error:
            return _refused(account, error)
        return text(request.args.get("echostr", ""))

    async def _receive(self, request: Request, name: str) -> HTTPResponse:
        """A message or an event."""
        account = self._accounts.serving.get(name)
        if account is None:
            return self._not_serving(name)
        query = _query(request)
        try:
            check_signature(account, query)
            incoming = decode(account, query, request.body)
            words = await self._words(account, incoming, query)
        except RefusedError as error:
            return _refused(account, error)
        if words is None:
            return json({"error": "no answer yet"}, status=503)
        if not words:
            return text(_NOTHING_TO_SAY)
        return raw(encode(account, incoming, words, query["nonce"]).encode(), content_type="text/xml; charset=utf-8")

    async def _words(self, account: Account, incoming: Incoming, query: dict[str, str]) -> str | None:
        """What this attempt is answered with. When the store is out of reach, an apology and whom to call."""
        try:
            await self._delivery.note(self._replay.check, account.name, query, incoming.id)
            return await self._said(account, incoming) if self._replies.needed(incoming) else ""
        except (SQLAlchemyError, RedisError, TimeoutError) as error:
            _log.error("wechat %s: the shared store fails with %s", account.name, type(error).__name__)
            return self._replies.sorry()

    async def _said(self, account: Account, incoming: Incoming) -> str | None:
        person = person_of(self._secret, account.name, incoming.open_id)
        self._service.remember(person, account, incoming.open_id)
        return await self._delivery.passive(account, incoming, person)

    def _not_serving(self, name: str) -> HTTPResponse:
        if name in self._accounts.broken:
            return json({"error": f"the account {name!r} has a wrong setting; the server's log names it"}, status=503)
        if self._accounts.problem:
            return json({"error": "the accounts file has a mistake; the server's log names it"}, status=503)
        return json({"error": f"there is no account {name!r}"}, status=404)

    async def _deliver(self, conversation: str, words: str) -> bool:
        """An agent's words: at once where that is possible, else with the reply to the person's next message."""
        _, account, who, _ = conversation.split(":")
        if account not in self._accounts.serving:
            return False
        rest = self._replies.with_phones(plain(words))
        while rest:
            page, left = fit(rest, "")
            if not await self._service.write(f"{account}:{who}", page):
                await in_time(self._delivery.mailbox(f"{account}:{who}").keep, rest)
                break
            rest = left
        return True


def name_problems(accounts: Accounts) -> None:
    """Write into the log what is wrong with the settings."""
    if accounts.problem:
        _log.error("wechat: no account is served: %s", accounts.problem)
    for name, problems in accounts.broken.items():
        _log.error("wechat: the account %s is not served: %s", name, "; ".join(problems))
    for name, problems in accounts.warnings.items():
        _log.warning("wechat: the account %s: %s", name, "; ".join(problems))
    if accounts.serving:
        _log.info("wechat: serving %s", ", ".join(accounts.serving))


def _query(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in request.args.items()}


def _refused(account: Account, error: RefusedError) -> HTTPResponse:
    _log.warning("wechat %s: refused with %s: %s", account.name, error.status, error)
    return json({"error": str(error)}, status=error.status)
