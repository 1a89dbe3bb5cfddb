"""Goods that the customer sent to the supplier: received, accepted and claimed as one, by who knows of it."""

import pytest

from backstock.core.commands import Refused
from backstock.core.models import CommandLog
from backstock.core.permissions import DEFAULT_GRANTS, SYSTEM, Actor
from backstock.returns.after.claims import claims_still_open
from backstock.returns.commands.send_straight import SendStraight, send_straight
from backstock.returns.queries import loaded_return, progress
from backstock.stock.reserving import all_reserved
from tests import build
from tests.build import DAY, e4
from tests.build_after import exchanging
from tests.cast import JIN
from tests.ledgers import refused, written

BUYER = Actor(None, "feng", DEFAULT_GRANTS["buyer"])


def straight(rma: str, quantity: int = 1, **more: object) -> SendStraight:
    line = {"sku": "A", "quantity_e4": e4(quantity)}
    return send_straight.parse({"document": rma, "lines": [line], "on": DAY.isoformat(), **more})


@pytest.mark.parametrize("inspection", ["required", "none"])
def test_both_ledgers_go_the_whole_way_and_a_buyer_may_say_so(shop, inspection):
    build.policy(inspection=inspection)
    rma = build.approved(build.requested(build.sold(), 2))
    with written() as ledgers:
        send_straight(straight(rma, 2), actor=BUYER)
    assert ledgers.goods == ["A 2 customer → quarantine 120.00", "A 2 quarantine → vendor 120.00"]
    assert ledgers.money == [
        "goods_in_quarantine / cost_of_goods_sold 120.00", "supplier_claims / goods_in_quarantine 120.00",
    ]  # fmt: skip
    assert progress(loaded_return(rma)) == "received"
    assert [(claim.number, claim.value_cents) for claim in claims_still_open()] == [(rma, 12_000)]
    # Whoever said it stands in the log of every step.
    assert set(CommandLog.objects.filter(document=rma).values_list("name", flat=True)) >= {
        "returns.receive", "returns.dispose", "returns.send_straight",
    }  # fmt: skip
    build.settled(rma)


def test_all_of_it_or_nothing(shop):
    rma = build.approved(build.requested(build.sold(), 2))
    with refused("quantity_exceeds_authorized"):
        send_straight(straight(rma, 3), actor=BUYER)
    # Received and inspected already when the last step finds nobody to claim from.
    with refused("unknown_partner", partner="NOBODY"):
        send_straight(straight(rma, 2, supplier="NOBODY"), actor=BUYER)
    with refused("quantity_required"):
        send_straight(SendStraight(document=rma, lines=(), on=DAY), actor=BUYER)
    undecided = build.requested(build.sold(quantity=1))
    with refused("transition_not_allowed"):
        send_straight(straight(undecided), actor=BUYER)


def test_one_of_a_batch_is_refused_without_a_trace_and_a_key_counts_once(shop):
    good, bad = (build.approved(build.requested(build.sold(quantity=1))) for _ in range(2))
    inputs = [straight(bad, supplier="NOBODY"), straight(good, supplier=JIN)]
    for _ in range(2):
        outcomes = send_straight.batch(inputs, actor=SYSTEM, keys=["a", "b"], mode="each")
        assert isinstance(outcomes[0], Refused)
        assert [claim.number for claim in claims_still_open()] == [good]
    assert not loaded_return(bad).pieces[0].received_e4


def test_an_exchange_goes_straight_too(shop):
    build.product("B", 80)
    build.bought("B", 3, 30)
    rma = build.approved(exchanging(build.sold(quantity=1)))
    send_straight(straight(rma), actor=BUYER)
    assert sum(each.quantity_e4 for each in all_reserved()) == e4(1)
