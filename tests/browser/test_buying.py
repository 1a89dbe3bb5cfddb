"""From order to payment by clicking: the buyer orders, the warehouse receives by scan on a phone, finance bills and pays."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import scrolls_sideways, serious
from tests.browser.test_line_editor import cell, scan

pytestmark = pytest.mark.any_database


@pytest.fixture
def people(company_db: str):
    """A shop with a supplier of cups and of phones, and everybody who deals with it."""
    from backstock.core.models import User
    from tests import build
    from tests.cast import cast

    build.found()
    cast()
    build.supplier("JIN")
    build.product("CUP", 100, name="青花瓷茶杯")
    build.product("PHONE", 999, name="手机", tracking="serial")
    return {user.username: user for user in User.objects.all()}


def ends_with(path: str) -> re.Pattern[str]:
    return re.compile(re.escape(path) + "$")


WORDS = {
    "en": {"order": "Place the order", "book": "Book in", "pay": "Book it"},
    "zh-CN": {"order": "下单", "book": "入库", "pay": "入账"},
}


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_goods_are_ordered_received_by_scan_billed_and_paid(visit, people, language: str) -> None:
    from tests import build_owing

    words = WORDS[language]
    build_owing.booked("income", 500)
    page = visit("/purchases/orders/new/", user=people["feng"], language=language)
    page.locator("[name=supplier]").fill("JIN")
    for row, (sku, quantity, cost) in enumerate([("CUP", "3", "40"), ("PHONE", "2", "10")]):
        cell(page, row, "sku").fill(sku)
        cell(page, row, "quantity").fill(quantity)
        page.locator("[data-lines-row]:visible").nth(row).locator("[name$=cost]").fill(cost)
    page.get_by_role("button", name=words["order"]).click()
    expect(page).to_have_url(ends_with("/purchases/orders/PO000001/"))
    assert serious(page) == []

    page = visit("/purchases/orders/PO000001/receive/?scan", user=people["zhou"], language=language, phone=True)
    for n in (1, 2, 3):
        scan(page, "CUP", f"× {n}")
    scan(page, "PHONE", "× 1")
    page.locator("[data-lines-row]:visible").nth(1).locator("[name$=serials]").fill("SN1")
    assert not scrolls_sideways(page)
    assert serious(page) == []
    page.get_by_role("button", name=words["book"]).click()
    expect(page).to_have_url(ends_with("/purchases/receipts/P000001/"))
    expect(page.locator("body")).to_contain_text("SN1")
    assert not scrolls_sideways(page)

    page = visit("/purchases/receipts/P000001/bill/", user=people["zhao"], language=language)
    page.locator("[name=supplier_number]").fill("26330711")
    page.locator("form.form-plain button[type=submit]").click()
    expect(page).to_have_url(ends_with("/purchases/invoices/PI000001/"))

    page.goto("/money/payments/new/?partner=JIN")
    page.locator("[name=tender0]").select_option("cash")
    page.locator("[name=amount0]").fill("100")
    page.locator("[name=settle_P000001]").fill("100")
    page.get_by_role("button", name=words["pay"]).click()
    expect(page.locator("#main, main").first).to_contain_text("P000001")
    assert serious(page) == []
    page.goto("/money/partners/payable/JIN/")
    expect(page.locator("body")).to_contain_text("SP000001")
    assert not scrolls_sideways(page)
