"""Writing to people by the client API: late answers and an agent's words (客服消息), and the menu.

Access tokens are shared by all servers. Open ids are needed for writing, and kept nowhere but in the memory of the
process that got a message: after a restart a person can be written to again when their next message came.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from functools import partial
from typing import Any

import requests
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException
from wechatpy.session import SessionStorage

from bot.background import in_thread
from bot.channels.wechat.menu import for_wechat
from bot.channels.wechat.settings import Account
from bot.state.documents import Documents

_log = logging.getLogger(__name__)
_TIMEOUT_SECONDS = 5
_TOKEN_REFUSED = {40001, 40014, 42001}
_MOST_OPEN_IDS = 20_000
_TOKEN_MARGIN_SECONDS = 120
"""A token is not used any more this long before WeChat forgets it."""


class ApiError(Exception):
    """WeChat did not do what was asked; the message says why, with WeChat's code, and holds no secret."""


class Client(WeChatClient):
    """wechatpy's client for one account, with tokens that all servers share."""

    def __init__(self, account: Account, documents: Documents) -> None:
        self.API_BASE_URL = f"{account.settings.api}/cgi-bin/"
        super().__init__(account.app_id, account.secret, session=_Tokens(documents), timeout=_TIMEOUT_SECONDS, auto_retry=False)
        self._http.request = partial(self._http.request, timeout=_TIMEOUT_SECONDS)  # fetching a token has none of its own

    def fetch_access_token(self) -> Any:
        query = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        return self._fetch_access_token(f"{self.API_BASE_URL}token", query)

    def forget_access_token(self) -> None:
        self.session.delete(self.access_token_key)


class _Tokens(SessionStorage):
    """wechatpy's storage of tokens, as a shared document each."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def get(self, key: str, default: Any = None) -> Any:
        return self._documents.get(_token_key(key)).get("token", default)

    def set(self, key: str, value: Any, ttl: int | None = None) -> None:
        seconds = max(1, (ttl or 7200) - _TOKEN_MARGIN_SECONDS)
        self._documents.change(_token_key(key), lambda document: document.update(token=value), seconds)

    def delete(self, key: str) -> None:
        self._documents.change(_token_key(key), lambda document: document.clear(), 1)


class Service:
    """Writes to people whose messages this process got."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._open_ids: OrderedDict[str, tuple[Account, str]] = OrderedDict()

    def remember(self, person: str, account: Account, open_id: str) -> None:
        """Where to write to a person from now on."""
        self._open_ids[person] = (account, open_id)
        self._open_ids.move_to_end(person)
        if len(self._open_ids) > _MOST_OPEN_IDS:
            self._open_ids.popitem(last=False)

    async def write(self, person: str, text: str) -> bool:
        """Send a text of at most 2,048 bytes. False when that cannot be done; the reason is in the log."""
        account, open_id = self._open_ids.get(person, (None, ""))
        if account is None or not account.may_write_first:
            return False
        client = Client(account, self._documents)
        try:
            await in_thread(call, client, client.message.send_text, open_id, text)
        except ApiError as error:
            _log.warning("wechat %s: a message could not be sent: %s", account.name, error)
            return False
        return True


def push_menu(account: Account, documents: Documents) -> None:
    """Make the menu of the settings the account's. Raises :class:`ApiError`."""
    client = Client(account, documents)
    call(client, client.menu.create, for_wechat(account.settings.menu))


def call(client: Client, method: Any, *arguments: Any) -> Any:
    """Call the API, once more with a new token when the old one is refused. Raises :class:`ApiError`."""
    try:
        try:
            return method(*arguments)
        except WeChatClientException as error:
            if error.errcode not in _TOKEN_REFUSED:
                raise
            client.forget_access_token()
            return method(*arguments)
    except WeChatClientException as error:
        raise ApiError(f"WeChat answered {error.errcode}: {error.errmsg}") from None
    except (requests.RequestException, KeyError, ValueError) as error:
        raise ApiError(f"WeChat cannot be reached: {type(error).__name__}") from None  # its words hold the token


def _token_key(key: str) -> str:
    return f"wechat-token:{key}"
