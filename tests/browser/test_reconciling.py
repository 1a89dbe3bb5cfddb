"""A finance user reconciles a day of 1,000 refunds in the browser: seven differences were planted, and all seven are found."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import scrolls_sideways, serious

KINDS = {
    "missing_there": "对方账单没有", "missing_here": "我方账上没有", "amount": "金额不符", "twice": "重复付款",
    "status": "状态不符", "day": "日期不符", "ledger": "总账不符",
}  # fmt: skip


@pytest.mark.breaks_ledgers
@pytest.mark.any_database
def test_a_day_of_a_thousand_refunds_is_reconciled_and_all_seven_differences_are_found(visit, company_db, tmp_path):
    from backstock.core.models import User
    from tests import build, build_refunds
    from tests.cast import cast

    build.company(quantity=10)
    cast()
    refunds = build_refunds.many(1_000)
    rows = build_refunds.statement_of(refunds)
    planted = build_refunds.plant(rows, refunds)
    file = tmp_path / "alipay.csv"
    file.write_bytes(build_refunds.as_csv(rows))

    page = visit("/money/reconciliation/", user=User.objects.get(username="zhao"))
    assert serious(page) == []
    page.locator("[name=tender]").first.select_option("alipay")
    page.locator("[name=day]").fill("2026-01-05")
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="对账", exact=True).click()

    expect(page).to_have_url(re.compile("/money/reconciliation/GS000001/$"))
    expect(page.locator("main")).to_contain_text("7 项待查")
    lines = page.locator("#differences-results tbody tr")
    expect(lines).to_have_count(7)
    found = lines.all_inner_texts()
    for kind, name in planted.items():
        assert any(KINDS[kind] in line and name in line for line in found), (kind, name, found)
    assert serious(page) == []

    lines.filter(has_text=KINDS["twice"]).get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text(planted["twice"])
    page.locator("[name=reason]").select_option("their_mistake")
    page.locator("[name=note]").fill("已致电")
    page.get_by_role("button", name="已查明").click()
    expect(page.locator("main")).to_contain_text("6 项待查")
    page.set_viewport_size({"width": 390, "height": 844})
    assert not scrolls_sideways(page)
