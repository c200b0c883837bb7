"""WeChat's side for tests, by wechatpy's own classes: accounts, signed requests, replies, the client API."""

from __future__ import annotations

import itertools
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import WeChatSigner

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
TOKEN, SECRET, APP_ID, ORIGINAL_ID = "token123", "secret456", "wx0123456789abcdef", "gh_0123456789ab"
PATIENCE = 1.5
"""Seconds this peer waits; the servers of these tests answer a last attempt after one."""
_numbers = itertools.count(time.time_ns())
crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)


def signed(at: float | None = None, **more: str) -> dict[str, str]:
    """A signed query."""
    timestamp, nonce = str(int(at or time.time())), secrets.token_hex(8)
    signer = WeChatSigner()
    signer.add_data(TOKEN, timestamp, nonce)
    return {"signature": signer.signature, "timestamp": timestamp, "nonce": nonce, **more}


def message(open_id: str, kind: str = "text", **fields: Any) -> str:
    """A message or event as XML."""
    identity = {} if kind == "event" else {"MsgId": next(_numbers)}
    head = {"ToUserName": ORIGINAL_ID, "FromUserName": open_id, "CreateTime": int(time.time()), "MsgType": kind}
    return str(xmltodict.unparse({"xml": head | fields | identity}, full_document=False))


def packed(mode: str, xml: str, query: dict[str, str] | None = None) -> tuple[dict[str, str], str]:
    """The query and the body of one attempt."""
    query = dict(query or signed())
    if mode not in ("compatible", "secure"):
        return query, xml
    sealed = xmltodict.parse(crypto.encrypt_message(xml, query["nonce"], query["timestamp"]))["xml"]
    query |= {"encrypt_type": "aes", "msg_signature": sealed["MsgSignature"]}
    inner = f"<Encrypt><![CDATA[{sealed['Encrypt']}]]></Encrypt></xml>"
    return query, xml.removesuffix("</xml>") + inner if mode == "compatible" else f"<xml>{inner}"


def opened(body: str, query: dict[str, str]) -> dict[str, str]:
    """The fields of a reply, decrypted if need be."""
    fields = xmltodict.parse(body)["xml"]
    if "Encrypt" in fields:
        plain = crypto.decrypt_message(body, fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"])
        fields = xmltodict.parse(plain)["xml"]
    return dict(fields)


@dataclass
class Person:
    """One follower of ``account`` (its mode is its name, or plain), at the servers in turn."""

    account: str
    servers: list[str]
    open_id: str = field(default_factory=lambda: f"o{secrets.token_hex(13)}")

    def __post_init__(self) -> None:
        self._next = itertools.cycle(self.servers)

    def attempt(self, xml: str, patience: float = 30, query: dict[str, str] | None = None) -> tuple[int, str | None]:
        """Status and text of one attempt: text ``None`` for success without words. Raises ``requests.Timeout``."""
        query, body = packed(self.account, xml, query)
        response = self.post(query, body.encode(), patience)
        if response.status_code != 200 or response.text in ("", "success"):
            return response.status_code, None
        fields = opened(response.text, query)
        assert (fields["ToUserName"], fields["FromUserName"]) == (self.open_id, ORIGINAL_ID)
        assert len(fields["Content"].encode()) <= 2048
        return 200, fields["Content"]

    def post(self, query: dict[str, str], body: bytes, patience: float = 30) -> requests.Response:
        address = f"{next(self._next)}/webhooks/wechat/{self.account}"
        return requests.post(address, params=query, data=body, timeout=patience, headers={"Content-Type": "text/xml"})

    def says(self, text: str, **fields: Any) -> str:
        """What comes back to a text, with patience for one attempt."""
        return self.does("text", Content=text, **fields)

    def does(self, kind: str, **fields: Any) -> str:
        status, words = self.attempt(message(self.open_id, kind, **fields))
        assert (status, words is not None) == (200, True)
        return words or ""

    def insists(self, xml: str, patience: float = PATIENCE, attempts: int = 3) -> tuple[int, str | None]:
        """As WeChat: up to three attempts. The number of the attempt that was answered (0: none), and its text."""
        for number in range(1, attempts + 1):
            try:
                status, words = self.attempt(xml, patience)
                assert status == 200
                return number, words
            except requests.Timeout:
                continue
        return 0, None


class Api:
    """The client API: tokens, customer-service messages, menus."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.menus: list[dict[str, Any]] = []
        self.tokens: list[str] = []
        self.refuses = 0
        self.refused: list[str] = []
        """Whom a message was meant for that was refused."""
        handler = type("Handler", (_Handler,), {"api": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str, query: dict[str, list[str]], body: bytes) -> dict[str, Any]:
        if path == "/cgi-bin/token":
            if query["secret"] != [SECRET]:
                return {"errcode": 40125, "errmsg": "invalid appsecret"}
            self.tokens.append(secrets.token_hex(16))
            return {"access_token": self.tokens[-1], "expires_in": 7200}
        if query.get("access_token") != self.tokens[-1:]:
            return {"errcode": 42001, "errmsg": "access_token expired"}
        if self.refuses:
            self.refused += [json.loads(body)["touser"]] if path == "/cgi-bin/message/custom/send" else []
            return {"errcode": self.refuses, "errmsg": "refused"}
        if path == "/cgi-bin/message/custom/send":
            data = json.loads(body)
            self.sent.append((data["touser"], data["text"]["content"]))
        else:
            assert path == "/cgi-bin/menu/create"
            self.menus.append(json.loads(body))
        return {"errcode": 0, "errmsg": "ok"}

    def sent_to(self, open_id: str, seconds: float = 20) -> list[str]:
        """The texts that a person was sent; waits for the first one."""
        ends = time.monotonic() + seconds
        while not (texts := [text for to, text in self.sent if to == open_id]) and time.monotonic() < ends:
            time.sleep(0.05)
        return texts


class _Handler(BaseHTTPRequestHandler):
    api: Api

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        answer = json.dumps(self.api.answer(parts.path, parse_qs(parts.query), body)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Nothing."""
