"""A list from 管家婆 comes in, in a real browser and in Chinese: from the template's page to the result."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from backstock.catalog.models import Product
from backstock.core.models import User
from backstock.exchange_formats import runs
from tests.browser.accessibility import scrolls_sideways, serious
from tests.exchange.files import GUANJIAPO, as_csv

pytestmark = pytest.mark.any_database


@pytest.fixture
def buyer(people):
    return User.objects.get(username="feng")


def test_a_list_from_guanjiapo_comes_in(visit, buyer) -> None:
    rows = [*GUANJIAPO[:-1], ["LID", "壶盖", "", "个", "五块", "茶具", ""], GUANJIAPO[-1]]
    page = visit("/exchange/import/", user=buyer)
    assert serious(page) == []
    page.get_by_role("link", name="导入 商品", exact=True).click()
    page.locator("input[type=file]").set_input_files(
        {"name": "商品.csv", "mimeType": "text/csv", "buffer": as_csv(rows, "gb18030")}
    )
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("#column-sku")).to_have_value("0")
    expect(page.get_by_text("管家婆")).to_be_visible()
    page.locator("#column-brand").select_option(label="备用")
    page.get_by_role("button", name="预检文件").click()
    expect(page.locator("#import-progress")).to_be_visible()
    assert runs.work_off()
    # Told by the bar that it is over, the page shows the result by itself.
    expect(page.get_by_text("不是数字")).to_be_visible()
    assert serious(page) == []
    page.get_by_role("button", name="导入 2 个正确的行，排除 1 行").click()
    expect(page.locator("#import-progress")).to_be_visible()
    page.reload()
    expect(page.locator("#import-progress")).to_be_visible()
    assert runs.work_off()
    expect(page.get_by_role("link", name="下载未导入的行")).to_be_visible()
    assert set(Product.objects.values_list("sku", flat=True)) == {"A", "CUP", "POT"}


def test_on_a_phone_no_page_scrolls_sideways(visit, buyer) -> None:
    for path in ("/exchange/import/", "/exchange/import/products/"):
        assert not scrolls_sideways(visit(path, user=buyer, phone=True))
