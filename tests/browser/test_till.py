"""The till with nothing but a scanner and Enter: two goods, cash, change, the receipt; then the next customer."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import scrolls_sideways, serious

pytestmark = pytest.mark.any_database

WORDS = {
    "zh-CN": {"change": "找零", "total": "¥452.00", "receipt": "小票"},
    "en": {"change": "Change", "total": "¥452.00", "receipt": "Receipt"},
}


@pytest.fixture
def cashier(company_db: str):
    """A shop with cups and pots on the shelf, and somebody at its till."""
    from backstock.core.models import User
    from tests import build
    from tests.cast import cast

    build.found()
    cast()
    build.supplier("JIN")
    build.product("CUP", 100, tax="0.13", name="青花瓷茶杯")
    build.product("POT", 200, tax="0.13", name="紫砂壶")
    build.bought("CUP", 10)
    build.bought("POT", 5)
    return User.objects.get(username="wu")


@pytest.mark.parametrize(("language", "phone"), [("zh-CN", False), ("en", True)])
def test_scanner_and_enter_alone_sell_two_goods_for_cash(visit, cashier, language: str, phone: bool) -> None:
    said = WORDS[language]
    page = visit("/sales/till/", user=cashier, language=language, phone=phone)
    expect(page.locator("[data-lines-scan]")).to_be_focused()
    for code, count in (("CUP", 1), ("POT", 1), ("CUP", 2)):
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        expect(page.locator("[data-lines-said]")).to_contain_text(re.compile(f"{code} .* × {count}$"))
    expect(page.locator("[data-till-total]")).to_have_text(said["total"])
    assert serious(page) == []
    assert not scrolls_sideways(page)
    page.keyboard.press("Enter")
    page.keyboard.type("500")
    expect(page.locator("[data-till-change]")).to_have_text("48.00")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_contain_text(said["receipt"])
    expect(page.locator("#notices")).to_contain_text("¥48.00")
    expect(page.locator("#notices")).to_contain_text(said["change"])
    expect(page.locator("main")).to_contain_text(said["total"])
    assert serious(page) == []
    assert not scrolls_sideways(page)
    page.keyboard.press("Enter")
    expect(page.locator("[data-lines-scan]")).to_be_focused()


def test_what_is_missing_is_said_and_the_goods_stay(visit, cashier) -> None:
    page = visit("/sales/till/", user=cashier, language="en", expected="422")
    page.keyboard.type("CUP")
    page.keyboard.press("Enter")
    expect(page.locator("[data-till-total]")).to_have_text("¥113.00")
    page.keyboard.press("Enter")
    page.keyboard.type("100")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("¥13.00 is missing")
    expect(page.locator("[data-line=sku]").first).to_have_value("CUP")
    assert serious(page) == []
