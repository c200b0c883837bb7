"""WeChat's wire: who signed a request, what it says, and a reply in its form.

wechatpy signs, encrypts and knows the message types; every document goes through defusedxml first.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException, InvalidSignatureException
from wechatpy.replies import TextReply
from wechatpy.utils import WeChatSigner

from bot.channels.wechat.settings import Account

LARGEST_BODY = 64 * 1024
FRESH_SECONDS = 300
"""A request signed longer ago, or that far ahead, is not WeChat's."""
_ID = re.compile(r"[\w@.\-]{1,64}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,20}")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class RefusedError(Exception):
    """A request that is not served: ``status`` is 400 or 403, the message says why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True)
class Incoming:
    """One message or event. ``id`` is the same for every attempt; ``encrypted`` tells how to reply."""

    id: str
    message: Any
    encrypted: bool

    @property
    def open_id(self) -> str:
        return str(self.message.source)

    @property
    def kind(self) -> str:
        """The message's type as wechatpy has it, ``event:`` and its name for an event; ``unknown`` for others."""
        return f"event:{self.message.event}" if self.message.type == "event" else str(self.message.type)

    @property
    def is_event(self) -> bool:
        return str(self.message._data["MsgType"]).lower() == "event"

    @property
    def menu_id(self) -> str:
        """The id of the link in an earlier reply that was tapped; empty when none was."""
        return str(self.message._data.get("bizmsgmenuid") or "")

    @property
    def age(self) -> float:
        """Seconds since the person sent it."""
        return time.time() - float(self.message.time)


def check_signature(account: Account, query: Mapping[str, str]) -> None:
    """Raises :class:`RefusedError` (403) unless WeChat signed the request, just now."""
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    signer = WeChatSigner()
    signer.add_data(account.token, timestamp, nonce)
    if not hmac.compare_digest(signer.signature.encode(), query.get("signature", "").encode()):
        raise RefusedError(403, "the signature is wrong: is the token the same on both sides?")
    if not _NUMBER.fullmatch(timestamp) or abs(time.time() - int(timestamp)) > FRESH_SECONDS:
        raise RefusedError(403, "the signature is stale: is this machine's clock right?")


def decode(account: Account, query: Mapping[str, str], body: bytes) -> Incoming:
    """The message in a request whose signature is checked. Raises :class:`RefusedError`."""
    if len(body) > LARGEST_BODY:
        raise RefusedError(400, f"the body is larger than {LARGEST_BODY} bytes")
    encrypted = account.mode == "secure" or (account.mode == "compatible" and query.get("encrypt_type") == "aes")
    fields = _fields(body)
    if encrypted:
        body = _decrypted(account, query, fields.get("Encrypt", ""))
        fields = _fields(body)
    _check(fields)
    message = parse_message(body)
    return Incoming(_identity(fields), message, encrypted)


def encode(account: Account, incoming: Incoming, text: str, nonce: str) -> str:
    """A text reply. What XML cannot hold is left out."""
    content = _NO_XML.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    xml: str = TextReply(message=incoming.message, content=content, time=int(time.time())).render()
    if not incoming.encrypted:
        return xml
    return str(_crypto(account).encrypt_message(xml, nonce, str(int(time.time()))))


def _fields(body: bytes) -> dict[str, str]:
    """The elements under the root. Raises :class:`RefusedError` for anything but plain XML without a DTD."""
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise RefusedError(400, "the body is no XML that is read here") from error
    names = [child.tag for child in root]
    if root.tag != "xml" or len(names) != len(set(names)):
        raise RefusedError(400, "the body is no WeChat message")
    return {child.tag: (child.text or "").strip() for child in root}


def _decrypted(account: Account, query: Mapping[str, str], encrypted: str) -> bytes:
    if not encrypted:
        raise RefusedError(400, "the body holds nothing encrypted: is the mode the same on both sides?")
    signature, timestamp, nonce = (query.get(name, "") for name in ("msg_signature", "timestamp", "nonce"))
    try:
        plain: str = _crypto(account).decrypt_message({"Encrypt": encrypted}, signature, timestamp, nonce)
    except (InvalidSignatureException, InvalidAppIdException) as error:
        raise RefusedError(403, "the message signature or the app id is wrong") from error
    except (ValueError, IndexError, struct.error) as error:
        raise RefusedError(400, "the message cannot be decrypted: is the AES key the same on both sides?") from error
    return plain.encode()


def _crypto(account: Account) -> WeChatCrypto:
    return WeChatCrypto(account.token, account.aes_key, account.app_id)


def _check(fields: Mapping[str, str]) -> None:
    people = (fields.get("ToUserName", ""), fields.get("FromUserName", ""))
    if not all(_ID.fullmatch(person) for person in people):
        raise RefusedError(400, "the body names no sender or no account")
    if not _NUMBER.fullmatch(fields.get("CreateTime", "")) or not _NUMBER.fullmatch(fields.get("MsgId", "0")):
        raise RefusedError(400, "the body has no time, or a message id that is no number")
    kind = fields.get("MsgType", "")
    if not _ID.fullmatch(kind) or (kind == "event" and not _ID.fullmatch(fields.get("Event", ""))):
        raise RefusedError(400, "the body is of no kind")


def _identity(fields: Mapping[str, str]) -> str:
    """WeChat's advice: the message id; without one, the sender, the time and the event."""
    names = ("MsgId",) if "MsgId" in fields else ("CreateTime", "MsgType", "Event", "EventKey")
    parts = [fields.get(name, "") for name in ("FromUserName", *names)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
