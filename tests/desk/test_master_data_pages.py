"""Products, prices and partners by their pages."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.build_catalog import category, level, price
from tests.desk.test_returns_pages import browser, fields, nothing_written, send, statements, trade

__all__ = ["trade"]


def picture() -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(written, "PNG")
    return SimpleUploadedFile("a.png", written.getvalue(), "image/png")


def product(sku):
    from backstock.catalog.models import Product

    return Product.objects.get(sku=sku)


def partner(code):
    from backstock.partners.models import Partner

    return Partner.objects.get(code=code)


TEA = {
    "sku": "TEA", "name": "绿茶", "spec": "50g", "unit": "盒", "price": "20", "tax_rate": "13", "shelf_life_days": "365",
    "tracking": "lot", "units-0-unit": "箱", "units-0-ratio": "12", "barcodes-0-code": "6901028075831",
    "barcodes-1-code": "BOX-1", "barcodes-1-unit": "箱", "level-vip": "18.5",
}  # fmt: skip


def test_a_product_with_units_barcodes_prices_and_a_picture_in_one_form(trade) -> None:
    level("vip", name_en="VIP")
    feng = browser("feng")
    made = send(feng, "/products/new/", **TEA, pictures=picture())
    assert made.status_code == 302, made.text
    page = feng.get(made.headers["Location"]).text
    for said in ("绿茶", "6901028075831", "BOX-1", "12 盒", "VIP · 盒", "18.5", "13 %", "365 days", "<img"):
        assert said in page
    shown = fields(feng.get(f"{made.headers['Location']}edit/").text)
    assert (shown["name"], shown["tax_rate"], shown["units-0-ratio"], shown["level-vip"]) == (
        "绿茶",
        "13",
        "12",
        "18.5",
    )

    edited = send(feng, f"{made.headers['Location']}edit/", name="红茶", **{"level-vip": "", "lines-0-sku": ""})
    assert edited.status_code == 302, edited.text
    now = product("TEA")
    assert (now.name, now.tax_rate_e6, now.images.count(), now.barcodes.count()) == ("红茶", 130_000, 0, 2)
    assert [each.unit_price_e6 for each in now.prices.all()] == [None]


def test_a_picture_is_only_for_who_is_logged_in_and_never_runs(trade, client) -> None:
    feng = browser("feng")
    send(feng, "/products/new/", sku="P", unit="件", pictures=picture())
    name = product("P").images.get().content_hash
    sent = feng.get(f"/products/pictures/{name}/small/")
    assert (sent.status_code, sent.headers["Content-Type"]) == (200, "image/webp")
    assert "private" in sent.headers["Cache-Control"]
    assert "sandbox" in sent.headers["Content-Security-Policy"]
    sent.close()
    assert feng.get(f"/products/pictures/{'0' * 64}/").status_code == 404
    assert client.get(f"/products/pictures/{name}/").status_code == 302


def test_a_refused_product_keeps_what_was_typed(trade) -> None:
    feng = browser("feng")
    with nothing_written():
        wrong = send(feng, "/products/new/", **TEA | {"barcodes-0-code": "6901028075832", "level-vip": ""})
    assert wrong.status_code == 422
    assert "wrong check digit" in wrong.text
    assert fields(wrong.text)["spec"] == "50g"
    with nothing_written():
        no_ratio = send(feng, "/products/new/", sku="P", unit="件", **{"units-0-unit": "箱"})
        no_picture = send(feng, "/products/new/", sku="P", unit="件", pictures=SimpleUploadedFile("x.png", b"<svg/>"))
    assert (no_ratio.status_code, no_picture.status_code) == (422, 422)
    assert "x.png is not a picture" in no_picture.text


def test_more_rows_are_added_without_scripts(trade) -> None:
    page = send(browser("feng"), "/products/new/", sku="P", unit="件", more_units="1")
    assert page.status_code == 200
    assert "units-6-unit" in page.text


def test_what_stock_counts_in_is_closed_in_the_form(trade) -> None:
    feng = browser("feng")
    page = feng.get(f"/products/{product('A').pk}/edit/").text
    assert "cannot change any more" in page
    assert send(feng, f"/products/{product('A').pk}/edit/", name="甲", unit="kg").status_code == 302
    assert (product("A").name, product("A").unit) == ("甲", "pcs")


def test_a_product_is_archived_and_brought_back(trade) -> None:
    feng, path = browser("feng"), f"/products/{product('A').pk}/archive/"
    assert feng.post(path, {"archived": "1"}).status_code == 302
    assert "Bring back" in feng.get(f"/products/{product('A').pk}/").text
    assert feng.post(path, {"archived": "0"}).status_code == 302
    assert product("A").archived_at is None


def test_the_list_finds_filters_and_leaves_as_csv(trade) -> None:
    category("drinks")
    category("teas", "drinks")
    feng = browser("feng")
    send(feng, "/products/new/", **TEA | {"category": "teas", "brand": "山", "level-vip": ""})
    for query in ("q=6901028075831", "q=绿茶", "category=drinks", "brand=山", "tracking=lot"):
        page = feng.get(f"/products/?{query}").text
        assert ("TEA" in page, '/">A</a>' in page) == (True, False), query
    answer = feng.get("/products/?q=TEA&export=csv")
    assert b"TEA" in b"".join(answer.streaming_content)


def test_a_scanned_barcode_means_its_unit_and_its_price(trade) -> None:
    feng = browser("feng")
    send(feng, "/products/new/", **TEA | {"level-vip": ""})
    found = feng.get("/products/scan/?code=BOX-1").json()
    assert (found["sku"], found["unit"], found["price"]) == ("TEA", "箱", "240")


def test_prices_are_changed_in_the_grid_and_saved_together(trade) -> None:
    level("vip")
    trade.product("B", 20, units={"box": 12})
    pk, wang = product("B").pk, browser("wang")
    page = fields(wang.get("/products/prices/").text)
    assert page[f"p-{pk}--"] == "20"
    saved = wang.post("/products/prices/", page | {f"p-{pk}--": "21", f"p-{pk}-vip-": "19.5", f"p-{pk}-vip-box": "200"})
    assert saved.status_code == 302
    page = fields(wang.get("/products/prices/?q=B").text)
    assert [page[f"p-{pk}-{name}"] for name in ("-", "vip-", "vip-box", "-box")] == ["21", "19.5", "200", ""]
    with nothing_written():
        wrong = wang.post("/products/prices/", page | {f"p-{pk}--": "cheap"})
    assert (wrong.status_code, "cheap" in wrong.text) == (422, True)
    assert browser("wu").post("/products/prices/", page | {f"p-{pk}--": "1"}).status_code == 403


@pytest.mark.parametrize(("kind", "more"), [("categories", {}), ("tax-classes", {"rate": "13"}), ("levels", {})])
def test_categories_taxes_and_levels_are_arranged(trade, kind, more) -> None:
    feng, path = browser("feng"), f"/products/arrange/{kind}/"
    assert send(feng, path, code="X", name_zh="名", **more).status_code == 302
    assert send(feng, f"{path}?code=X", name_en="Name", **more).status_code == 302
    assert "Name" in feng.get(path).text
    assert browser("wu").post(path, {"code": "Y", "key": "k", **more}).status_code == 403


def test_a_circle_is_refused_on_the_page(trade) -> None:
    category("a")
    category("b", "a")
    feng = browser("feng")
    with nothing_written():
        answer = send(feng, "/products/arrange/categories/?code=a", parent="b")
    assert (answer.status_code, "cannot be put below" in answer.text) == (422, True)


SUPPLIER = {
    "code": "C8", "name": "上海好茶有限公司", "is_supplier": "on", "credit_limit": "5000", "payment_days": "30",
    "contacts-0-name": "沙僧", "contacts-0-phone": "13700001111", "addresses-0-text": "流沙河 1 号",
}  # fmt: skip


def test_a_partner_with_contacts_and_addresses_in_one_form(trade) -> None:
    feng = browser("feng")
    made = send(feng, "/partners/new/", **SUPPLIER)
    assert made.status_code == 302, made.text
    page = feng.get(made.headers["Location"]).text
    for said in ("上海好茶有限公司", "沙僧", "流沙河", "¥5,000.00", "We owe"):
        assert said in page
    edited = send(
        feng, f"{made.headers['Location']}edit/", name="好茶", is_supplier="on", is_customer="on", credit_limit=""
    )
    assert edited.status_code == 302, edited.text
    now = partner("C8")
    assert (now.name, now.is_customer, now.credit_limit_cents, now.contacts.count()) == ("好茶", True, None, 1)
    with nothing_written():
        assert send(feng, "/partners/new/", code="C9").status_code == 422
        assert send(feng, "/partners/new/", **SUPPLIER).status_code == 422


def test_partners_are_listed_by_kind_and_found_by_the_end_of_a_phone(trade) -> None:
    trade.customer("C1", name="孙悟空", phone="13912345678")
    wu = browser("wu")
    assert "孙悟空" in wu.get("/partners/customers/?q=5678").text
    assert "孙悟空" not in wu.get("/partners/suppliers/").text


def test_duplicates_are_shown_with_why_and_merged(trade) -> None:
    trade.customer("C1", name="上海好茶有限公司")
    trade.customer("C2", name="上海好茶")
    wang = browser("wang")
    page = wang.get("/partners/duplicates/").text
    assert "same name" in page
    assert wang.post("/partners/duplicates/", {"code": "C2", "into": "C1", "key": "k"}).status_code == 302
    assert wang.get(f"/partners/{partner('C2').pk}/").headers["Location"] == f"/partners/{partner('C1').pk}/"
    assert "same name" not in wang.get("/partners/duplicates/").text
    assert browser("wu").post("/partners/duplicates/", {"code": "C1", "into": "SUN", "key": "l"}).status_code == 403


def test_personal_data_is_erased_by_an_administrator_only(trade) -> None:
    path = f"/partners/{partner('SUN').pk}/erase/"
    assert browser("wang").post(path).status_code == 403
    assert browser("admin").post(path).status_code == 302
    assert partner("SUN").erased_at is not None


def test_pages_cost_the_same_however_much_they_show(trade) -> None:
    level("vip")
    admin = browser("admin")
    budgets = {
        "/products/": 14, "/products/prices/": 14, "/products/arrange/categories/": 12, "/partners/customers/": 12,
        f"/products/{product('A').pk}/": 24, f"/products/{product('A').pk}/edit/": 60, "/partners/duplicates/": 14,
        f"/partners/{partner('SUN').pk}/": 24,
    }  # fmt: skip
    few = {path: statements(admin, path) for path in budgets}
    for n in range(12):
        trade.product(f"P{n}", units={"box": 12})
        price(f"P{n}", 9, "vip")
        category(f"c{n}")
        trade.customer(f"K{n}", name="同名")
    many = {path: statements(admin, path) for path in budgets}
    assert {path: (few[path], many[path]) for path in budgets if many[path] > few[path] + 2} == {}
    assert {path: count for path, count in many.items() if count > budgets[path]} == {}
