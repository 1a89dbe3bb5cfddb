"""Complaints about exchanges, replaced goods, repairs and what goes back to suppliers: ranks 2, 6, 8 and 12."""

from __future__ import annotations

from backstock.catalog.lines import GoodsLine
from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.returns.after.claims import claims_still_open
from backstock.returns.commands.send_straight import SendStraight, send_straight
from backstock.returns.queries import legal_actions, loaded_return, returnable
from backstock.sales.queries import progress_of
from backstock.stock.queries import on_shelf
from tests import build, build_purchases
from tests.build import e4
from tests.build_after import exchanging, in_repair, paid, repaired, replaced, replacing, swapping
from tests.ledgers import on_account, refused, written


def shelf(sku: str) -> int:
    from backstock.catalog.models import Product

    pk = Product.objects.get(sku=sku).pk
    return on_shelf([pk]).get(pk, 0)


def test_an_exchange_takes_the_stock_of_the_new_size_and_puts_the_old_size_back(shop):
    """Rank 2: "exchange takes stock from the old size"."""
    build.product("B", 100)
    build.bought("B", 5, 45)
    rma = build.received(build.approved(exchanging(build.sold(quantity=1))))
    before = shelf("A"), shelf("B")
    replaced(build.disposed(build.inspected(rma)))
    assert (shelf("A"), shelf("B")) == (before[0] + e4(1), before[1] - e4(1))


def test_goods_for_goods_is_one_document_and_only_the_difference_is_paid(shop):
    """Rank 6: "swap in one paper, pay or get the difference"; "50 back, 80 out, pay 30"."""
    number = build.sold(quantity=1)
    rma = replaced(swapping(price=130, number=number))
    assert on_account(Role.receivable) == "30.00"
    paid(number, 30)
    assert (on_account(Role.receivable), on_account(Role.cash)) == ("0.00", "130.00")
    with refused("nothing_to_refund"):
        build.settled(rma)


def test_two_swaps_of_one_return_that_even_out_bill_nothing(shop):
    """Rank 6: one slip for what goes back and what is taken; no bill and credit that cancel each other."""
    from backstock.returns.commands.request import request_return
    from backstock.returns.commands.ship_replacement import ship_replacement
    from backstock.sales.commands.sell import Sell, SellLine, sell
    from tests.build_after import exchange, replace_input, shipment

    for sku, price in (("B", 80), ("C", 50), ("D", 70)):
        build.product(sku, price)
        build.bought(sku, 5, 20)
    lines = (SellLine(sku="A", quantity_e4=e4(1)), SellLine(sku="C", quantity_e4=e4(1)))
    number = sell(Sell(customer="SUN", lines=lines, on=build.DAY), actor=SYSTEM).document
    one, two = exchange(number), exchange(number, 1, "C", "D")
    rma = request_return(replace_input(one, lines=(*one.lines, *two.lines)), actor=SYSTEM).document
    build.received(build.received(build.approved(rma)), 1, "C")
    with written() as ledgers:
        ship_replacement(
            replace_input(shipment(rma), lines=(*shipment(rma).lines, *shipment(rma, 1, "D").lines)), actor=SYSTEM
        )
    assert ledgers.money == ["cost_of_goods_sold / inventory 40.00"]
    with refused("nothing_to_refund"):
        build.settled(rma)


def test_what_was_swapped_may_be_swapped_and_returned_again(shop):
    """Rank 6: "claim or swap on an earlier claim": the chain is never lost, and the money comes out right."""
    number = build.sold(quantity=1, paid={"card": 100})
    replaced(swapping(price=130, number=number))
    paid(number, 30)
    again = build.received(build.approved(replacing(number, 1, "B")), 1, "B")
    replaced(again)
    assert returnable(number, "B") == e4(1)
    build.settled(build.back_on_the_shelf(1, "B", number), paid_by_hand=True)
    assert (on_account(Role.bank), on_account(Role.cash), on_account(Role.receivable)) == ("0.00", "0.00", "0.00")
    assert returnable(number, "A") == returnable(number, "B") == 0


def test_the_order_still_says_what_was_ordered_after_an_exchange(shop):
    """Rank 7: status of order and delivery wrong afterwards: what left instead does not count as ordered."""
    from backstock.sales.queries import loaded_sale

    number = build.sold(quantity=2)
    replaced(swapping(1, number=number))
    assert progress_of(loaded_sale(number)) == "part_returned"


def test_a_serial_number_comes_back_for_repair_without_undoing_the_sale(shop):
    """Rank 8: "get a serial back for repair without undoing the sale"."""
    build.product("D", 220, tracking="serial")
    build.bought("D", 1, 130, serials=("D1",))
    number = build.sold("D", 1, serials=("D1",))
    rma = build.approved(replacing(number, 1, "D", "repair", serials=("D1",)))
    build.inspected(build.received(rma, 1, "D", serials=("D1",)), 1, "D", serials=("D1",))
    repaired(build.disposed(rma, 1, "D", to="repair", serials=("D1",)), to="send_back", sku="D", cost=35)
    assert returnable(number, "D") == e4(1)
    with refused("nothing_to_refund"):
        build.settled(rma)
    assert (on_account(Role.repair_cost), on_account(Role.goods_in_repair)) == ("35.00", "0.00")


def test_a_repair_is_a_step_of_its_own_with_its_cost_and_its_repairer(shop):
    """Rank 12: "repair order": what was done, by whom, what it cost, and where the goods went."""
    from backstock.returns.after.exchanges import repairs_of

    rma = in_repair()
    assert "returns.finish_repair" in legal_actions(loaded_return(rma))
    repaired(rma, cost=15, repairer="JIN", note="new cable")
    [done] = repairs_of(loaded_return(rma).row.pk)
    assert (done.labour_cents, done.added_cents, done.note, done.outcome) == (1_500, 1_500, "new cable", "restock")


def test_returned_goods_go_on_to_the_supplier_and_what_he_owes_is_counted_until_he_credits(shop):
    """Rank 12: "send returned goods on to the supplier"."""
    rma = build_purchases.at_the_vendor(2)
    assert [(claim.number, claim.value_cents) for claim in claims_still_open()] == [(rma, 12_000)]
    build_purchases.credited(rma, 100)
    assert claims_still_open() == []


def test_the_new_size_is_still_there_when_the_old_one_has_come(shop):
    """Rank 6: an exchange without a reservation cannot be shipped, because somebody else bought the last piece."""
    build.product("B", 100)
    build.bought("B", 1, 45)
    rma = build.approved(exchanging(build.sold(quantity=1)))
    with refused("stock_reserved"):
        build.sold("B", 1)
    replaced(build.received(rma))


def test_a_drop_shipped_return_reaches_the_supplier_without_a_detour_over_our_shelf(shop):
    """Rank 12: the vendor's leg of goods that never come to us, claimed at their cost by who deals with the supplier."""
    rma = build.approved(build.requested(build.sold(quantity=1)))
    with written() as ledgers:
        send_straight(SendStraight(document=rma, lines=(GoodsLine(sku="A", quantity_e4=e4(1)),)), actor=SYSTEM)
    assert not [said for said in ledgers.goods if "sellable" in said]
    assert [claim.number for claim in claims_still_open()] == [rma]
