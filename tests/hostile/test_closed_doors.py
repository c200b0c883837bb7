"""What the public server does not open, and what it says of itself with every answer."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from sanic import Sanic
from sanic.request import Request

from bench.doors import House
from bot.channels.rest import LONGEST_SENDER, RestChannel
from bot.channels.web import WebChannel
from bot.limits import address_of
from tests.hostile.conftest import ADDRESS_LIMIT, SITE, VISITOR_LIMIT
from tests.serving import Server

SECONDS = 60
RASA = [
    ("GET", "/version"), ("GET", "/status"), ("GET", "/domain"), ("POST", "/model/train"), ("POST", "/model/test/stories"),
    ("POST", "/model/test/intents"), ("POST", "/model/predict"), ("POST", "/model/parse"), ("PUT", "/model"),
    ("DELETE", "/model"),
    ("GET", "/conversations/a/tracker"), ("POST", "/conversations/a/tracker/events"), ("PUT",
    "/conversations/a/tracker/events"),
    ("GET", "/conversations/a/story"), ("POST", "/conversations/a/execute"), ("POST", "/conversations/a/trigger_intent"),
    ("POST", "/conversations/a/predict"), ("POST", "/conversations/a/messages"), ("POST", "/webhook"), ("GET", "/actions"),
    ("POST", "/webhooks/rest/"), ("GET", "/webhooks/facebook/webhook"), ("POST", "/webhooks/callback/webhook"),
]  # fmt: skip
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=31536000",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
REQUESTS: list[tuple[str, str, dict[str, Any], int]] = [
    ("GET", "/", {}, 200),
    ("GET", "/guide/", {}, 200),
    ("GET", "/nothing", {}, 404),
    ("GET", "/nothing", {"headers": {"Accept": "text/html"}}, 404),
    ("DELETE", "/guide/", {}, 405),
    ("GET", "/widget.js", {}, 200),
    ("GET", "/widget/none", {}, 404),
    ("GET", "/health", {}, 200),
    ("GET", "/api/start", {}, 200),
    ("GET", "/webhooks/web/messages", {}, 401),
    ("POST", "/webhooks/web/conversations", {"data": b"{"}, 400),
    ("POST", "/webhooks/rest/webhook", {"data": b"{"}, 400),
    ("POST", "/webhooks/rest/webhook", {"data": b"x" * 1_100_000}, 413),
    ("POST", "/webhooks/wechat/secure", {"data": b"x"}, 403),
    ("POST", "/webhooks/wechat/nobody", {"data": b"x"}, 404),
    ("GET", "/assist", {"allow_redirects": False}, 302),
    ("GET", "/assist/login", {}, 200),
    ("GET", "/assist/api/calls", {}, 401),
    ("GET", "/assist/api/nothing", {}, 404),
]


def ask(house: House, method: str, path: str, **more: Any) -> requests.Response:
    return requests.request(method, house.server.address + path, timeout=SECONDS, **more)


@pytest.mark.parametrize(("method", "path"), RASA)
def test_rasas_own_interface_is_closed(house: House, method: str, path: str) -> None:
    assert ask(house, method, path, json={}).status_code in {404, 405}


@pytest.mark.parametrize(("method", "path", "more", "status"), REQUESTS)
def test_every_answer_and_every_error_carries_the_headers(
    house: House, method: str, path: str, more: dict[str, Any], status: int
) -> None:
    got = ask(house, method, path, **more)
    assert got.status_code == status
    assert {name: got.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    policy = got.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert ("frame-ancestors 'none'" if path.startswith("/assist") and status == 200 else f"'self' {SITE}") in policy
    assert "Server" not in got.headers
    assert "Access-Control-Allow-Origin" not in got.headers


@pytest.mark.parametrize(
    "path", ["/api/start", "/webhooks/web/messages", "/widget.js", "/assist/api/calls", "/guide/", "/webhooks/rest/"]
)
@pytest.mark.parametrize("origin", [SITE, "https://evil.example", f"{SITE}.evil.example", "null"])
def test_other_sites_read_what_they_may_and_only_if_they_are_listed(house: House, path: str, origin: str) -> None:
    allowed = ask(house, "GET", path, headers={"Origin": origin}).headers.get("Access-Control-Allow-Origin")
    may = origin == SITE and path in {"/api/start", "/webhooks/web/messages", "/widget.js"}
    assert allowed == (SITE if may else None)


def test_the_sessions_cookie_goes_nowhere_else(house: House) -> None:
    login = {"name": "agent", "password": "a long enough password"}
    cookie = ask(house, "POST", "/assist/api/session", json=login).headers["Set-Cookie"]
    assert {"HttpOnly", "Secure", "SameSite=Strict", "Path=/assist"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_no_answer_repeats_the_host_that_was_asked_for(house: House) -> None:
    for path in ("/", "/guide/leshan/inpatient_reimbursement", "/assist", "/nothing"):
        got = ask(
            house, "GET", path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}, allow_redirects=False
        )
        assert "evil.example" not in got.text + str(got.headers)


def address(proxies: int, peer: str, **headers: str) -> str:
    """What a server that trusts so many proxies takes for the address of a request."""
    app = Sanic.get_app(f"proxies-{proxies}", force_create=True)
    app.config.PROXIES_COUNT = proxies
    request = Request(b"/", dict(headers), "1.1", "GET", None, app)
    request.conn_info = type("Connection", (), {"client_ip": peer})()
    return address_of(request)


@pytest.mark.parametrize(
    ("proxies", "said", "address_is"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        (1, "2001:db8:1:2:bbbb::1", "2001:db8:1:2::/64"),
        (1, "2001:db8:1:3::1", "2001:db8:1:3::/64"),
    ],
)
def test_an_address_is_believed_from_trusted_proxies_only(proxies: int, said: str, address_is: str) -> None:
    assert address(proxies, "10.0.0.1", **{"x-forwarded-for": said}) == address_is


@pytest.mark.parametrize("header", ["Forwarded", "X-Real-IP", "Client-IP", "True-Client-IP"])
def test_other_headers_say_nothing_of_the_address(header: str) -> None:
    assert address(1, "10.0.0.1", **{header.lower(): "for=203.0.113.9"}) == "10.0.0.1"


def say_from_elsewhere(server: Server, sender: str) -> int:
    """What a message gets that a proxy passed on for somebody."""
    url, body = f"{server.address}/webhooks/rest/webhook", {"sender": sender, "message": "您好"}
    return requests.post(url, json=body, headers={"X-Forwarded-For": "203.0.113.7"}, timeout=SECONDS).status_code


def test_one_sender_may_say_so_much_in_a_minute_and_another_goes_on(hurried: Server) -> None:
    statuses = [say_from_elsewhere(hurried, "eager") for _ in range(2 * VISITOR_LIMIT + 2)]
    assert statuses[:VISITOR_LIMIT] == [200] * VISITOR_LIMIT
    assert 429 in statuses
    assert say_from_elsewhere(hurried, "patient") == 200


def test_a_program_of_the_same_machine_is_not_limited(hurried: Server) -> None:
    assert {hurried.post({"sender": "a program", "message": "您好"})[0] for _ in range(2 * VISITOR_LIMIT + 2)} == {200}


def test_an_address_that_asks_too_much_is_told_when_to_come_back(hurried: Server) -> None:
    url, spoofed = f"{hurried.address}/guide/", 0
    for n in range(2 * ADDRESS_LIMIT + 2):
        got = requests.get(url, headers={"X-Forwarded-For": f"203.0.113.{n % 250}"}, timeout=SECONDS)
        if got.status_code == 429:
            spoofed = n
            break
    assert spoofed, "a made-up address was believed"
    assert 0 < int(got.headers["Retry-After"]) <= 60
    assert requests.get(f"{hurried.address}/health", timeout=SECONDS).status_code == 200


def test_every_door_of_the_public_is_limited_whichever_opened_first() -> None:
    """A blueprint of Sanic's drops a method as its middleware, unless another was given a function before."""
    for channel in (WebChannel, RestChannel):
        door = channel().blueprint(None)  # type: ignore[arg-type]
        assert [future.attach_to for future in door._future_middleware] == ["request"]


@pytest.mark.parametrize("sender", ["\ud800", "x" * (LONGEST_SENDER + 1), "", 7, ["a"]], ids=range(5))
def test_a_sender_that_nobody_can_be_is_refused(house: House, sender: object) -> None:
    assert ask(house, "POST", "/webhooks/rest/webhook", json={"sender": sender, "message": "您好"}).status_code == 400
