"""What goes back to the customer: with which carrier, and who pays the freight; what the customer pays is owed."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.money.queries import partner_balance
from backstock.owing.models import OpeningItem
from backstock.owing.verify import check_owing
from backstock.partners.models import Partner
from backstock.returns.after.sending import Sending, parcels_back
from backstock.returns.commands.dispose import dispose_return
from backstock.returns.commands.finish_repair import finish_repair
from backstock.returns.queries import loaded_return
from tests import build, build_owing
from tests.build_after import in_repair, repair, replace_input
from tests.cast import SUN
from tests.commands.test_undo import state, undone
from tests.ledgers import refused, written

PAID = Sending(carrier="SF", tracking_number="SF1", freight="customer", freight_cents=1_200)


def sent_back(sending: Sending | None, to: str = "send_back") -> str:
    rma = build.inspected(build.on_the_dock(), accepted=to != "send_back")
    wanted = replace_input(build.disposal(rma, to=to), sending=sending)
    return dispose_return(wanted, actor=SYSTEM).document


def owed() -> int:
    assert list(check_owing()) == []
    return partner_balance(Partner.objects.get(code=SUN).pk, Role.receivable)


def test_the_customer_owes_the_freight_until_the_step_is_taken_back(shop):
    with written() as ledgers:
        rma = sent_back(PAID)
    assert ledgers.money[-2:] == ["cost_of_goods_sold / goods_in_quarantine 60.00", "receivable / fee_income 12.00"]
    assert owed() == 1_200
    assert OpeningItem.objects.get().owed_cents == 1_200
    undone(rma, "dispose")
    assert owed() == 0
    assert OpeningItem.objects.get().owed_cents == 0
    assert parcels_back(loaded_return(rma).row.pk) == []


@pytest.mark.parametrize("freight", ["ours", "on_delivery"])
def test_who_else_pays_is_written_down_and_owed_by_nobody(shop, freight):
    rma = sent_back(Sending(freight=freight, tracking_number="SF2"))
    assert owed() == 0
    assert [(each.freight, each.tracking_number) for each in parcels_back(loaded_return(rma).row.pk)] == [
        (freight, "SF2")
    ]  # fmt: skip


def test_a_repaired_piece_goes_back_at_the_cost_of_the_customer(shop):
    rma = in_repair()
    before = state()
    finish_repair(replace_input(repair(rma, to="send_back"), sending=PAID), actor=SYSTEM)
    assert owed() == 1_200
    undone(rma, "finish_repair")
    assert owed() == 0
    assert state() == before


def test_what_was_paid_is_not_taken_back_silently(shop):
    rma = sent_back(PAID)
    build_owing.received(12, partner=SUN)
    with refused("debt_paid"):
        undone(rma, "dispose")


def test_no_parcel_without_goods_and_no_amount_without_a_debtor(shop):
    rma = build.inspected(build.on_the_dock())
    for to, sending in (
        ("restock", PAID),
        ("send_back", Sending(freight="customer")),
        ("send_back", Sending(freight_cents=5)),
    ):
        with refused("invalid_input"):
            dispose_return(replace_input(build.disposal(rma, to=to), sending=sending), actor=SYSTEM)
