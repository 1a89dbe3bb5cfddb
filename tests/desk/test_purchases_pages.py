"""Purchases have a page for every step: open to who may take it, honest about refusals, cheap however long the lists are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk.test_returns_pages import browser, nothing_written, send

LISTS = ("orders", "receipts", "uninvoiced", "invoices", "claims")


@pytest.fixture
def trade(company_db: str):
    from tests import build
    from tests.cast import cast

    build.company(quantity=200)
    build.product("B", tax="0.13")
    cast()
    return build


def test_from_the_order_to_the_invoice_by_its_forms(trade) -> None:
    from backstock.money.accounts import Role
    from tests.ledgers import on_account

    line = {"lines-0-sku": "B", "lines-0-quantity": "10", "lines-0-cost": "5.5", "lines-0-rate": "13"}
    made = send(browser("feng"), "/purchases/orders/new/", supplier="JIN", **line)
    assert made.headers["Location"] == "/purchases/orders/PO000001/"
    page = browser("zhou").get("/purchases/orders/PO000001/").text
    assert "Receive goods" in page
    assert "Close: the rest" not in page

    counted = {"lines-0-quantity": "4"}
    came = send(browser("zhou"), "/purchases/orders/PO000001/receive/", reference="D-1", **counted)
    receipt = came.headers["Location"]
    assert receipt == "/purchases/receipts/P000002/"
    assert "¥24.86" in browser("feng").get(receipt).text

    bill = browser("zhao").get(f"{receipt}bill/").headers["Location"]
    entered = send(browser("zhao"), bill, supplier_number="F-77", **{"lines-0-take": "on", "lines-0-net": "23.00"})
    assert entered.headers["Location"] == "/purchases/invoices/PI000001/"
    assert on_account(Role.purchase_differences) == "1.00"
    assert "F-77" in browser("zhao").get("/purchases/invoices/").text

    assert send(browser("feng"), "/purchases/orders/PO000001/close/", reason="sold out").status_code == 302
    assert "Closed" in browser("feng").get("/purchases/orders/").text


def test_an_order_is_changed_row_by_row(trade) -> None:
    from backstock.purchases.queries import loaded_order
    from tests.build_purchases import ordered, revised

    number = ordered("A", 10, 60)
    revised(number, {"sku": "B", "quantity_e4": trade.e4(2), "unit_cost_e6": trade.e6(7)})
    path = f"/purchases/orders/{number}/edit/"
    changed = {"lines-0-quantity": "12", "lines-1-sku": "", "lines-1-quantity": "", "reference": "X-1"}
    assert send(browser("feng"), path, **changed).status_code == 302
    assert [(x.product.sku, x.quantity_e4) for x in loaded_order(number).lines] == [("A", trade.e4(12))]


def test_goods_go_back_and_papers_are_taken_back(trade) -> None:
    receipt = trade.bought("B", 5, 10)
    sent = send(browser("feng"), f"/purchases/receipts/{receipt}/send-back/", **{"lines-0-quantity": "2"})
    assert sent.headers["Location"] == "/purchases/returns/PR000001/"
    assert "Sent back" in browser("feng").get("/purchases/returns/PR000001/").text
    assert send(browser("feng"), "/purchases/undo/PR000001/").status_code == 302
    assert send(browser("feng"), f"/purchases/undo/{receipt}/").status_code == 302
    assert "Taken back" in browser("feng").get(f"/purchases/receipts/{receipt}/").text


def test_a_delivery_that_nobody_ordered(trade) -> None:
    trade.product("S", tracking="serial")
    line = {"lines-0-sku": "S", "lines-0-quantity": "2", "lines-0-cost": "30", "lines-0-serials": "N1, N2"}
    came = send(browser("feng"), "/purchases/receipts/new/", supplier="jin", **line)
    assert came.status_code == 302
    page = browser("feng").get(came.headers["Location"]).text
    assert "N1, N2" in page
    sent = send(browser("feng"), f"{came.headers['Location']}send-back/", **{"lines-0-serials": "N2"})
    assert sent.status_code == 302


def test_a_supplier_credits_what_went_back(trade) -> None:
    from tests.build_purchases import at_the_vendor

    rma = at_the_vendor(2)
    page = browser("feng").get("/purchases/claims/").text
    assert rma in page
    assert "¥120.00" in page
    assert f"/purchases/claims/?q={rma}" in browser("feng").get(f"/returns/{rma}/").text
    assert send(browser("feng"), f"/purchases/claims/{rma}/JIN/", amount="100").status_code == 302
    assert rma not in browser("feng").get("/purchases/claims/").text


def test_a_refusal_keeps_what_was_typed(trade) -> None:
    from tests.build_purchases import ordered

    number = ordered("A", 3)
    client, path = browser("zhou"), f"/purchases/orders/{number}/receive/"
    with nothing_written():
        told = send(client, path, reference="D-9", **{"lines-0-quantity": "4"})
    assert told.status_code == 422
    assert "receipt_exceeds_order" in told.text
    assert 'value="D-9"' in told.text
    buyer = browser("feng")
    with nothing_written():
        told = send(buyer, "/purchases/orders/new/", supplier="WHO", **{"lines-0-sku": "A"})
    assert told.status_code == 422
    assert "How many?" in told.text


PAGES = {
    "orders/new": {"feng", "admin"},
    "orders/PO000001/edit": {"feng", "admin"},
    "orders/PO000001/close": {"feng", "admin"},
    "orders/PO000001/receive": {"feng", "zhou", "admin"},
    "receipts/new": {"feng", "admin"},
    "receipts/P000001/send-back": {"feng", "admin"},
    "invoices/new/JIN": {"zhao", "admin"},
    "undo/P000001": {"feng", "admin"},
    "claims/R000001/JIN": {"feng", "admin"},
}


def test_each_page_is_open_to_its_roles_only(trade) -> None:
    from tests.build_purchases import at_the_vendor, ordered
    from tests.cast import ROLES

    ordered()
    at_the_vendor()
    for name in ROLES:
        client = browser(name)
        for path, roles in PAGES.items():
            status = client.get(f"/purchases/{path}/").status_code
            assert status == (200 if name in roles else 403), (name, path)
        for path in LISTS:
            assert client.get(f"/purchases/{path}/").status_code == (403 if name == "chen" else 200)


def statements(client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_the_pages_cost_the_same_however_much_there_is(trade) -> None:
    from tests.build_purchases import arrived, at_the_vendor, billed, ordered, sent_back

    def add(count: int, start: int) -> None:
        for n in range(start, start + count):
            arrived(ordered("A", 5), 2)
            receipt = trade.bought("B", 2, 10)
            billed(receipt, 10, quantity=1, supplier_number=f"F-{n}")
            sent_back(receipt, 1, "B")
            at_the_vendor(1)

    client = browser("admin")
    add(1, 0)
    before = {path: statements(client, f"/purchases/{path}/") for path in LISTS}
    add(6, 1)
    after = {path: statements(client, f"/purchases/{path}/") for path in LISTS}
    assert after == before
    assert max(after.values()) <= 14, after
    for path in ("orders/PO000001", "receipts/P000001", "invoices/PI000001", "returns/PR000001"):
        assert statements(client, f"/purchases/{path}/") <= 20, path


def test_price_and_unit_of_the_last_purchase_are_proposed(trade) -> None:
    trade.product("C", units={"box": 12})
    trade.bought("C", 2, 120, unit="box")
    found = browser("feng").get("/products/find/", {"q": "C", "supplier": "JIN"}).json()["products"][0]
    assert (found["sku"], found["cost"], found["unit"]) == ("C", "120", "box")
    found = browser("feng").get("/products/find/", {"q": "C"}).json()["products"][0]
    assert "cost" not in found


@pytest.mark.parametrize("path", ["orders/PO999999", "receipts/P999999", "invoices/PI999999", "returns/PR999999"])
def test_a_document_that_does_not_exist_is_not_found(trade, path: str) -> None:
    assert browser("feng").get(f"/purchases/{path}/").status_code == 404
