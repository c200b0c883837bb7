"""Hostile input at every entrance: each knock is one request made from a random number generator."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any
from urllib.parse import quote, quote_from_bytes, urlsplit

from bench import nasty
from bench.doors import MODES, Got, House, Visitor
from bot.wechat_sim import messages
from bot.wechat_sim.wire import pack, signed_query

Knock = Callable[[Visitor, House, Random], Awaitable[tuple[str, Got]]]
"""Sends one request; the family of its input, and what came back."""

_PAGES = ("/", "/guide/", "/guide/leshan/", "/api/suggest", "/api/regions", "/api/start", "/widget/", "/pages/",
"/assist", "/health",
          "/assist/static/", "/webhooks/web/", "/webhooks/rest/", "/webhooks/wechat/", "/assist/api/", "/metrics",
          "/model/parse")  # fmt: skip
_METHODS = ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "POST")
_ENDS = 2.0
"""Seconds after which a connection that gets no answer is cut."""


def _quoted(text: str) -> str:
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")


async def rest_message(visitor: Visitor, _: House, chance: Random) -> tuple[str, Got]:
    family, text = nasty.text(chance)
    sender = chance.choice([None, "the same", nasty.text(chance)[1][:255] or None])
    more = {"metadata": nasty.value(chance)} if chance.random() < 0.3 else {}
    return family, await visitor.rest(text, sender, **more)


async def rest_body(visitor: Visitor, _: House, chance: Random) -> tuple[str, Got]:
    family, body, headers = nasty.body(chance, ("sender", "message", "metadata", "input_channel"))
    path = "/webhooks/rest/webhook" + chance.choice(["", "?stream=true", "?stream=x", "?token=a"])
    return family, await visitor.send("POST", path, body, headers)


async def web_message(visitor: Visitor, _: House, chance: Random) -> tuple[str, Got]:
    family, text = nasty.text(chance)
    more = {"region": chance.choice([None, "乐山市", nasty.text(chance)[1]])} if chance.random() < 0.5 else {}
    return family, await visitor.web(await visitor.conversation(), text, **more)


async def web_body(visitor: Visitor, _: House, chance: Random) -> tuple[str, Got]:
    path = chance.choice(["conversations", "messages", "ratings"])
    family, body, headers = nasty.body(chance, ("id", "text", "region", "seq", "useful", "reason"))
    door = f"/webhooks/web/{path}"
    token = (
        await visitor.conversation()
        if chance.random() < 0.8
        else {"Authorization": f"Bearer {_quoted(nasty.text(chance)[1])[:900]}"}
    )
    if chance.random() < 0.2:
        return "cursor", await visitor.send("GET", f"{door}?after={_quoted(nasty.text(chance)[1])[:900]}", headers=token)
    return family, await visitor.send("POST", door, body, {**headers, **token})


async def wechat_message(visitor: Visitor, house: House, chance: Random) -> tuple[str, Got]:
    family, text = nasty.text(chance)
    said = chance.choice(
        [messages.text(text), messages.text(text, menu_id=text[:20]), messages.voice(text), messages.scan(text),
        messages.subscribe(text),
         messages.click(text, text), messages.location(text, text, text), messages.link(text, text, text),
         messages.file(text),
         messages.report_location(text, text), messages.view(text, text)]
    )  # fmt: skip
    mode, number, open_id = chance.choice(MODES), chance.getrandbits(60), f"o{chance.getrandbits(60)}"
    try:
        xml = said.xml(house.accounts[mode].original_id, open_id, number, int(time.time()))
        return family, await visitor.wechat(mode, xml, open_id)
    except UnicodeEncodeError:  # WeChat cannot encrypt that
        return family, await visitor.wechat("plain", said.xml("gh_1", open_id, number, int(time.time())))


async def wechat_body(visitor: Visitor, house: House, chance: Random) -> tuple[str, Got]:
    """Signed, and no message; or a message with no right signature."""
    mode = chance.choice(MODES)
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    bodies = {
        "billion laughs": f"<!DOCTYPE x [{entities}]><xml><Content>&a9;</Content></xml>".encode(),
        "a file's entity": b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><Content>&f;</Content></xml>',
        "deep XML": b"<xml>" * 20_000 + b"</xml>" * 20_000,
        "any XML": f"<xml><{nasty.text(chance)[1][:9]}/>{nasty.text(chance)[1]}</xml>".encode("utf-8", "surrogatepass"),
        "encoding": f'<?xml version="1.0" encoding="{chance.choice(["utf-7", "utf-16", "x", "idna"])}"?><xml/>'.encode(),
        "not encrypted": b"<xml><Encrypt>" + chance.randbytes(60).hex().encode() + b"</Encrypt></xml>",
        "JSON": nasty.body(chance, ("Content",))[1],
    }
    family = chance.choice([*bodies, "signature"])
    if family == "signature":
        text = nasty.text(chance)[1].encode("utf-8", "ignore").decode()[:300]
        query = {name: chance.choice([value, text, ""]) for name, value in signed_query(house.accounts[mode]).items()}
        return family, await visitor.wechat_raw(mode, query, b"<xml/>")
    inner, query = bodies[family], signed_query(house.accounts[mode])
    if mode == "secure" and chance.random() < 0.7:
        request = pack(house.accounts[mode], "o1", inner.decode("utf-8", "replace"))
        inner, query = request.body.encode(), request.query
    return family, await visitor.wechat_raw(mode, query, inner)


async def assist_piece(visitor: Visitor, _: House, chance: Random) -> tuple[str, Got]:
    """What a caller says, and then the call closed with it as the note."""
    family, text = nasty.text(chance)
    call = (await visitor.assist("POST", "/calls", {"region": "乐山市"})).json["call"]
    piece = {
        "id": uuid.uuid4().hex,
        "speaker": "caller",
        "text": text,
        "final": chance.random() < 0.5,
        "at": "2026-01-01T08:00:00Z",
    }
    got = await visitor.assist("POST", f"/calls/{call}/pieces", piece)
    note = {"outcome": "answered", "note": nasty.text(chance)[1][:500]}
    closed = await visitor.assist("POST", f"/calls/{call}/close", note)
    return family, got if got.status in {0, *range(500, 600)} else closed


async def assist_request(visitor: Visitor, house: House, chance: Random) -> tuple[str, Got]:
    """Any operation with anything, by anybody."""
    operations = await _operations(visitor, house)
    method, path, fields = chance.choice(operations)
    call = (await visitor.assist("POST", "/calls", {})).json["call"] if "{call}" in path and chance.random() < 0.7 else None
    path = path.replace("{call}", call or _quoted(nasty.text(chance)[1])[:200])
    path = path.replace("{conversation}", chance.choice(["web%3Ax", _quoted(nasty.text(chance)[1])[:200]]))
    path = path.replace("{question}", chance.choice(["1", "999999999999999999999", _quoted(nasty.text(chance)[1])[:60]]))
    query = "&".join(
        f"{_quoted(name)}={_quoted(nasty.text(chance)[1])[:300]}" for name in ("q", "region", "date", "before", "item")
    )
    family, body, headers = nasty.body(chance, fields)
    headers |= {"Authorization": f"Bearer {chance.choice([*house.tokens.values(), 'x'])}"}
    address = f"/assist/api{path}" + chance.choice(["", f"?{query}"])
    return family, await visitor.send(method, address, body if method != "GET" else None, headers)


async def page(visitor: Visitor, _: House, chance: Random) -> tuple[str, Got]:
    """Any path, query, method and header that an HTTP client can send."""
    family, text = nasty.text(chance)
    path = chance.choice(_PAGES) + (_quoted(text)[:2_000] if chance.random() < 0.4 else "")
    query = "&".join(f"{name}={_quoted(nasty.text(chance)[1])[:900]}" for name in ("q", "place", "region", "under", "next"))
    printable = "".join(c for c in nasty.text(chance)[1] if 31 < ord(c) < 127)[:1_000]
    names = (
        "Accept",
        "Accept-Encoding",
        "If-None-Match",
        "Origin",
        "Authorization",
        "Cookie",
        "X-Forwarded-For",
        "Forwarded",
        "Last-Event-ID",
    )
    headers = {name: printable for name in names if chance.random() < 0.3}
    if chance.random() < 0.3:
        headers["Cookie"] = f"assist_session={quote(printable)}"
    return family, await visitor.send(
        chance.choice(["GET", *_METHODS] if chance.random() < 0.5 else ["GET"]), f"{path}?{query}", headers=headers
    )


async def wire(_: Visitor, house: House, chance: Random) -> tuple[str, Got]:
    """Bytes that are no HTTP, or hardly."""
    post = b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    big = chance.choice([100, 9_000, 100_000])
    families = {
        "no HTTP": chance.randbytes(big),
        "no host": b"GET /health HTTP/1.1\r\n\r\n",
        "two hosts": b"GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "any host": b"GET / HTTP/1.1\r\nHost: " + chance.choice([b"evil.example", b"\xff", b"a" * 300, b"[::1",
            b"a:99999"]) + b"\r\n\r\n",
        "huge header": b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * big + b"\r\n\r\n",
        "many headers": b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: a\r\n" * (big // 6) + b"\r\n",
        "huge address": b"GET /" + b"a" * big + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        "raw address": b"GET /guide/" + chance.choice([b"\xff\xfe", b"%", b"%zz", b"%ff", b"//", b"..;/", b"\x00",
            b"#?&"]) + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        "bad lengths": post + chance.choice([b"Content-Length: -1", b"Content-Length: x",
            b"Content-Length: 99999999999999999999", b"Content-Length: 1\r\nContent-Length: 2"]) + b"\r\n\r\n{}",
        "bad chunks": post + b"Transfer-Encoding: chunked\r\n\r\n" + chance.choice([b"zz\r\n", b"-1\r\n\r\n",
            b"5\r\nab\r\n0\r\n\r\n", b"FFFFFFFFFFFF\r\n{}", b"2;x\r\n{}\r\n0\r\n\r\n"]),
        "chunks": post + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\n{\r\n" + b"1\r\n}\r\n0\r\n\r\n",
        "both lengths": post + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        b"GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n",
        "header injection": b"GET /guide?q=a%0d%0aSet-Cookie:x HTTP/1.1\r\nHost: a\r\nOrigin: a\r\n b\r\nAccept: \x00\r\n\r\n",
        "old versions": chance.choice([b"GET /\r\n", b"GET / HTTP/0.9\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]),
        "an upgrade": b"GET /webhooks/web/events HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "never ends": post + b"Content-Length: 50\r\n\r\n{",
        "expects": post + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
    }  # fmt: skip
    family = chance.choice(list(families))
    return family, await _raw(house, families[family])


async def _raw(house: House, data: bytes) -> Got:
    """What a connection that sends these bytes is told first; 0 when that is nothing: nobody waits for it."""
    where = urlsplit(house.server.address)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    try:
        writer.write(data)
        line = await asyncio.wait_for(reader.readline(), _ENDS)
        return Got(int(line.split()[1]) if line.startswith(b"HTTP/1.1 ") else 0)
    except (ConnectionError, asyncio.TimeoutError, OSError):
        return Got(0)
    finally:
        writer.close()


_known: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {}


async def _operations(visitor: Visitor, house: House) -> list[tuple[str, str, tuple[str, ...]]]:
    """Method, path and body fields of every operation of the assist's description, but the streams and the log-out."""
    if house.server.address not in _known:
        described = (await visitor.assist("GET", "/openapi.json")).json
        _known[house.server.address] = [
            (method.upper(), path, tuple(_fields(described, operation)))
            for path, methods in described["paths"].items()
            for method, operation in methods.items()
            if method != "parameters" and not path.endswith("/events")
        ]
    return _known[house.server.address]


def _fields(described: dict[str, Any], operation: dict[str, Any]) -> list[str]:
    schema = (
        json.loads(json.dumps(operation.get("requestBody", {})))
        .get("content", {})
        .get("application/json", {})
        .get("schema", {})
    )
    name = schema.get("$ref", "").rpartition("/")[2]
    return list((described["components"]["schemas"].get(name, schema)).get("properties", {}))


KNOCKS: dict[str, Knock] = {
    "REST, messages": rest_message,
    "REST, bodies": rest_body,
    "web site, messages": web_message,
    "web site, bodies": web_body,
    "WeChat, messages": wechat_message,
    "WeChat, bodies": wechat_body,
    "assist, calls": assist_piece,
    "assist, requests": assist_request,
    "pages": page,
    "wire": wire,
}
