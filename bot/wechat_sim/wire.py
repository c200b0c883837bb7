"""Signing and encrypting as WeChat does, by wechatpy's own classes and never by the channel's code."""

from __future__ import annotations

import secrets
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

import defusedxml.ElementTree
from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import InvalidAppIdException, InvalidSignatureException
from wechatpy.utils import WeChatSigner

from bot.wechat_sim.account import Account
from bot.wechat_sim.messages import element

LONGEST_REPLY = 2048
"""Bytes of UTF-8 of a text reply; more, and WeChat shows the person an error instead."""
_REPLY_FIELDS = {"ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"}


class BadReplyError(ValueError):
    """WeChat would show the person an error instead of this reply."""


@dataclass(frozen=True)
class Request:
    """One HTTP request to the account's endpoint."""

    query: dict[str, str]
    body: str


def sign(token: str, *parts: str) -> str:
    """WeChat's signature over the token and ``parts``."""
    signer = WeChatSigner()
    signer.add_data(token, *parts)
    return str(signer.signature)


def signed_query(account: Account, at: int | None = None) -> dict[str, str]:
    """``timestamp`` (``at``, or now), a fresh ``nonce`` and the signature over both."""
    timestamp, nonce = str(at or int(time.time())), str(secrets.randbelow(10**10))
    return {"signature": sign(account.token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}


def verification(account: Account) -> dict[str, str]:
    """The query by which WeChat checks a server before it accepts its address; it wants ``echostr`` back."""
    return signed_query(account) | {"echostr": str(secrets.randbelow(10**19))}


def pack(account: Account, open_id: str, plain: str, at: int | None = None) -> Request:
    """A message as sent in the account's mode."""
    query = signed_query(account, at) | {"openid": open_id}
    if account.mode == "plain":
        return Request(query, plain)
    sealed = account.crypto.encrypt_message(plain, query["nonce"], query["timestamp"])
    tree = defusedxml.ElementTree.fromstring(sealed)
    encrypted = tree.findtext("Encrypt") or ""
    query |= {"encrypt_type": "aes", "msg_signature": tree.findtext("MsgSignature") or ""}
    if account.mode == "secure":
        return Request(query, element({"ToUserName": account.original_id, "Encrypt": encrypted}))
    return Request(query, plain.removesuffix("</xml>") + f"<Encrypt><![CDATA[{encrypted}]]></Encrypt>\n</xml>")


def unpack(account: Account, open_id: str, body: bytes) -> str | None:
    """The text of a passive reply; ``None`` for "heard, and nothing to say" (``success`` or empty).

    Raises :class:`BadReplyError` for what WeChat would not show.
    """
    if body.strip() in (b"", b"success"):
        return None
    tree = _parse(body)
    if tree.find("Encrypt") is not None:
        tree = _parse(_decrypt(account, tree).encode())
    elif account.mode == "secure":
        raise BadReplyError("a plain reply in secure mode")
    return _content(account, open_id, tree)


def _parse(body: bytes) -> ElementTree.Element:
    try:
        tree: ElementTree.Element = defusedxml.ElementTree.fromstring(body)
    except (ElementTree.ParseError, defusedxml.DefusedXmlException) as error:
        raise BadReplyError(f"no XML: {error}") from error
    if tree.tag != "xml":
        raise BadReplyError(f"the root is <{tree.tag}>")
    return tree


def _decrypt(account: Account, tree: ElementTree.Element) -> str:
    fields = [tree.findtext(name) or "" for name in ("Encrypt", "TimeStamp", "Nonce", "MsgSignature")]
    if sign(account.token, *fields[:3]) != fields[3]:
        raise BadReplyError("the signature of the encrypted reply is wrong")
    try:
        return str(PrpCrypto(account.crypto.key).decrypt(fields[0], account.app_id))
    except (InvalidSignatureException, InvalidAppIdException, ValueError) as error:
        raise BadReplyError(f"the encrypted reply cannot be opened: {error!r}") from error


def _content(account: Account, open_id: str, tree: ElementTree.Element) -> str:
    fields = {child.tag: child.text or "" for child in tree}
    if set(fields) != _REPLY_FIELDS or len(tree) != len(fields):
        raise BadReplyError(f"the fields are {[child.tag for child in tree]}")
    if (fields["ToUserName"], fields["FromUserName"]) != (open_id, account.original_id):
        raise BadReplyError("it is for another person or from another account")
    if not fields["CreateTime"].isdigit() or fields["MsgType"] != "text" or not fields["Content"].strip():
        raise BadReplyError(f"no text message: CreateTime {fields['CreateTime']!r}, MsgType {fields['MsgType']!r}")
    if (size := len(fields["Content"].encode())) > LONGEST_REPLY:
        raise BadReplyError(f"{size} bytes, more than {LONGEST_REPLY}")
    return fields["Content"]
