"""Goods for goods and repairs have their pages: asked for, shipped by scan, shown old → new, and taken back."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk.test_returns_pages import browser, fields, nothing_written, send, trade

__all__ = ["trade"]


@pytest.fixture
def goods(trade):
    trade.product("B", 130)
    trade.bought("B", 50, 30)
    return trade


def test_a_whole_exchange_by_its_forms(goods) -> None:
    goods.policy(approval="auto", inspection="none", refund_when="received")
    sale = goods.sold(quantity=1)
    asked = send(
        browser("wu"), f"/returns/new/{sale}/",
        **{"type": "exchange", "lines-0-quantity": "1", "lines-0-reason": "too small", "lines-0-wish_sku": "B"},
    )  # fmt: skip
    rma = asked.headers["Location"]
    assert send(browser("zhou"), f"{rma}receive/").status_code == 302
    page = browser("zhou").get(rma).text
    assert "Ship other goods" in page
    assert "¥30.00" in page
    assert send(browser("zhou"), f"{rma}ship_replacement/").status_code == 302

    page = browser("zhao").get(rma).text
    for said in ("Goods for goods", "The customer pays", "¥30.00", "shipped", "Other goods have left"):
        assert said in page
    shown = browser("zhao").get(f"/sales/{sale}/").text
    assert "In place of goods of" in shown
    assert "¥130.00" in shown
    assert send(browser("zhou"), f"{rma}undo/ship_replacement/").status_code == 302
    assert "Shipment of other goods taken back" in browser("zhao").get(rma).text


def test_a_whole_repair_by_its_forms(goods) -> None:
    from tests.build_after import in_repair

    rma = f"/returns/{in_repair()}/"
    assert "Finish repair" in browser("li").get(rma).text
    done = send(browser("li"), f"{rma}finish_repair/", cost="12.50", to="restock", note="new cable")
    assert done.status_code == 302
    page = browser("admin").get(rma).text
    assert "Repair finished" in page
    assert send(browser("li"), f"{rma}undo/finish_repair/").status_code == 302


def test_a_wish_of_another_type_is_refused_and_stays_in_the_form(goods) -> None:
    sale = goods.sold(quantity=1)
    client, path = browser("wu"), f"/returns/new/{sale}/"
    sent = fields(client.get(path).text) | {"lines-0-quantity": "1", "lines-0-reason": "x", "lines-0-wish_sku": "B"}
    with nothing_written():
        answer = client.post(path, sent)
    assert answer.status_code == 422
    assert 'value="B"' in answer.text


def test_what_does_not_fit_is_refused_and_stays_in_the_form(goods) -> None:
    from tests.build_after import exchanging

    rma = goods.received(goods.approved(exchanging(goods.sold(quantity=1))))
    client, path = browser("zhou"), f"/returns/{rma}/ship_replacement/"
    sent = fields(client.get(path).text) | {"lines-0-quantity": "7"}
    with nothing_written():
        answer = client.post(path, sent)
    assert answer.status_code == 422
    assert 'value="7"' in answer.text
    assert client.get(f"/returns/{goods.requested(goods.sold(quantity=1))}/ship_replacement/").status_code == 422
    assert browser("li").get(path).status_code == 403


def test_the_page_of_an_exchange_costs_the_same_however_many_lines_it_has(goods) -> None:
    from tests.build_after import exchanging, replaced

    one = replaced(goods.received(goods.approved(exchanging(goods.sold(quantity=1)))))
    many = goods.received(goods.approved(exchanging(goods.sold(quantity=3), 3)), 3)
    for _ in range(3):
        replaced(many)
    client, counts = browser("zhao"), []
    for number in (one, many):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/returns/{number}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_workshop_lists_what_is_in_repair_and_what_was_repaired(goods) -> None:
    from tests.build_after import in_repair, repaired

    repaired(in_repair(), cost=5, note="new cable")
    waiting = in_repair()
    page = browser("li").get("/returns/repairs/")
    assert page.status_code == 200
    assert f"/returns/{waiting}/finish_repair/" in page.text
    assert "new cable" in page.text
    assert "new cable" not in browser("li").get("/returns/repairs/?state=open").text
    assert browser("chen").get("/returns/repairs/").status_code == 403


def test_parts_are_typed_with_the_repair(goods) -> None:
    from tests.build_after import in_repair

    rma = f"/returns/{in_repair()}/"
    client, path = browser("li"), f"{rma}finish_repair/"
    with nothing_written():
        assert send(client, path, parts="NOPE 2").status_code == 422
    assert send(client, path, parts="B 2\nB").status_code == 302
    assert "B" in browser("admin").get(rma).text


def test_goods_may_go_straight_to_the_supplier(goods) -> None:
    from backstock.returns.after.claims import claims_still_open

    rma = goods.approved(goods.requested(goods.sold(quantity=2), 2))
    assert browser("wu").get(f"/returns/{rma}/straight/").status_code == 403
    client, path = browser("feng"), f"/returns/{rma}/straight/"
    assert path in client.get(f"/returns/{rma}/").text
    assert 'name="supplier"' in client.get(path).text
    assert path in browser("zhou").get(f"/returns/{rma}/receive/").text
    sent = fields(client.get(path).text)
    with nothing_written():
        assert client.post(path, sent | {"supplier": "NOBODY"}).status_code == 422
    assert client.post(path, sent).status_code == 302
    assert [(claim.number, claim.value_cents) for claim in claims_still_open()] == [(rma, 12_000)]
    page = browser("feng").get("/purchases/claims/suppliers/").text
    assert "¥120.00" in page
    assert "JIN" in page


def test_a_claim_says_the_reason_in_the_words_of_its_supplier(goods) -> None:
    rma = goods.received(goods.approved(goods.requested(goods.sold(quantity=1), reason="broken glass")))
    goods.disposed(goods.inspected(rma), to="return_to_vendor")
    client, path = browser("feng"), "/purchases/claims/reasons/?supplier=JIN"
    assert "broken glass" in client.get("/purchases/claims/").text
    sent = fields(client.get(path).text)
    assert "broken glass" in sent.values()
    theirs = next(name.replace("which", "theirs") for name, value in sent.items() if value == "broken glass")
    assert client.post(path, sent | {"other": "half"}).status_code == 422
    assert client.post(path, sent | {theirs: "E-17"}).status_code == 302
    assert "E-17" in client.get("/purchases/claims/").text
    assert "E-17" in client.get("/purchases/claims/?q=e-17").text
    assert "E-17" in client.get(f"/purchases/claims/{rma}/JIN/").text
    assert browser("wu").get(path).status_code == 403


def test_what_is_beyond_repair_names_its_witness_and_its_ground(goods) -> None:
    from backstock.returns.models import DisposalProof
    from tests.build_after import in_repair

    rma = f"/returns/{in_repair()}/"
    assert send(browser("li"), f"{rma}finish_repair/", to="scrap", witness="zhou").status_code == 302
    assert DisposalProof.objects.get().witness_id


def test_a_fee_for_an_exchange_is_told_before_and_shown_after(goods) -> None:
    from tests.build_after import exchanging, replaced

    goods.policy(exchange_fee_e6=50_000)
    rma = goods.received(goods.approved(exchanging(goods.sold(quantity=1))))
    assert "Fee for an exchange" in browser("zhao").get(f"/returns/{rma}/").text
    replaced(rma)
    assert "¥5.00" in browser("zhao").get(f"/returns/{rma}/").text


def test_who_pays_the_freight_of_what_goes_back_stands_on_the_page(goods) -> None:
    rma = f"/returns/{goods.inspected(goods.on_the_dock(), accepted=False)}/"
    client, sent = browser("zhou"), {"lines-0-to_1": "send_back", "freight": "customer", "tracking_number": "SF9"}
    assert send(client, f"{rma}dispose/", **sent).status_code == 422
    assert send(client, f"{rma}dispose/", **sent, freight_amount="12.5").status_code == 302
    page = client.get(rma).text
    for said in ("Sent back to the customer", "SF9", "¥12.50", "still open: ¥12.50"):
        assert said in page


def test_a_supervisor_releases_on_the_page_what_waits_for_an_exchange(goods) -> None:
    from tests.build_after import exchanging

    rma = f"/returns/{goods.approved(exchanging(goods.sold(quantity=1)))}/"
    assert "Waits on the shelf for this exchange: B × 1" in browser("qian").get(rma).text
    stock = browser("zhou").get("/stock/?q=B").text
    assert "Of these reserved for exchanges" in stock
    assert "Release the goods" not in browser("zhao").get(rma).text
    assert browser("zhao").get(f"{rma}hold/").status_code == 403
    assert send(browser("qian"), f"{rma}hold/").status_code == 302
    assert "Released: others may have the goods first." in browser("qian").get(rma).text
    assert send(browser("qian"), f"{rma}hold/").status_code == 302
    assert "Waits on the shelf" in browser("zhao").get(rma).text


def test_goods_wished_for_are_not_free_to_sell_until_they_left(goods) -> None:
    from tests.build_after import exchanging, replaced

    client = browser("wu")

    def free() -> float:
        found = client.get("/products/find/?q=B&customer=SUN").json()["products"]
        return float(next(each["stock"] for each in found if each["sku"] == "B").split()[0])

    before = free()
    rma = goods.received(goods.approved(exchanging(goods.sold(quantity=2), 2)), 2)
    assert before - free() == 2
    replaced(rma, 2)
    assert before - free() == 2
