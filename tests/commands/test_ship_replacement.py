"""Other goods leave for those that came back: only the difference is money, and the new goods may come back too."""

import pytest

from backstock.core.errors import DomainError
from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.returns.after.exchanges import exchange_figures
from backstock.returns.commands.cancel import CancelReturn, cancel_return
from backstock.returns.commands.hold_goods import HoldGoods, hold_goods
from backstock.returns.commands.request import request_return
from backstock.returns.commands.ship_replacement import ship_replacement
from backstock.returns.queries import legal_actions, line_progress, loaded_return, returnable
from backstock.sales.queries import sale_figures
from tests import build, build_after
from tests.build import e4
from tests.build_after import exchange, exchanging, replaced, replacing, shipment, swapping, taken_back
from tests.commands.test_undo import closed, state, undone
from tests.ledgers import on_account, refused, written


def figures(rma):
    found = exchange_figures(rma)
    return found.customer_pays_cents, found.we_pay_cents, found.status


def test_dearer_goods_bill_the_difference_and_nothing_else(shop):
    rma = swapping(price=130)
    assert figures(rma) == (3_000, 0, "open")
    with written() as ledgers:
        replaced(rma)

    assert ledgers.goods == ["B 1 sellable → customer 30.00"]
    assert ledgers.money == ["cost_of_goods_sold / inventory 30.00", "receivable / revenue 30.00"]
    assert figures(rma) == (3_000, 0, "shipped")
    with refused("nothing_to_refund"):
        build.settled(rma)


def test_cheaper_goods_are_settled_by_a_credit_note_of_the_difference(shop):
    rma = build.disposed(build.inspected(swapping(price=80)))
    with written() as ledgers:
        replaced(rma)
    assert ledgers.money == ["cost_of_goods_sold / inventory 30.00"]
    assert "refunds.settle" in legal_actions(loaded_return(rma))
    with written() as ledgers:
        build.settled(rma)

    assert ledgers.money == [
        "sales_returns / receivable 20.00", "receivable / refunds_payable 20.00", "refunds_payable / cash 20.00",
    ]  # fmt: skip
    assert figures(rma) == (0, 2_000, "shipped")
    assert "refunds.settle" not in legal_actions(loaded_return(rma))


def test_money_waits_until_the_old_goods_have_come_as_far_as_the_policy_wants(shop):
    rma = replaced(swapping(price=80))
    with refused("nothing_to_refund"):
        build.settled(rma)


def test_a_replacement_costs_nobody_anything_and_may_be_of_other_goods(shop):
    build.product("B", 500)
    build.bought("B", 5, 30)
    rma = build.received(build.approved(replacing(build.sold(), 2)), 2)
    with written() as ledgers:
        replaced(rma, 1, "A")
        replaced(rma, 1, "B")

    assert ledgers.money == ["cost_of_goods_sold / inventory 60.00", "cost_of_goods_sold / inventory 30.00"]
    assert [line_progress(line).replaced_e4 for line in loaded_return(rma).lines] == [e4(2)]
    with refused("replacement_exceeds_return", room_e4=0):
        replaced(rma, 1, "A")


def test_what_was_ordered_shipped_and_returned_of_the_sale_stays_as_it_was(shop):
    number = build.sold(quantity=1)
    before = sale_figures(number)
    replaced(swapping(price=130, number=number))
    after = sale_figures(number)

    assert (after.ordered_e4, after.shipped_e4, after.returned_e4) == (before.ordered_e4, before.shipped_e4, e4(1))
    assert (after.status, after.invoiced_cents) == ("returned", 13_000)


def test_the_new_goods_may_come_back_for_all_that_was_paid(shop):
    number = build.sold(quantity=1, paid={"card": 100})
    replaced(swapping(price=130, number=number))
    assert returnable(number, "B") == e4(1)
    rma = build.back_on_the_shelf(1, "B", number)
    build.settled(rma, paid_by_hand=True)

    assert on_account(Role.bank) == "0.00"
    assert on_account(Role.receivable) == "0.00"
    assert returnable(number, "B") == 0


def test_of_an_exchange_only_what_was_wished_leaves_and_no_more(shop):
    build.product("C")
    build.bought("C")
    rma = swapping(2)
    with refused("item_not_in_sale", sku="C"):
        replaced(rma, 1, "C")
    with refused("replacement_exceeds_return", asked_e4=e4(3), room_e4=e4(2)):
        replaced(rma, 3)


def test_of_two_for_one_the_half_that_came_brings_the_half(shop):
    build.product("B", 45)
    build.bought("B", 10, 30)
    rma = build.approved(exchanging(build.sold(quantity=2), 2, wished=4))
    build.received(rma, 1)
    with refused("replacement_exceeds_return", room_e4=e4(2)):
        replaced(rma, 3)
    replaced(rma, 2)
    assert [line_progress(line).replaced_e4 for line in loaded_return(rma).lines] == [e4(1)]
    assert figures(rma) == (0, 2_000, "part_shipped")


def test_nothing_leaves_before_the_old_goods_are_here_nor_for_what_was_rejected(shop):
    rma = build.approved(replacing(build.sold(), 2))
    with refused("replacement_exceeds_return", room_e4=0):
        replaced(rma, 1, "A")
    build.inspected(build.received(rma, 2), 1, accepted=False)
    with refused("replacement_exceeds_return", room_e4=e4(1)):
        replaced(rma, 2, "A")


