"""Selling by its pages: quote, order, pick list, parcel, invoice, payment, and the till."""

from __future__ import annotations

import pytest

from tests.desk.test_returns_pages import browser, fields, nothing_written, send, statements, trade

__all__ = ["trade"]


def post(client, path, page, **typed):
    return client.post(path, fields(client.get(page).text) | typed)


def test_a_quote_becomes_an_order_that_is_picked_shipped_billed_and_paid(trade) -> None:
    wu, zhou, zhao = browser("wu"), browser("zhou"), browser("zhao")
    row = {"lines-0-sku": "A", "lines-0-quantity": "2", "lines-0-price": "90", "threshold": "20"}
    quote = send(wu, "/sales/quotes/new/", customer="SUN", **row).headers["Location"]
    assert "¥160.00" in wu.get(quote).text
    assert "¥160.00" in wu.get(f"{quote}print/").text
    order = wu.post(f"{quote}confirm/").headers["Location"]
    pick = zhou.post(f"{order}pick/").headers["Location"]
    assert zhou.post(f"{pick}tick/", {"code": "A", "quantity": "2"}).status_code == 302
    page = zhou.get(f"{order}ship/?pick=K000001").text
    assert fields(page)["lines-0-quantity"] == "2"
    assert zhou.post(f"{order}ship/", fields(page) | {"tracking_number": "SF1"}).status_code == 302
    assert send(zhao, f"{order}invoice/").status_code == 302
    assert send(zhao, f"{order}pay/").status_code == 302
    assert zhou.post(f"{order}sign/D000001/", {"on": "2999-01-01"}).status_code == 302
    page = zhao.get(order).text
    assert "SF1" in page
    assert "Margin" in page
    assert "Margin" not in wu.get(order).text
    assert "signed for on 2999-01-01" in page


def test_the_till_sells_in_one_step_and_gives_change(trade) -> None:
    wu = browser("wu")
    sold = send(wu, "/sales/till/", **_row("2"), cash="250")
    assert sold.headers["Location"] == "/sales/S000001/receipt/"
    page = wu.get("/sales/S000001/receipt/").text
    assert "Change: ¥50.00" in page
    assert "Cash" in page
    total = wu.post("/sales/till/total/", fields(wu.get("/sales/till/").text) | _row("3"))
    assert total.json()["total"] == "300.00"


def _row(quantity: str) -> dict[str, str]:
    return {"lines-TOTAL_FORMS": "1", "lines-0-sku": "A", "lines-0-quantity": quantity}


def test_the_till_asks_for_what_is_missing_and_keeps_the_form(trade) -> None:
    wu = browser("wu")
    short = send(wu, "/sales/till/", **_row("2"), cash="150", customer="SUN")
    assert (short.status_code, "¥50.00 is missing" in short.text) == (422, True)
    assert (
        send(wu, "/sales/till/", **_row("2"), cash="50", wechat="100", customer="SUN", on_account="on").status_code
        == 302
    )
    assert "¥50.00" in wu.get("/sales/S000001/").text


@pytest.mark.parametrize("customer", ["", "WALKIN", "walkin"])
def test_who_gives_no_name_pays_at_once(trade, customer) -> None:
    wu = browser("wu")
    send(wu, "/sales/till/", **_row("1"))
    asked = send(wu, "/sales/till/", **_row("2"), cash="50", on_account="on", customer=customer)
    assert (asked.status_code, "pays at once" in asked.text) == (422, True)
    assert wu.get("/sales/S000002/").status_code == 404


def test_a_refusal_keeps_what_was_typed(trade) -> None:
    wu = browser("wu")
    answer = send(wu, "/sales/new/", customer="SUN", **{"lines-0-sku": "NO", "lines-0-quantity": "7"})
    assert (answer.status_code, 'value="7"' in answer.text) == (422, True)
    answer = send(wu, "/sales/new/", customer="nobody", **{"lines-0-sku": "A", "lines-0-quantity": "7"})
    assert (answer.status_code, "No customer fits" in answer.text) == (422, True)
    reckoned = send(wu, "/sales/new/", customer="SUN", reckon="1", **{"lines-0-sku": "A", "lines-0-quantity": "3"})
    assert "¥300.00" in reckoned.text


def test_an_order_is_copied_closed_and_its_deposit_given_back(trade) -> None:
    admin = browser("admin")
    order = send(admin, "/sales/new/", customer="SUN", **{"lines-0-sku": "A", "lines-0-quantity": "2"}).headers[
        "Location"
    ]
    assert send(admin, f"{order}pay/", cash="80").status_code == 302
    assert admin.post(f"{order}close/").status_code == 302
    assert "¥80.00 was paid ahead" in admin.get(order).text
    assert send(admin, f"{order}pay-back/").status_code == 302
    assert fields(admin.get("/sales/new/?copy=S000001").text)["lines-0-sku"] == "A"


