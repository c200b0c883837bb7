"""The pages in a real browser: readable by all, fit for a phone, and one A4 page to take along."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.serving import Server

ITEM = "/guide/leshan/inpatient_reimbursement?place=乐山市/市中区"
PATHS = ["/guide/?q=zybx", "/guide/leshan/", ITEM, "/guide/yunnan/resident_enrollment", "/guide/leshan/nope"]
PATIENT_MS = 120_000


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_pages_are_accessible_and_fit_the_screen(
    server: Server, browser: Browser, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.set_default_timeout(PATIENT_MS)
    for path in PATHS:
        page.goto(server.address + path)
        page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        violations = [(rule["id"], rule["nodes"][0]["html"]) for rule in Axe().run(page).response["violations"]]
        assert violations == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.close()


def test_a_usual_entry_prints_on_one_page(server: Server, browser: Browser) -> None:
    page = browser.new_page()
    page.set_default_timeout(PATIENT_MS)
    page.goto(server.address + ITEM)
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", paper)) == 1
    page.emulate_media(media="print")
    assert page.is_visible("text=0833-2128816")
    assert not page.is_visible("text=0833-3432615")  # another district's
    assert not page.is_visible("#compare")
    page.close()


def test_large_type_is_chosen_once_and_stays(server: Server, browser: Browser) -> None:
    page = browser.new_page()
    page.set_default_timeout(PATIENT_MS)
    page.goto(server.address + ITEM)
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    usual = page.evaluate(size)
    page.check("#large-type")
    assert page.evaluate(size) > usual * 1.2
    page.goto(f"{server.address}/guide/")
    assert page.evaluate(size) > usual * 1.2
    page.close()
