"""HTTP/1.1 as this server takes it: what could be read as two different requests is refused, and what never ends is cut.

Sanic's own reader (21.12: Rasa allows no later one) spins without end on a negative Content-Length, so that one request
stops the whole server; it fails on lengths that are no numbers and on addresses that are none, and waits for as long as a
byte comes now and then.
"""

from __future__ import annotations

import re
from time import monotonic

from httptools import HttpParserInvalidURLError, parse_url
from sanic.exceptions import InvalidUsage, PayloadTooLarge, RequestTimeout
from sanic.http import Http
from sanic.server.protocols.http_protocol import HttpProtocol

_REQUEST = re.compile(rb"[A-Z][A-Z-]{0,19} ([\x21-\x7e]+) (HTTP/1\.[01])")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([^\x00\r\n]*)")
_LENGTH = re.compile(rb"[0-9]{1,15}")
_DROPPED = 8_000_000
"""Bytes."""
_ONCE = (b"host", b"content-length", b"transfer-encoding")


class CarefulHttp(Http):
    """One connection."""

    __slots__ = ("_ends",)  # else Sanic's metaclass leaves no room for it

    async def http1_request_header(self) -> None:
        """Receive and parse a head, if there is nothing wrong with it. Raises ``InvalidUsage`` and ``RequestTimeout``."""
        self._ends = monotonic() + self.protocol.request_timeout
        while (end := self.recv_buffer.find(b"\r\n\r\n")) < 0 and len(self.recv_buffer) < self.HEADER_MAX_SIZE:
            await self._receive_more()
            self._check_time()
        if end >= 0:
            check_head(bytes(self.recv_buffer[:end]))
        await super().http1_request_header()

    async def read(self) -> bytes | None:
        """Some bytes of the body. Raises ``RequestTimeout`` when all of it takes too long, however it drips."""
        self._check_time()
        try:
            data: bytes | None = await super().read()
        except PayloadTooLarge:
            await self._drop_body()
            raise
        except InvalidUsage:
            self._end_body()  # else Sanic would read on after its answer
            raise
        return data

    async def _drop_body(self) -> None:
        """Who is still sending reads no answer: what is not far too large is taken in first, and dropped."""
        left = self.request_bytes_left if self.request_bytes_left <= _DROPPED else 0
        while left > 0:
            if not self.recv_buffer:
                await self._receive_more()
                self._check_time()
            left -= len(self.recv_buffer)
            self.recv_buffer.clear()
        self._end_body()

    def _end_body(self) -> None:
        self.request_body, self.keep_alive = None, False  # type: ignore[misc]  # slots of its untyped parent

    def _check_time(self) -> None:
        if monotonic() > self._ends:
            self._end_body()
            raise RequestTimeout("the request does not end")


class CarefulProtocol(HttpProtocol):
    """What ``Sanic.run`` takes as its protocol."""

    def _setup_connection(self) -> None:
        super()._setup_connection()
        self._http = CarefulHttp(self)


def check_head(head: bytes) -> None:
    """Raises ``InvalidUsage`` unless this is the head of a request that can be read in one way only (RFC 9112)."""
    first, *lines = head.split(b"\r\n")
    request, fields = _REQUEST.fullmatch(first), [_FIELD.fullmatch(line) for line in lines]
    if not request or not all(fields):
        raise InvalidUsage("the head is no HTTP/1.1")
    told: dict[bytes, list[bytes]] = {name: [] for name in _ONCE}
    for field in fields:
        if field and (name := field[1].lower()) in told:
            told[name].append(field[2].strip(b" \t"))
    hosts, lengths, codings = told.values()
    if len(hosts) > 1 or (not hosts and request[2] == b"HTTP/1.1") or len(lengths) + len(codings) > 1:
        raise InvalidUsage("the head says something twice, or names no host")
    if not all(map(_LENGTH.fullmatch, lengths)) or any(coding != b"chunked" for coding in codings):
        raise InvalidUsage("the length of the body cannot be read")
    try:
        parse_url(request[1])
    except HttpParserInvalidURLError:
        raise InvalidUsage("the address is none") from None
