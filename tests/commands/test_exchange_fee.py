"""An exchange costs a fee only where the policy says so: owed with the shipment, taken back with it, beside the difference."""

from backstock.money.accounts import Role
from backstock.money.queries import partner_balance
from backstock.owing.verify import check_owing
from backstock.partners.models import Partner
from backstock.returns.after.exchanges import exchange_figures
from tests import build, build_owing
from tests.build_after import replaced, replacing, swapping, taken_back
from tests.cast import SUN
from tests.ledgers import on_account, refused, written


def owed() -> int:
    assert list(check_owing()) == []
    return partner_balance(Partner.objects.get(code=SUN).pk, Role.receivable)


def test_nothing_by_default_and_a_share_of_the_old_goods_where_agreed(shop):
    build.policy(restocking_fee_e6=100_000)
    replaced(swapping(price=100))
    assert owed() == 0
    build.policy(exchange_fee_e6=50_000, restocking_fee_e6=100_000)
    rma = build.received(build.approved(build.requested(build.sold(quantity=2), 2, type="exchange")), 2)
    with written() as ledgers:
        replaced(rma, 1, "A")
    assert ledgers.money[-1] == "receivable / fee_income 5.00"
    replaced(rma, 1, "A")
    assert owed() == 1_000


def test_it_lies_beside_the_difference_and_goes_with_the_shipment(shop):
    build.policy(exchange_fee_e6=50_000)
    rma = swapping(price=130)
    figures = exchange_figures(rma)
    replaced(rma)
    # The difference of 30 and the fee of 5.
    assert (figures.customer_pays_cents, owed()) == (3_000, 3_500)
    taken_back(rma)
    assert (owed(), on_account(Role.fee_income)) == (0, "0.00")
    replaced(rma)
    assert owed() == 3_500


def test_a_replacement_costs_nothing_and_a_paid_fee_holds_the_shipment(shop):
    build.policy(exchange_fee_e6=50_000)
    replaced(build.received(build.approved(replacing(build.sold(quantity=1)))), 1, "A")
    assert owed() == 0
    rma = replaced(swapping(price=100))
    build_owing.received(5, partner=SUN)
    with refused("debt_paid"):
        taken_back(rma)
