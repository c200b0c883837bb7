"""The learning queue, worked by keyboard."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser_assist.conftest import SignIn, screenshot
from tests.browser_assist.telephone import Telephone


def _wrong(telephone: Telephone, text: str) -> None:
    call = telephone.open()
    telephone.say(call, text)
    item = telephone.heard(call)
    telephone.ask("POST", f"/calls/{call}/feedback", {"item": item, "right": False, "right_item": "outpatient_reimbursement"})
    telephone.ask("POST", f"/calls/{call}/close", {"outcome": "answered"})


def test_a_clerk_decides_question_after_question(sign_in: SignIn, telephone: Telephone) -> None:
    texts = ["住院的钱咋个报销嘛", "住院费用报销找哪个", "住院报销要啥子手续"]
    for text in texts:
        _wrong(telephone, text)
    page = sign_in("clerk", "/assist/learning")
    for text in texts:
        page.locator(".row", has_text=text).wait_for()
    before = page.locator(".row").count()
    page.locator(".row", has_text=texts[0]).focus()
    page.keyboard.press("Enter")
    expect(page.locator("blockquote")).to_have_text(texts[0])
    expect(page.locator(".decisions .primary")).to_contain_text("门诊费用报销")  # as the agent said
    screenshot(page, "learning")
    page.keyboard.press("e")
    page.keyboard.press("Control+A")
    page.keyboard.type("门诊的钱咋个报销")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    expect(page.locator("#toast")).to_contain_text("已收为例句")
    expect(page.locator("blockquote")).to_have_text(texts[1])  # the next one
    page.keyboard.press("g")
    expect(page.locator("blockquote")).to_have_text(texts[2])
    page.keyboard.press("x")
    expect(page.locator(".row")).to_have_count(before - 3)
    page.get_by_role("button", name="例句", exact=True).click()
    expect(page.locator(".row", has_text="住院的钱").or_(page.locator(".row", has_text="门诊的钱"))).to_have_count(1)
