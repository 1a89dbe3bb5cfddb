"""The rows of a document in a real browser: typed, chosen, scanned, corrected; and without any script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import scrolls_sideways, serious

pytestmark = pytest.mark.any_database


@pytest.fixture
def goods(company_db: str):
    """Some goods on the shelf, one of them with serial numbers, and somebody who may see them."""
    from backstock.core.models import User
    from tests import build
    from tests.cast import cast

    build.found()
    cast()
    build.supplier("JIN")
    build.product("CUP", 100, name="青花瓷茶杯")
    build.product("POT", 250, name="紫砂壶")
    build.product("PHONE", 999, name="手机", tracking="serial")
    build.bought("CUP", 10)
    build.bought("PHONE", 2, serials=("SN1", "SN2"))
    return User.objects.get(username="wu")


def cell(page: Page, row: int, name: str):
    return page.locator("[data-lines-row]:visible").nth(row).locator(f"[data-line={name}]")


def scan(page: Page, code: str, said: str) -> None:
    box = page.locator("[data-lines-scan]")
    box.fill(code)
    box.press("Enter")
    expect(page.locator("[data-lines-said]")).to_contain_text(said)


@pytest.mark.parametrize("phone", [False, True])
def test_a_product_is_found_while_typing_and_enter_leads_through_the_row(visit, goods, phone: bool) -> None:
    page = visit("/kit/", user=goods, language="en", phone=phone)
    cell(page, 0, "sku").press_sequentially("青花")
    choice = page.locator("[data-lines-choices].show [role=option]")
    expect(choice).to_contain_text("CUP · 青花瓷茶杯")
    expect(choice).to_contain_text("10 pcs")
    page.keyboard.press("Enter")
    expect(cell(page, 0, "quantity")).to_be_focused()
    expect(cell(page, 0, "price")).to_have_value("100")
    page.keyboard.type("3")
    expect(page.locator("[data-lines-total]")).to_have_text("300.00")
    for _ in range(3):
        page.keyboard.press("Enter")
    expect(cell(page, 1, "sku")).to_be_focused()
    assert not scrolls_sideways(page)
    assert serious(page) == []


def test_a_scanner_counts_and_serial_numbers_stand_once(visit, goods) -> None:
    page = visit("/kit/", user=goods, language="zh-CN", expected="404")
    for n in (1, 2, 3):
        scan(page, "CUP", f"× {n}")
    for code, n in (("SN1", 1), ("SN2", 2), ("SN1", 2)):
        scan(page, code, f"× {n}")
    expect(cell(page, 1, "serials")).to_have_value("SN1 SN2")
    scan(page, "nonsense", "nonsense")
    expect(page.locator("[data-lines-scan]")).to_be_focused()
    page.locator("form", has=page.locator("[data-lines]")).get_by_role("button", name="保存").click()
    expect(page.locator("#notices")).to_contain_text("CUP × 30000, PHONE × 20000")


def test_what_is_wrong_is_said_at_its_row_and_what_was_typed_stays(visit, goods) -> None:
    page = visit("/kit/", user=goods, language="en", expected="422")
    cell(page, 0, "sku").fill("CUP")
    cell(page, 1, "quantity").fill("2")
    cell(page, 2, "sku").fill("POT")
    cell(page, 2, "quantity").fill("many")
    page.locator("form", has=page.locator("[data-lines]")).get_by_role("button", name="Save").click()
    rows = page.locator("[data-lines-row]:visible")
    expect(rows.nth(0)).to_contain_text("How many?")
    expect(rows.nth(1)).to_contain_text("Which product?")
    expect(rows.nth(2)).to_contain_text("Enter a number")
    expect(rows.nth(0)).to_contain_text("青花瓷茶杯")
    expect(cell(page, 2, "quantity")).to_have_value("many")


def test_a_row_that_was_taken_out_is_not_sent(visit, goods) -> None:
    page = visit("/kit/", user=goods, language="en")
    scan(page, "CUP", "× 1")
    scan(page, "POT", "× 1")
    page.get_by_role("button", name="Take this row out").first.click()
    page.locator("form", has=page.locator("[data-lines]")).get_by_role("button", name="Save").click()
    expect(page.locator("#notices")).to_have_text("POT × 10000")


def test_rows_work_without_scripts(visit, goods) -> None:
    page = visit("/kit/", user=goods, language="en", scripts=False)
    cell(page, 0, "sku").fill("CUP")
    page.get_by_role("button", name="More rows").click()
    expect(page.locator("[data-lines-row]")).to_have_count(8)
    expect(cell(page, 0, "sku")).to_have_value("CUP")
    cell(page, 7, "sku").fill("POT")
    for row in (0, 7):
        cell(page, row, "quantity").fill("2")
    page.locator("form", has=page.locator("[data-lines]")).get_by_role("button", name="Save").click()
    expect(page.locator("#notices")).to_contain_text("CUP × 20000, POT × 20000")


def test_goods_wished_for_are_picked_like_any_product(visit, goods) -> None:
    from tests import build

    build.customer("SUN")
    page = visit(f"/returns/new/{build.sold('CUP')}/", user=goods, language="en", phone=True)
    page.locator("summary", has_text="Other goods instead").click()
    wish = page.locator("[name=lines-0-wish_sku]")
    wish.press_sequentially("紫砂")
    expect(page.locator("[data-lines-choices].show [role=option]")).to_contain_text("POT · 紫砂壶")
    page.keyboard.press("Enter")
    expect(wish).to_have_value("POT")
    expect(page.locator("[data-lines-name]")).to_contain_text("紫砂壶 · 250")
    # How many may be left open: as many as come back. A scanner types a code and Enter at once.
    expect(page.locator("[name=lines-0-wish_quantity]")).to_have_value("")
    wish.fill("CUP")
    wish.press("Enter")
    expect(page.locator("[data-lines-name]")).to_contain_text("青花瓷茶杯")
    assert not scrolls_sideways(page)
    assert serious(page) == []
