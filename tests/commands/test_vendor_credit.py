"""The supplier credits what went back to it: the claim closes, the payable falls, the rest is a loss."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.money.queries import partner_balance
from backstock.partners.models import Partner
from backstock.returns.after.claims import claims_still_open
from backstock.returns.commands.request import request_return
from backstock.returns.commands.vendor_credit import credit_from_vendor
from backstock.returns.models import ReturnPiece
from backstock.returns.queries import legal_actions, loaded_return
from tests import build
from tests.build import DAY, e4
from tests.build_purchases import at_the_vendor, credit, credited
from tests.cast import JIN
from tests.commands.test_undo import state, undone
from tests.ledgers import on_account, refused, written


def owed(code, role=Role.supplier_claims):
    return partner_balance(Partner.objects.get(code=code).pk, role)


def test_closes_the_claim_and_lowers_what_we_owe(shop):
    rma = at_the_vendor(2)
    assert owed(JIN) == 12_000
    with written() as ledgers:
        credited(rma, 120)

    assert ledgers.goods == ["A 2 vendor → supplier 120.00"]
    assert ledgers.money == ["payable / supplier_claims 120.00"]
    assert (owed(JIN), owed(JIN, Role.payable)) == (0, -48_000)
    assert claims_still_open() == []


@pytest.mark.parametrize(
    ("amount", "tax", "money"),
    [
        (100, 0, ["payable / supplier_claims 100.00", "loss_on_returns / supplier_claims 20.00"]),
        (0, 0, ["loss_on_returns / supplier_claims 120.00"]),
        (150, 0, ["payable / supplier_claims 150.00", "supplier_claims / loss_on_returns 30.00"]),
        (120, 1_560, ["payable / supplier_claims 120.00", "payable / input_tax 15.60"]),
    ],
)
def test_what_the_credit_falls_short_is_lost_and_what_it_exceeds_is_won(shop, amount, tax, money):
    rma = at_the_vendor(2)
    with written() as ledgers:
        credited(rma, amount, tax_cents=tax)
    assert ledgers.money == money
    assert on_account(Role.supplier_claims) == "0.00"


def test_a_supplier_may_credit_some_pieces_now_and_the_others_later(company_db):
    build.company(quantity=3, cost="33.34")
    rma = at_the_vendor(3, number=build.sold(quantity=3))
    with written() as ledgers:
        credited(rma, 20, 1)
    assert ledgers.goods == ["A 1 vendor → supplier 33.34"]
    assert [(each.value_cents, each.goods[0][1]) for each in claims_still_open()] == [(6_668, e4(2))]

    credited(rma, 66)

    assert on_account(Role.supplier_claims) == "0.00"
    assert on_account(Role.loss_on_returns) == "14.02"


def test_each_supplier_answers_for_what_went_to_it(shop):
    build.supplier("YU")
    build.product("B")
    build.bought("B", 5, 10)
    sale = build.sold("B", 3)
    rma = build.inspected(build.on_the_dock(3, "B", sale), 3, "B")
    build.disposed(rma, 2, "B", to="return_to_vendor")
    build.disposed(rma, 1, "B", to="return_to_vendor", supplier="YU")

    with refused("which_supplier", document=rma, choices="JIN, YU"):
        credited(rma, 10)
    with refused("nothing_claimed", supplier="YU", sku="B", asked_e4=e4(2), claimed_e4=e4(1)):
        credited(rma, 10, 2, "B", supplier="YU")
    credited(rma, 10, supplier="YU")
    with refused("insufficient_stock", sku="B", asked_e4=e4(1), available_e4=0):
        undone(rma, "dispose")  # the last of them went to YU, who has credited it

    assert (owed(JIN), owed("YU")) == (2_000, 0)


def test_serial_numbers_go_back_one_by_one(shop):
    build.product("S", tracking="serial")
    build.bought("S", 2, 10, serials=("N1", "N2"))
    both = {"serials": ("N1", "N2")}
    rma = build.approved(build.requested(build.sold("S", 2, **both), 2, "S", **both), 2, "S")
    build.inspected(build.received(rma, 2, "S", **both), 2, "S")
    build.disposed(rma, 2, "S", to="return_to_vendor")
    line = {"sku": "S", "quantity_e4": e4(1), "serials": ["N2"]}
    before = state()
    with written() as ledgers:
        raw = {"document": rma, "amount_cents": 900, "lines": [line], "on": DAY.isoformat()}
        credit_from_vendor(credit_from_vendor.parse(raw), actor=SYSTEM)
    assert ledgers.goods == ["S 1 vendor → supplier 10.00"]

    undone(rma, "vendor_credit")

    assert state() == before


@pytest.mark.parametrize("cost_method", ["average", "fifo", "specific"])
def test_undo_brings_the_claim_back_exactly(company_db, cost_method):
    build.company(quantity=7, cost="33.33", cost_method=cost_method)
    rma = at_the_vendor(2)
    before = state()
    credited(rma, "50.01", 1, tax_cents=100)
    credited(rma, 0)
    undone(rma, "vendor_credit")
    undone(rma, "vendor_credit")
    assert state() == before
    with refused("transition_not_allowed", wanted="undo vendor_credit"):
        undone(rma, "vendor_credit")


def test_goods_whose_credit_has_come_stay_with_the_supplier(shop):
    rma = at_the_vendor(2)
    credited(rma, 60, 1)
    with refused("insufficient_stock", sku="A", asked_e4=e4(2), available_e4=e4(1)):
        undone(rma, "dispose")
    undone(rma, "vendor_credit")
    undone(rma, "dispose")
    assert ReturnPiece.objects.get().at_vendor_e4 == 0


def test_refuses_a_second_credit_one_that_was_never_claimed_and_too_much(shop):
    build.supplier("YU")
    rma = at_the_vendor(1)
    with refused("nothing_claimed", supplier="YU"):
        credited(rma, 1, supplier="YU")
    with refused("nothing_claimed", supplier=JIN, sku="A", asked_e4=e4(2), claimed_e4=e4(1)):
        credited(rma, 1, 2)
    line = credit(rma, 1, 1).lines[0]
    with refused("nothing_claimed", sku="A", asked_e4=e4(1), claimed_e4=0):
        credited(rma, 1, lines=(line, line))
    with refused("unknown_partner", partner="WHO"):
        credited(rma, 1, supplier="WHO")
    with refused("unknown_document", document="R99"):
        credited("R99", 1)
    assert "returns.vendor_credit" in legal_actions(loaded_return(rma))
    credited(rma, 60)
    with refused("nothing_claimed"):
        credited(rma, 60)
    assert "returns.vendor_credit" not in legal_actions(loaded_return(rma))


def test_goods_that_nobody_delivered_need_a_supplier(shop):
    build.product("F")
    line = {"sku": "F", "quantity_e4": e4(1), "unit_price_e6": 0, "unit_cost_e6": build.e6(5)}
    raw = {"customer": "SUN", "lines": [line], "on": DAY.isoformat()}
    number = request_return(request_return.parse(raw), actor=SYSTEM).document
    rma = build.inspected(build.received(build.approved(number, 1, "F"), 1, "F"), 1, "F")
    with refused("supplier_required", sku="F"):
        build.disposed(rma, 1, "F", to="return_to_vendor")
    with refused("unknown_partner", partner="WHO"):
        build.disposed(rma, 1, "F", to="return_to_vendor", supplier="WHO")
    build.disposed(rma, 1, "F", to="return_to_vendor", supplier=JIN)
    assert owed(JIN) == 500


def test_one_by_one_only_the_credit_that_is_not_owed_is_refused(shop):
    rma = at_the_vendor(2)
    inputs = [credit(rma, 60, 1), credit(rma, 60, 2), credit(rma, 50, 1)]
    outcomes = credit_from_vendor.batch(inputs, actor=SYSTEM, mode="each")
    assert [getattr(each, "error", None) and each.error.code for each in outcomes] == [None, "nothing_claimed", None]
    assert on_account(Role.loss_on_returns) == "10.00"


def test_the_same_key_twice_credits_once(shop):
    rma = at_the_vendor(2)
    first, second = (credit_from_vendor(credit(rma, 60, 1), actor=SYSTEM, key="K-1") for _ in range(2))
    assert (second.document, second.answer, second.repeated) == (first.document, first.answer, True)
    assert on_account(Role.supplier_claims) == "60.00"
