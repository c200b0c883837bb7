"""What every response says about its safety, and the files browsers load."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.serving import Server
from tests.web.visitor import DOOR, SECONDS

ITEM = "/guide/leshan/inpatient_reimbursement"
PATHS = ["/", "/guide/", ITEM, "/api/start", "/nothing", "/pages/style.css", f"{DOOR}/messages"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_every_response_carries_the_policy_and_no_cookie(server: Server, path: str, accept: str) -> None:
    response = requests.get(server.address + path, headers={"Accept": accept}, timeout=SECONDS)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"]
    assert "Set-Cookie" not in response.headers
    assert "Server" not in response.headers
    assert "Access-Control-Allow-Origin" not in response.headers  # no site is configured here


@pytest.mark.parametrize("path", ["/", "/guide/", "/guide/leshan/", ITEM, "/nothing"])
def test_pages_keep_to_the_policy(server: Server, path: str) -> None:
    page = requests.get(server.address + path, headers={"Accept": "text/html"}, timeout=SECONDS).text
    assert "<style" not in page
    assert " style=" not in page
    assert " on" + "click" not in page
    assert page.count("<script") == page.count('<script type="module" src="/')
    assert '<html lang="zh-CN">' in page


def test_an_error_is_a_page_for_people_and_json_for_programs(server: Server) -> None:
    page = requests.get(f"{server.address}/nothing", headers={"Accept": "text/html,*/*"}, timeout=SECONDS)
    assert (page.status_code, page.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    for path in ("/nothing", "/api/nothing"):
        program = requests.get(server.address + path, timeout=SECONDS)
        assert (program.status_code, program.headers["Content-Type"]) == (404, "application/json")
        assert "目录" in program.json()["error"]
    assert requests.delete(f"{server.address}/api/start", timeout=SECONDS).status_code == 405


@pytest.fixture
def widget_file() -> Iterator[str]:
    """A file of the widget's folder, for as long as the test runs."""
    path = Path("web/widget/of-a-test.js")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("export const words = '医保';\n" * 100)
    yield f"/widget/{path.name}"
    path.unlink()


def test_a_module_has_its_type_is_compressed_and_sent_once(server: Server, widget_file: str) -> None:
    url = server.address + widget_file
    first = requests.get(url, timeout=SECONDS)
    assert first.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert first.headers["Content-Encoding"] == "gzip"
    assert first.text.startswith("export const words = '医保'")
    again = requests.get(url, headers={"If-None-Match": first.headers["ETag"]}, timeout=SECONDS)
    assert (again.status_code, again.content) == (304, b"")
    plain = requests.get(url, headers={"Accept-Encoding": "identity"}, timeout=SECONDS)
    assert "Content-Encoding" not in plain.headers
    assert plain.text == first.text


def test_a_changed_file_is_sent_anew(server: Server, widget_file: str) -> None:
    old = requests.get(server.address + widget_file, timeout=SECONDS).headers["ETag"]
    Path("web" + widget_file).write_text("export const words = '变了';\n")
    response = requests.get(server.address + widget_file, headers={"If-None-Match": old}, timeout=SECONDS)
    assert (response.status_code, "变了" in response.text) == (200, True)


@pytest.mark.parametrize(
    "path",
    ["/widget/../../README.md", "/widget/%2e%2e/%2e%2e/README.md", "/widget/..%2f..%2fREADME.md", "/pages//etc/passwd",
     "/pages/%2fetc%2fpasswd", "/widget/", "/pages/%00", "/widget/" + "x" * 300],
    ids=range(8),
)  # fmt: skip
def test_no_file_outside_the_folders_is_served(server: Server, path: str) -> None:
    request = requests.Request("GET", server.address).prepare()
    request.url = server.address + path  # as it is, not tidied
    assert requests.Session().send(request, timeout=SECONDS).status_code == 404
