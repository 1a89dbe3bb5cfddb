"""A whole return by clicking, each step by the person whose work it is, in both languages, on a desk and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import scrolls_sideways, serious

WORDS = {
    "zh-CN": {
        "find": "查找", "new": "新建退货", "quantity": "退回数量", "reason": "原因", "ask": "提交退货申请", "asked": "等待人工审批",
        "approve": "批准", "receive": "收货", "good": "完好", "damaged": "破损", "inspect": "质检", "grade": "等级", "dispose": "处置", "where": "去向",
        "refund": "退款", "close": "结案", "end": "本退货已结束", "split": "拆分登记",
    },
    "en": {
        "find": "Find", "new": "New return", "quantity": "How many come back", "reason": "Reason", "ask": "Request the return",
        "asked": "A person has to decide", "approve": "Approve", "receive": "Receive goods", "good": "In good order",
        "damaged": "Damaged", "inspect": "Inspect", "grade": "Grade", "dispose": "Place goods", "where": "Where to",
        "refund": "Refund", "close": "Close", "end": "this return is at its end", "split": "Split them",
    },
}  # fmt: skip


@pytest.fixture
def people(company_db: str):
    """A small shop with everybody in it: one sale of three cups that were paid by card."""
    from backstock.core.models import User
    from tests import build
    from tests.cast import cast

    build.found()
    cast()
    build.customer("SUN", name="孙丽华", phone="13800138001")
    build.supplier("JIN")
    build.product("CUP", 100, tax="0.13", name="青花瓷茶杯")
    build.bought("CUP", 10)
    build.sold("CUP", 3, paid={"card": "339"})
    return {user.username: user for user in User.objects.all()}


def step(page: Page, name: str) -> None:
    """Open a step by its button and see that its page is fit for everybody."""
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.locator("h1")).to_have_text(name)
    assert serious(page) == []
    assert not scrolls_sideways(page)


def send(page: Page, name: str | re.Pattern[str]) -> None:
    page.locator("main").get_by_role("button", name=name).click()
    expect(page.locator("#notices [role=status]")).to_contain_text("R000001")


@pytest.mark.parametrize("language", ["zh-CN", pytest.param("en", marks=pytest.mark.any_database)])
def test_a_whole_return_by_clicking(visit, people, language: str) -> None:
    said = WORDS[language]

    def at(name: str, path: str = "/returns/R000001/", **more) -> Page:
        return visit(path, user=people[name], language=language, **more)

    page = at("wu", "/returns/")
    page.get_by_role("link", name=said["new"]).first.click()
    page.get_by_role("searchbox").fill("8001")
    page.get_by_role("button", name=said["find"]).click()
    assert serious(page) == []
    page.get_by_role("link", name="S000001").click()
    page.get_by_label(said["quantity"]).fill("2")
    page.get_by_label(said["reason"]).fill("杯口有缺口")
    assert serious(page) == []
    send(page, said["ask"])
    expect(page.locator("#notices")).to_contain_text(said["asked"])

    page = at("qian")
    assert serious(page) == []
    step(page, said["approve"])
    send(page, said["approve"])

    page = at("zhou", phone=True)
    assert not scrolls_sideways(page)
    step(page, said["receive"])
    assert page.get_by_label(said["good"]).input_value() == "2"
    page.get_by_label(said["good"]).fill("1")
    page.get_by_label(said["damaged"]).fill("1")
    send(page, said["receive"])

    page = at("li")
    step(page, said["inspect"])
    page.locator("[name='lines-0-grade_1'][value='A']").check()
    page.locator("[name='lines-0-quantity_1']").fill("1")
    page.get_by_text(said["split"]).click()
    page.locator("[name='lines-0-quantity_2']").fill("1")
    page.locator("[name='lines-0-grade_2']").select_option("C")
    send(page, said["inspect"])

    page = at("zhou")
    step(page, said["dispose"])
    value = page.locator("[name='lines-0-value_1']")
    expect(value).to_be_hidden()
    page.get_by_label(said["where"]).first.select_option("restock_discounted")
    expect(value).to_be_visible()
    value.fill("80.00")
    send(page, said["dispose"])

    page = at("zhao")
    step(page, said["refund"])
    expect(page.locator("main")).to_contain_text("¥226.00 =")
    send(page, re.compile(r"226\.00"))
    expect(page.locator("main")).to_contain_text("¥226.00")
    assert serious(page) == []

    page = at("wu")
    step(page, said["close"])
    send(page, said["close"])
    expect(page.locator("main")).to_contain_text(said["end"])


@pytest.mark.parametrize(
    ("language", "phone", "dark"), [("zh-CN", True, False), ("en", False, True), ("zh-CN", False, False)]
)
@pytest.mark.any_database
def test_lists_and_sales_are_accessible(visit, people, language: str, phone: bool, dark: bool) -> None:
    from tests import build

    build.requested("S000001", 1, "CUP")
    for path in (
        "/returns/",
        "/sales/",
        "/sales/S000001/",
        "/returns/R000001/",
        "/returns/new/S000001/",
        "/returns/new/",
    ):
        page = visit(path, user=people["admin"], language=language, phone=phone, dark=dark)
        assert serious(page) == [], path
        assert not scrolls_sideways(page), path


@pytest.mark.any_database
def test_a_refusal_keeps_what_was_typed(visit, people) -> None:
    from tests import build

    build.approved(build.requested("S000001", 2, "CUP"))
    page = visit(
        "/returns/R000001/receive/", user=people["zhou"], language="zh-CN", phone=True, expected="status of 422"
    )
    page.get_by_label("完好").fill("5")
    page.locator("main").get_by_role("button", name="收货").click()
    expect(page.get_by_role("alert")).to_contain_text("到货 5，授权未收仅 2")
    assert page.get_by_label("完好").input_value() == "5"
    assert serious(page) == []


@pytest.mark.any_database
def test_many_are_approved_from_the_list(visit, people) -> None:
    from tests import build

    build.requested("S000001", 1, "CUP")
    build.requested("S000001", 1, "CUP")
    page = visit("/returns/", user=people["qian"], language="en")
    page.get_by_role("searchbox").press_sequentially("孙丽")
    expect(page.locator("#returns-results")).to_contain_text("1–2 of 2")
    page.get_by_label("All on this page").check()
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("h1")).to_have_text("2 approved, 0 refused")
    assert serious(page) == []
    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator("#returns-results")).to_contain_text("Goods expected")