@pytest.mark.parametrize(("paid", "code"), [("cash", "payment_method_required"), ("card", None)])
def test_goods_cross_only_where_something_can_be_charged(shop, paid, code):
    build.policy(cross_ship=True, cross_ship_deadline_days=14)
    rma = build.approved(replacing(build.sold(paid={paid: 200}), 2))
    with refused("replacement_exceeds_return"):
        replaced(rma, 3, "A")
    if code:
        with refused(code):
            replaced(rma, 1, "A")
        return
    replaced(rma, 1, "A")
    with refused("replacement_has_left"):
        cancel_return(CancelReturn(document=rma), actor=SYSTEM)


def test_what_is_out_of_stock_leaves_nothing_half_done(shop):
    rma = swapping(1, number=build.sold(quantity=2))
    hold_goods(HoldGoods(document=rma, hold=False), actor=SYSTEM)
    build.sold("B", 10)
    with refused("insufficient_stock", sku="B"):
        replaced(rma)


@pytest.mark.parametrize("kind", ["return_refund", "refund_only"])
def test_who_gets_money_gets_no_goods(shop, kind):
    rma = build.approved(build.requested(build.sold(), type=kind))
    with refused("transition_not_allowed"):
        replaced(rma, 1, "A")


def test_nothing_leaves_for_a_request_that_nobody_approved(shop):
    rma = replacing(build.sold())
    with refused("transition_not_allowed", current="requested"):
        replaced(rma, 1, "A")


def test_a_wish_belongs_to_an_exchange_of_a_known_sale(shop):
    build.product("B")
    wanted = exchange(build.sold())
    for change in ({"type": "return_refund"}, {"sale": None, "customer": "SUN"}):
        with refused("invalid_input", field="exchange_for"):
            request_return(build_after.replace_input(wanted, **change), actor=SYSTEM)


def test_the_undo_restores_everything_exactly(shop):
    rma = swapping(2, price=130)
    before = state()
    replaced(rma, 2)
    with refused("replacement_has_left", sku="A"):
        undone(rma, "receive")
    taken_back(rma)

    # Counters of the line that left stay as rows, at nothing.
    assert state()[:4] == before[:4]
    assert state()[5] == before[5]
    assert figures(rma) == (6_000, 0, "open")
    replaced(rma, 2)
    undone(taken_back(rma), "receive")


def test_the_undo_is_refused_once_the_difference_was_paid_or_the_goods_were_asked_back(shop):
    number = build.sold(quantity=1)
    rma = replaced(swapping(price=130, number=number))
    asked = build.requested(number, 1, "B")
    with refused("transition_not_allowed", current="asked for again"):
        taken_back(rma)
    cancel_return(CancelReturn(document=asked), actor=SYSTEM)
    build_after.paid(number, 30)
    with refused("transition_not_allowed", current="paid"):
        taken_back(rma)


def test_the_undo_is_refused_once_our_difference_was_settled(shop):
    rma = build.disposed(build.inspected(swapping(price=80)))
    build.settled(replaced(rma))
    with refused("money_already_sent"):
        taken_back(rma)
    asked = build.requested(build.sold())
    with refused("transition_not_allowed"):
        taken_back(asked)


def test_what_is_replaced_is_not_sent_back_too(shop):
    rma = build.inspected(replaced(swapping()))
    with refused("replacement_has_left", sku="A"):
        build.disposed(rma, to="send_back")


def test_a_closed_exchange_still_gives_what_came(shop):
    rma = closed(swapping())
    assert loaded_return(rma).lines[0].row.replaced_e4 == 0
    replaced(rma)
    found = loaded_return(rma)
    assert (found.row.status, found.lines[0].row.replaced_e4) == ("closed", 10_000)


def test_of_a_batch_each_gets_its_own_or_its_refusal(shop):
    number = build.sold(quantity=2)
    rma = swapping(2, number=number)
    outcomes = ship_replacement.batch(
        [shipment(rma), shipment(rma, 5), shipment(rma)], actor=SYSTEM, keys=["a", "b", "c"], mode="each"
    )
    assert [getattr(getattr(each, "error", None), "code", None) for each in outcomes] == [
        None, "replacement_exceeds_return", None,
    ]  # fmt: skip
    assert [line_progress(line).replaced_e4 for line in loaded_return(rma).lines] == [e4(2)]


def test_the_goods_of_one_return_over_two_sales_leave_in_two_parcels(shop):
    build.product("B", 130)
    build.bought("B", 10, 30)
    first, second = build.sold(quantity=1), build.sold(quantity=1)
    one, two = exchange(first), exchange(second)
    lines = tuple(build_after.replace_input(each.lines[0], sale=each.sale) for each in (one, two))
    rma = request_return(build_after.replace_input(one, sale=None, lines=lines), actor=SYSTEM).document
    build.received(build.approved(rma), 2)
    done = ship_replacement(shipment(rma, 2), actor=SYSTEM)

    assert (len(done.answer["shipments"]), done.answer["billed_cents"]) == (2, 6_000)
    assert [sale_figures(number).invoiced_cents for number in (first, second)] == [13_000, 13_000]


def test_serial_numbers_are_named_and_the_wrong_number_of_them_refused(shop):
    build.product("D", tracking="serial")
    build.bought("D", 2, serials=("D1", "D2"))
    rma = build.approved(replacing(build.sold("D", 1, serials=("D1",)), 1, "D", serials=("D1",)))
    build.received(rma, 1, "D", serials=("D1",))
    with refused("serial_required", needed_e4=e4(1), given=0):
        replaced(rma, 1, "D")
    with pytest.raises(DomainError, match="insufficient_stock"):
        replaced(rma, 1, "D", serials=("D9",))
    replaced(rma, 1, "D", serials=("D2",))
