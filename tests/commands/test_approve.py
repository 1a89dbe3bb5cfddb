"""Step 2: a person says yes, to all or to a part, or no; or nothing comes of it."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.returns.commands.approve import ApproveReturn, RejectReturn, approve_return, reject_return
from backstock.returns.commands.cancel import CancelReturn, CloseReturn, cancel_return, close_return
from backstock.returns.models import Return, ReturnPiece
from backstock.returns.queries import loaded_return, progress, returnable
from tests import build
from tests.build import DAY, e4
from tests.ledgers import refused, written


def test_authorises_all_that_was_asked_for(people):
    sale = build.sold(quantity=3)
    with written() as ledgers:
        rma = build.approved(build.requested(sale, 2), actor=people.qian)

    assert ReturnPiece.objects.get().authorized_e4 == e4(2)
    row = Return.objects.get()
    assert (row.status, row.decided_on, row.approved_by_id) == ("approved", DAY, people.qian.user_id)
    assert (progress(loaded_return(rma)), ledgers.goods, ledgers.money) == ("approved", [], [])
    assert returnable(sale, "A") == e4(1)


def test_a_part_is_authorised_and_the_rest_may_be_asked_for_again(shop):
    sale = build.sold(quantity=3)
    build.approved(build.requested(sale, 3), 1)
    assert (ReturnPiece.objects.get().authorized_e4, returnable(sale, "A")) == (e4(1), e4(2))


@pytest.mark.parametrize(
    ("lines", "code", "facts"),
    [
        ([("A", 3)], "quantity_exceeds_authorized", {"sku": "A", "asked_e4": e4(3), "authorized_e4": e4(2)}),
        ([("A", 1), ("A", 2)], "quantity_exceeds_authorized", {"sku": "A", "asked_e4": e4(2), "authorized_e4": e4(1)}),
        ([("A", 0)], "quantity_required", {"sku": "A"}),
        ([("A", -1)], "invalid_quantity", {"sku": "A"}),
        ([("B", 1)], "item_not_in_sale", {"sku": "B"}),
        ([("NO", 1)], "unknown_product", {"sku": "NO"}),
    ],
)
def test_refuses_to_authorise_what_was_not_asked_for(shop, lines, code, facts):
    build.product("B")
    rma = build.requested(build.sold(quantity=5), 2)
    raw = {"document": rma, "lines": [{"sku": sku, "quantity_e4": e4(n)} for sku, n in lines]}
    with refused(code, **facts):
        approve_return(approve_return.parse(raw), actor=SYSTEM)


def test_refuses_to_authorise_a_line_that_the_policy_rejected(shop):
    build.product("B")
    build.bought("B")
    build.policy(reject_when=[{"sku": "B"}])
    lines = [{"sku": sku, "quantity_e4": e4(1)} for sku in "AB"]
    sale = build.sell(build.sell.parse({"customer": "SUN", "lines": lines, "on": "2026-01-05"}), actor=SYSTEM).document
    raw = {"sale": sale, "lines": lines, "on": "2026-01-05"}
    rma = build.request_return(build.request_return.parse(raw), actor=SYSTEM).document
    with refused("quantity_exceeds_authorized", sku="B", authorized_e4=0):
        build.approved(rma, 1, "B")

    build.approved(rma)
    assert list(ReturnPiece.objects.order_by("pk").values_list("authorized_e4", flat=True)) == [e4(1), 0]


def test_a_decision_is_made_once(shop):
    for decide in (build.approved, rejected, cancelled):
        rma = decide(build.requested(build.sold(quantity=1)))
        with refused("transition_not_allowed", document=rma, wanted="approved"):
            build.approved(rma)
        with refused("transition_not_allowed", document=rma, wanted="rejected"):
            rejected(rma)


def test_a_document_that_does_not_exist_is_refused(shop):
    for step in (build.approved, rejected, cancelled, closed):
        with refused("unknown_document", document="R77"):
            step("R77")


def rejected(rma):
    return reject_return(RejectReturn(document=rma, reason="worn", on=DAY), actor=SYSTEM).document


def cancelled(rma):
    return cancel_return(CancelReturn(document=rma, on=DAY), actor=SYSTEM).document


def closed(rma):
    return close_return(CloseReturn(document=rma, on=DAY), actor=SYSTEM).document


def test_what_is_rejected_or_cancelled_may_be_asked_for_again(shop):
    sale = build.sold(quantity=1)
    for end in (rejected, cancelled, lambda rma: cancelled(build.approved(rma))):
        with written() as ledgers:
            end(build.requested(sale))
        assert (returnable(sale, "A"), ledgers.goods, ledgers.money) == (e4(1), [], [])


def test_nothing_is_cancelled_once_goods_arrived(shop):
    rma = build.received(build.approved(build.requested(build.sold(), 2)))
    with refused("transition_not_allowed", document=rma, current="received", wanted="cancelled"):
        cancelled(rma)


def test_closing_gives_back_what_never_came(shop):
    sale = build.sold(quantity=3)
    rma = build.received(build.approved(build.requested(sale, 3)))
    build.received(rma, 1, found="missing")
    assert returnable(sale, "A") == 0

    closed(rma)

    assert (returnable(sale, "A"), Return.objects.get().status) == (e4(2), "closed")
    with refused("transition_not_allowed", document=rma, current="closed"):
        closed(rma)


def test_only_what_is_authorised_is_closed(shop):
    rma = build.requested(build.sold())
    with refused("transition_not_allowed", current="requested", wanted="closed"):
        closed(rma)


def test_money_without_goods_keeps_its_pieces_used_up_for_ever(shop):
    sale = build.sold(quantity=1)
    closed(build.approved(build.requested(sale, type="refund_only")))
    assert returnable(sale, "A") == 0


def test_one_return_twice_in_a_batch_is_decided_once(shop):
    rma = build.requested(build.sold())
    first, second = approve_return.batch([ApproveReturn(document=rma, on=DAY)] * 2, actor=SYSTEM, mode="each")

    assert (first.document, second.error.code) == (rma, "transition_not_allowed")
    assert ReturnPiece.objects.get().authorized_e4 == e4(1)
