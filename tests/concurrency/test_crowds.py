"""Several people at the same moment: exactly what the goods and the money allow takes effect, whoever is first."""

from __future__ import annotations

import pytest

from backstock.catalog.models import Product
from backstock.core.commands import Done
from backstock.core.permissions import SYSTEM
from backstock.purchases.commands.receive import receive_purchase
from backstock.refunds.commands.settle import SettleReturn, settle_return
from backstock.refunds.queries import note_figures, refund_figures
from backstock.returns.commands.cancel import CancelReturn, cancel_return
from backstock.returns.commands.receive import receive_return
from backstock.returns.commands.request import request_return
from backstock.returns.queries import loaded_return, returnable
from backstock.sales.commands.sell import sell
from backstock.stock.queries import quantity_at
from tests import build
from tests.concurrency.together import many, together

ROUNDS = range(10)


@pytest.mark.parametrize("round_", ROUNDS)
def test_two_clerks_return_the_last_piece_and_one_of_them_gets_it(shop: str, round_: int) -> None:
    sale = build.sold(quantity=1)

    done, refused = together(*many(lambda _: lambda: request_return(build.request(sale), actor=SYSTEM), 2))

    assert (len(done), refused) == (1, ["quantity_exceeds_returnable"])
    assert returnable(sale, "A") == 0


@pytest.mark.parametrize("round_", ROUNDS)
def test_one_wish_sent_twice_at_once_has_one_effect_and_one_answer(shop: str, round_: int) -> None:
    sale = build.sold(quantity=2)

    done, refused = together(*many(lambda _: lambda: request_return(build.request(sale), actor=SYSTEM, key="click"), 3))

    assert not refused
    assert len({each.document for each in done}) == 1
    assert sorted(each.repeated for each in done) == [False, True, True]
    assert returnable(sale, "A") == 10_000


def test_one_receipt_sent_twice_at_once_gives_the_same_answer_not_a_refusal(shop: str) -> None:
    rma = build.approved(build.requested(build.sold()))

    done, refused = together(*many(lambda _: lambda: receive_return(build.receipt(rma), actor=SYSTEM, key="dock"), 3))

    assert (len(done), refused) == (3, [])
    assert loaded_return(rma).pieces[0].received_e4 == 10_000


def test_a_return_is_cancelled_or_received_never_both(shop: str) -> None:
    rma = build.approved(build.requested(build.sold()))

    done, refused = together(
        lambda: receive_return(build.receipt(rma), actor=SYSTEM),
        lambda: cancel_return(CancelReturn(document=rma, on=build.DAY), actor=SYSTEM),
    )

    assert (len(done), refused) == (1, ["transition_not_allowed"])


def test_a_return_settled_twice_at_once_is_paid_once(shop: str) -> None:
    rma = build.disposed(build.inspected(build.on_the_dock()))

    done, refused = together(
        *many(lambda _: lambda: settle_return(SettleReturn(document=rma, on=build.DAY), actor=SYSTEM), 3)
    )

    assert (len(done), refused) == (1, ["nothing_to_refund"] * 2)
    assert refund_figures(rma).by == {"cash": 10_000}
    assert note_figures(rma).count == 1


def test_the_last_piece_on_the_shelf_is_sold_once(shop: str) -> None:
    build.sold(quantity=9)

    done, refused = together(*many(lambda _: lambda: sell(build.sale(quantity=1), actor=SYSTEM), 3))

    assert (len(done), refused) == (1, ["insufficient_stock"] * 2)


def test_first_receipts_of_a_product_at_once_lose_nothing(shop: str) -> None:
    build.product("B")

    def deliver(n: int) -> Done:
        return receive_purchase(build.purchase("B", quantity=n + 1), actor=SYSTEM)

    done, refused = together(*many(lambda n: lambda: deliver(n), 4))

    assert (len(done), refused) == (4, [])
    assert quantity_at(Product.objects.get(sku="B").pk, ["sellable"]) == (1 + 2 + 3 + 4) * 10_000


def test_crossing_returns_of_the_same_goods_do_not_wait_for_each_other_forever(shop: str) -> None:
    build.product("B")
    build.bought("B")
    both = [build.sold("A"), build.sold("B")]
    rmas = [build.approved(build.requested(sale, sku=sku), sku=sku) for sale, sku in zip(both, "AB", strict=True)]

    done, refused = together(
        lambda: receive_return(build.receipt(rmas[0]), actor=SYSTEM),
        lambda: receive_return(build.receipt(rmas[1], sku="B"), actor=SYSTEM),
        lambda: sell(build.sale("A", 1), actor=SYSTEM),
        lambda: sell(build.sale("B", 1), actor=SYSTEM),
    )

    assert (len(done), refused) == (4, [])
