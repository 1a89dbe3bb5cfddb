"""Goods left ahead and the old ones did not come in time: they are billed once, and credited when they come after all."""

from datetime import date

from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.returns.commands.charge_replacement import charge_due, charge_replacement
from backstock.returns.commands.undo import UndoStep, undo_step
from backstock.sales.queries import sale_figures
from tests import build, build_after
from tests.build_after import charged, overdue, replaced, replacing, taken_back
from tests.commands.test_undo import closed
from tests.ledgers import on_account, refused, written

IN_TIME, LATE = date(2026, 1, 15), date(2026, 1, 16)


def test_what_is_late_is_billed_at_the_list_price_once(shop):
    rma = overdue()
    assert charge_due(IN_TIME) == 0
    with written() as ledgers:
        assert charge_due(LATE) == 1
    assert ledgers.money == ["receivable / revenue 100.00"]
    assert charge_due(LATE) == 0
    with refused("transition_not_allowed", current="complete"):
        charged(rma, LATE)


def test_what_comes_after_all_is_credited_with_the_receipt(shop):
    rma = overdue(2)
    charged(rma, LATE)
    build.received(rma, 1, on=LATE)
    assert on_account(Role.receivable) == "100.00"
    build.received(rma, 1, on=LATE)
    assert on_account(Role.receivable) == "0.00"
    assert sale_figures("S000001").invoiced_cents == 20_000
    undo_step(UndoStep(document=rma, what="receive", on=LATE), actor=SYSTEM)
    assert charge_due(LATE) == 1
    assert on_account(Role.receivable) == "100.00"


def test_what_was_rejected_after_its_replacement_left_is_billed_at_once(shop):
    rma = build.received(build.approved(replacing(build.sold(), 2)), 2)
    replaced(rma, 2, "A")
    build.inspected(rma, 1, accepted=False)
    assert charge_due(build.DAY) == 1
    assert on_account(Role.receivable) == "100.00"


def test_a_closed_return_waits_no_longer(shop):
    closed(overdue())
    assert charge_due(build.DAY) == 1
    assert on_account(Role.receivable) == "100.00"


def test_what_was_billed_may_come_back_like_anything_bought(shop):
    rma = overdue()
    charged(rma, LATE)
    closed(rma)
    for _ in range(2):
        build.settled(build.back_on_the_shelf(1, "A", "S000001"), paid_by_hand=True)
    assert (on_account(Role.bank), on_account(Role.receivable)) == ("0.00", "0.00")


def test_the_shipment_of_billed_goods_is_not_taken_back(shop):
    rma = overdue()
    charged(rma, LATE)
    with refused("transition_not_allowed", current="billed"):
        taken_back(rma)


def test_of_a_batch_each_gets_its_own_or_its_refusal(shop):
    first, second = overdue(), build_after.overdue()
    wanted = [build_after.ChargeReplacement(document=rma, on=on) for rma, on in ((first, LATE), (second, IN_TIME))]
    outcomes = charge_replacement.batch(wanted, actor=SYSTEM, keys=["a", "b"], mode="each")
    assert [getattr(getattr(each, "error", None), "code", None) for each in outcomes] == [
        None,
        "transition_not_allowed",
    ]
