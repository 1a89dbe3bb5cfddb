"""What customers owe, by clicking: one receipt over several invoices, the statement, and a prepayment that settles later."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import scrolls_sideways, serious

pytestmark = pytest.mark.any_database


@pytest.fixture
def finance(company_db: str):
    """Two sales on account and an old debt of one customer, and who takes their money."""
    from backstock.core.models import User
    from tests import build, build_owing
    from tests.cast import cast

    build.company(quantity=10)
    cast()
    build_owing.owed(300, reference="OLD-7")
    for _ in range(2):
        build.sold(quantity=1, paid="none")
    return User.objects.get(username="zhao")


BOOK = {"en": "Book it", "zh-CN": "入账"}
SETTLE = {"en": "Settle what is ticked", "zh-CN": "核销所选"}


@pytest.mark.parametrize(("language", "phone"), [("en", True), ("zh-CN", False)])
def test_one_receipt_settles_several_documents_and_the_statement_tells(visit, finance, language, phone) -> None:
    page = visit("/money/receipts/new/?partner=SUN", user=finance, language=language, phone=phone)
    page.locator("[name=tender0]").select_option("bank")
    page.locator("[name=amount0]").fill("450")
    page.locator("[name=settle_OI000001]").fill("300")
    page.locator("[name=settle_S000001]").fill("60")
    assert not scrolls_sideways(page)
    assert serious(page) == []
    page.get_by_role("button", name=BOOK[language]).click()

    expect(page).to_have_url(re.compile("/money/documents/CR000001/$"))
    for number in ("OI000001", "S000001", "90.00"):
        expect(page.locator("main")).to_contain_text(number)
    # What is left settles the second sale, and no more of it than is typed.
    page.locator("[name=amount_S000002]").fill("70")
    assert not scrolls_sideways(page)
    assert serious(page) == []
    page.get_by_role("button", name=SETTLE[language], exact=True).click()
    expect(page.locator("main")).to_contain_text("20.00")

    page.goto("/money/partners/receivable/SUN/?from=2026-01-01&to=2027-01-01")
    for text in ("CR000001", "S000002", "50.00"):
        expect(page.locator("main")).to_contain_text(text)
    assert not scrolls_sideways(page)
    assert serious(page) == []