@pytest.mark.parametrize("path", ["/sales/new/", "/sales/quotes/new/", "/sales/till/"])
def test_who_may_not_sell_is_told(trade, path) -> None:
    assert browser("li").get(path).status_code == 403


def test_who_may_not_send_in_vain(trade) -> None:
    sale = trade.sold(shipped="none", invoiced=False, paid="none")
    li = browser("li")
    with nothing_written():
        for step in ("ship", "invoice", "pay", "close", "pick"):
            assert li.post(f"/sales/{sale}/{step}/").status_code == 403


def test_pages_cost_the_same_however_much_they_show(trade) -> None:
    from tests import build_sales

    client = browser("admin")

    def more(times: int) -> None:
        for _ in range(times):
            build_sales.quoted(("A", 1), salesperson="wu")
            build_sales.picked(trade.sold(shipped="none", salesperson="wu"))

    more(1)
    paths = [
        "/sales/",
        "/sales/?waits=to_ship",
        "/sales/quotes/",
        "/sales/picks/",
        "/sales/S000001/",
        "/sales/till/",
        "/sales/new/",
    ]
    few = {path: statements(client, path) for path in paths}
    more(8)
    assert {path: statements(client, path) for path in paths} == few
    assert max(few.values()) <= 26, few


def test_the_editor_is_told_the_price_of_the_customers_level_and_what_is_free_to_sell(trade) -> None:
    from tests import build, build_catalog, build_sales

    build_catalog.level("wholesale")
    build_catalog.price("A", 80, level="wholesale")
    build.customer("LAN", name="兰记", level="wholesale")
    everybody = browser("wu").get("/products/find/", {"q": "A"}).json()["products"][0]
    build_sales.picked(trade.sold(quantity=2, shipped="none"))
    for text in ("LAN", "兰记"):
        found = browser("wu").get("/products/find/", {"q": "A", "customer": text}).json()["products"][0]
        assert (found["price"], found["prices"]) == ("80", {"pcs": "80"})
    assert int(everybody["stock"].split()[0]) - int(found["stock"].split()[0]) == 2
    assert browser("wu").get("/products/scan/", {"code": "A", "customer": "SUN"}).json()["price"] == "100"


def test_an_order_goes_to_the_address_that_was_chosen(trade) -> None:
    from backstock.partners.details import PartnerAddress
    from tests import build

    places = (PartnerAddress(text="花果山", is_default=True), PartnerAddress(text="水帘洞", recipient="孙悟空"))
    build.customer("WU", addresses=places)
    wu = browser("wu")
    offered = wu.get("/sales/new/addresses/", {"customer": "WU"}).json()["addresses"]
    assert [each["text"] for each in offered] == ["花果山", "水帘洞 · 孙悟空"]
    row = {"lines-0-sku": "A", "lines-0-quantity": "1"}
    refused = send(wu, "/sales/new/", customer="WU", address=offered[1]["id"], **row | {"lines-0-quantity": "x"})
    assert "花果山" in refused.text
    order = send(wu, "/sales/new/", customer="WU", address=offered[1]["id"], **row).headers["Location"]
    for path in (order, f"{order}print/"):
        assert ("水帘洞" in wu.get(path).text, "花果山" in wu.get(path).text) == (True, False)
    assert send(wu, "/sales/new/", customer="SUN", address=offered[1]["id"], **row).status_code == 422


def test_several_orders_are_shipped_and_billed_at_once_and_each_says_what_became_of_it(trade) -> None:
    sales = [trade.sold(quantity=1, shipped="none", invoiced=False, paid="none") for _ in range(2)]
    rows = {"row": [*sales, "S000999"], "key": "k"}
    zhou, zhao = browser("zhou"), browser("zhao")
    assert zhou.post("/sales/bulk/", rows | {"action": "invoice"}).status_code == 403
    for client, action in ((zhou, "ship"), (zhao, "invoice"), (zhao, "invoice")):
        page = client.post("/sales/bulk/", rows | {"action": action}).text
        assert "2 done, 1 refused" in page
    again = zhao.post("/sales/bulk/", rows | {"action": "invoice", "key": "other"}).text
    assert "0 done, 3 refused" in again
    assert zhao.post("/sales/bulk/", rows | {"action": "nonsense"}).status_code == 404
    assert zhou.post("/sales/bulk/", {"action": "ship"}).headers["Location"] == "/sales/"
