"""What is no HTTP, or never ends, stops nobody else."""

from __future__ import annotations

import contextlib
import socket
import time
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sanic.exceptions import InvalidUsage

from bot.web.protocol import check_head
from tests.serving import Server

POST = b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
GET = b"GET /health HTTP/1.1\r\nHost: a\r\n"
PATIENCE = 60


def connected(server: Server) -> socket.socket:
    where = urlsplit(server.address)
    assert where.hostname
    assert where.port
    return socket.create_connection((where.hostname, where.port), timeout=PATIENCE)


def answer_to(server: Server, data: bytes) -> bytes:
    """The first line that comes back."""
    with connected(server) as connection:
        connection.sendall(data)
        return connection.makefile("rb").readline()


TWO_WAYS = [
    POST + b"Content-Length: -1\r\n\r\n{}",
    POST + b"Content-Length: -9\r\n\r\n{}",
    POST + b"Content-Length: x\r\n\r\n{}",
    POST + b"Content-Length: +2\r\n\r\n{}",
    POST + b"Content-Length: 0x2\r\n\r\n{}",
    POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
    POST + b"Transfer-Encoding: gzip\r\n\r\n{}",
    POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n",
    POST + b"Transfer-Encoding : chunked\r\n\r\n",
    GET + b"Host: b\r\n\r\n",
    GET + b"X: a\r\n b\r\n\r\n",
    GET + b"X: a\nY: b\r\n\r\n",
    GET + b"X: a\0b\r\n\r\n",
    GET + b"no colon\r\n\r\n",
    b"GET /health HTTP/1.1\r\n\r\n",
    b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET http:// HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /health HTTP/3.0\r\nHost: a\r\n\r\n",
    b"get /health HTTP/1.1\r\nHost: a\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
]  # fmt: skip


@pytest.mark.parametrize("data", TWO_WAYS, ids=range(len(TWO_WAYS)))
def test_what_can_be_read_in_two_ways_or_none_is_refused_and_the_server_goes_on(server: Server, data: bytes) -> None:
    assert answer_to(server, data) == b"HTTP/1.1 400 Bad Request\r\n"
    assert server.get("/health")[0] == 200


@pytest.mark.parametrize(
    "data",
    [GET + b"\r\n", GET + b"Accept:\r\nX:  a  \r\n\r\n", b"GET /health HTTP/1.0\r\n\r\n", GET + b"Content-Length: 0\r\n\r\n"],
    ids=range(4),
)
def test_what_is_right_is_served(server: Server, data: bytes) -> None:
    assert answer_to(server, data).split()[1] == b"200"


def test_a_body_in_chunks_is_a_body(server: Server) -> None:
    pieces = [b'{"message": "', "您好".encode(), b'"}']
    got = requests.post(f"{server.address}/webhooks/rest/webhook", data=iter(pieces), timeout=PATIENCE)
    assert got.json()[0]["text"]


@pytest.mark.parametrize("chunks", [b"zz\r\n{}", b"-1\r\n\r\n", b"\r\n\r\n", b"5\r\n{}\r\n0\r\n\r\n", b"z" * 100])
def test_wrong_chunks_are_refused(server: Server, chunks: bytes) -> None:
    assert answer_to(server, POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"\r\n" * 9).split()[1] == b"400"
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize("size", [1_000_001, 3_000_000])
def test_who_sends_too_much_is_told_so(server: Server, size: int) -> None:
    for _ in range(5):  # the answer used to be lost now and then
        got = requests.post(f"{server.address}/webhooks/rest/webhook", data=b"x" * size, timeout=PATIENCE)
        assert (got.status_code, "太大" in got.json()["error"]) == (413, True)


def test_a_head_without_end_is_refused(server: Server) -> None:
    assert answer_to(server, GET + b"X: " + b"a" * 20_000).split()[1] == b"413"


@pytest.mark.parametrize("start", [GET, POST + b"Content-Length: 5000\r\n\r\n"], ids=["head", "body"])
def test_who_sends_a_byte_now_and_then_is_cut_off(hurried: Server, start: bytes) -> None:
    with connected(hurried) as connection:
        connection.sendall(start)
        begun, answer = time.monotonic(), b""
        connection.settimeout(0.3)
        while not answer and time.monotonic() < begun + PATIENCE:
            connection.send(b"a")
            with contextlib.suppress(TimeoutError):
                answer = connection.recv(100)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert hurried.get("/health")[0] == 200


def test_many_half_requests_keep_nobody_waiting(hurried: Server) -> None:
    with contextlib.ExitStack() as open_ones:
        for _ in range(200):
            open_ones.enter_context(connected(hurried)).sendall(b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost")
        assert hurried.say("您好")[0]
    assert "Traceback" not in hurried.log.read_text()


@given(st.binary(max_size=200) | st.text(alphabet="aA:0 -\t\r\nHostContent-Length: chunked/1.", max_size=120).map(str.encode))
def test_any_head_is_taken_or_refused(head: bytes) -> None:
    for whole in (head, GET + head):
        with contextlib.suppress(InvalidUsage):
            check_head(whole)


@settings(max_examples=30, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_leave_the_server_at_work(server: Server, data: bytes) -> None:
    with connected(server) as connection:
        connection.sendall(data + b"\r\n\r\n")
        assert connection.makefile("rb").readline().split()[1:2] in ([b"400"], [b"200"], [b"404"], [b"405"])
