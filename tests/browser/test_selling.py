"""A whole sale by clicking, from the quote to the last payment, each step by the person whose work it is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import scrolls_sideways, serious

pytestmark = pytest.mark.any_database

WORDS = {
    "zh-CN": {
        "save": "保存报价单", "orders": "转为订单", "pick": "拣货", "ship_picked": "按拣货发货", "ship": "发货",
        "quantity": "数量", "carrier": "承运商", "tracking": "快递单号", "handed": "当面交付：当天签收", "signed": "签收",
        "bill": "开票", "pay": "收款", "cash": "现金", "wechat": "微信支付", "customer": "客户", "shipped": "已发货",
    },
    "en": {
        "save": "Save the quote", "orders": "Customer orders", "pick": "Pick", "ship_picked": "Ship what was picked",
        "ship": "Ship", "quantity": "Quantity", "carrier": "Carrier", "tracking": "Tracking number",
        "handed": "Handed over: signed for today", "signed": "Signed for", "bill": "Bill", "pay": "Take payment", "cash": "Cash",
        "wechat": "WeChat Pay", "customer": "Customer", "shipped": "Shipped",
    },
}  # fmt: skip


@pytest.fixture
def people(company_db: str):
    """A small shop with everybody in it, cups on the shelf, and a customer with two addresses and a price level."""
    from backstock.core.models import User
    from backstock.partners.details import PartnerAddress
    from tests import build, build_catalog
    from tests.cast import cast

    build.found()
    cast()
    build.supplier("JIN")
    build.product("CUP", 100, tax="0.13", name="青花瓷茶杯", units={"box": 12})
    build_catalog.level("wholesale")
    build_catalog.price("CUP", 80, level="wholesale")
    places = (PartnerAddress(text="杭州市西湖区文三路1号", is_default=True), PartnerAddress(text="宁波市江北区2号"))
    build.customer("SUN", name="孙丽华", phone="13800138001", level="wholesale", addresses=places)
    build.bought("CUP", 30)
    return {user.username: user for user in User.objects.all()}


def fit(page: Page) -> None:
    assert serious(page) == []
    assert not scrolls_sideways(page)


def press(page: Page, role: str, name: str) -> None:
    page.get_by_role(role, name=name, exact=True).first.click()


@pytest.mark.parametrize(("language", "phone"), [("zh-CN", False), ("en", True)])
def test_a_sale_from_the_quote_to_the_last_payment_by_clicking(visit, people, language: str, phone: bool) -> None:
    said = WORDS[language]

    def at(name: str, path: str) -> Page:
        return visit(path, user=people[name], language=language, phone=phone)

    page = at("wu", "/sales/quotes/new/")
    page.get_by_label(said["customer"], exact=True).fill("孙丽华")
    box = page.locator("[data-lines-scan]")
    for count in (1, 2, 3):
        box.fill("CUP")
        box.press("Enter")
        expect(page.locator("[data-lines-said]")).to_contain_text(f"× {count}")
    expect(page.locator("[data-line=price]:visible").first).to_have_value("80")
    fit(page)
    press(page, "button", said["save"])
    expect(page.locator("h1")).to_have_text("Q000001")
    expect(page.locator("main")).to_contain_text("¥271.20")
    fit(page)
    press(page, "button", said["orders"])
    expect(page.locator("h1")).to_have_text("S000001")
    expect(page.locator("main")).to_contain_text("杭州市西湖区文三路1号")
    fit(page)

    page = at("zhou", "/sales/S000001/")
    press(page, "button", said["pick"])
    expect(page.locator("h1")).to_contain_text("K000001")
    for _ in range(2):
        page.keyboard.type("CUP")
        page.keyboard.press("Enter")
        expect(page.locator("#notices")).to_contain_text("CUP")
    fit(page)
    press(page, "link", said["ship_picked"])
    expect(page.get_by_label(said["quantity"], exact=True)).to_have_value("2")
    _parcel(page, said, "顺丰", "SF001")
    press(page, "link", said["ship"])
    expect(page.get_by_label(said["quantity"], exact=True)).to_have_value("1")
    _parcel(page, said, "中通", "ZT002")
    expect(page.locator("main")).to_contain_text(said["shipped"])
    press(page, "button", said["signed"])
    press(page, "button", said["signed"])
    expect(page.get_by_role("button", name=said["signed"])).to_have_count(0)
    fit(page)

    page = at("zhao", "/sales/S000001/")
    press(page, "link", said["bill"])
    fit(page)
    press(page, "button", said["bill"])
    expect(page.locator("#notices")).to_contain_text("S000001")
    press(page, "link", said["pay"])
    page.get_by_label(said["cash"], exact=True).fill("200")
    page.get_by_label(said["wechat"], exact=True).fill("71.20")
    fit(page)
    press(page, "button", said["pay"])
    expect(page.locator("main")).to_contain_text("¥71.20")
    expect(page.locator("main")).not_to_contain_text("Still owed" if language == "en" else "尚欠")
    fit(page)


def _parcel(page: Page, said: dict[str, str], carrier: str, number: str) -> None:
    page.get_by_label(said["carrier"], exact=True).fill(carrier)
    page.get_by_label(said["tracking"], exact=True).fill(number)
    handed = page.get_by_label(said["handed"])
    if handed.is_checked():
        handed.uncheck()
    fit(page)
    press(page, "button", said["ship"])
    expect(page.locator("main")).to_contain_text(number)
