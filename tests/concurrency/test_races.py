"""Races that a shop really has, run again and again: whoever is first, the ledgers are right and nobody waits forever."""

from __future__ import annotations

from functools import partial

import pytest

from backstock.catalog.commands.define import DefineProduct, define_product
from backstock.catalog.models import Lot, Product
from backstock.core.commands import Done, Refused
from backstock.core.models import Company, User
from backstock.core.people import AddUser, add_user
from backstock.core.permissions import SYSTEM
from backstock.evidence.commands.attach import attach_evidence
from backstock.evidence.commands.erase import EraseEvidence, erase_evidence
from backstock.evidence.verify import check_evidence
from backstock.partners.commands.register import RegisterPartner, register_partner
from backstock.partners.models import Partner
from backstock.purchases.commands.receive import receive_purchase
from backstock.refunds.commands.settle import SettleReturn, settle_return
from backstock.refunds.models import Refund
from backstock.returns.commands.announce_parcel import AnnounceParcel, announce_parcel
from backstock.returns.commands.cancel import CancelReturn, cancel_return
from backstock.returns.commands.receive import receive_return
from backstock.returns.commands.request import request_return
from backstock.returns.commands.undo import UndoStep, undo_step
from backstock.returns.models import Parcel
from backstock.returns.queries import returnable
from backstock.sales.commands.pay import PaySale, pay_sale
from backstock.sales.commands.sell import Tender, sell
from backstock.sales.models import Sale
from backstock.stock.queries import quantity_at
from backstock.warehouse.commands.found import FoundCompany, found_company
from tests import build, build_dock, build_evidence
from tests.build import DAY
from tests.build_purchases import sent_back
from tests.concurrency.together import many, together

ROUNDS = 10


@pytest.fixture
def stocked(shop: str) -> str:
    """A shop with plenty of A."""
    build.bought(quantity=1_000)
    return shop


def test_the_last_piece_of_a_sale_comes_back_once_each_time(stocked: str) -> None:
    for _ in range(ROUNDS):
        sale = build.sold(quantity=1)
        done, refused = together(*[partial(request_return, build.request(sale), actor=SYSTEM)] * 3)
        assert (len(done), refused) == (1, ["quantity_exceeds_returnable"] * 2)


def test_a_return_is_received_or_cancelled_each_time(stocked: str) -> None:
    for _ in range(ROUNDS):
        rma = build.approved(build.requested(build.sold()))
        done, refused = together(
            lambda rma=rma: receive_return(build.receipt(rma), actor=SYSTEM),
            lambda rma=rma: cancel_return(CancelReturn(document=rma, on=DAY), actor=SYSTEM),
        )
        assert (len(done), refused) == (1, ["transition_not_allowed"])


def test_a_return_is_paid_once_each_time(stocked: str) -> None:
    for _ in range(ROUNDS):
        rma = build.back_on_the_shelf()
        done, refused = together(*[partial(settle_return, SettleReturn(document=rma, on=DAY), actor=SYSTEM)] * 2)
        assert (len(done), refused) == (1, ["nothing_to_refund"])
    assert Refund.objects.count() == ROUNDS


def test_the_last_piece_on_the_shelf_is_sold_or_taken_back_into_quarantine(shop: str) -> None:
    rma = build.back_on_the_shelf(1)
    build.sold(quantity=8)
    for _ in range(ROUNDS):
        done, refused = together(
            lambda: sell(build.sale(quantity=1), actor=SYSTEM),
            lambda: undo_step(UndoStep(document=rma, what="dispose", on=DAY), actor=SYSTEM),
        )
        assert (len(done), refused) == (1, ["insufficient_stock"])
        if done[0].document == rma:
            build.disposed(rma)
        else:
            build.bought(quantity=1)


def test_returns_of_one_sale_settled_at_once_share_its_tenders(stocked: str) -> None:
    for _ in range(ROUNDS // 2):
        sale = build.sold(quantity=3, paid={"cash": 100, "card": 200})
        rmas = [build.back_on_the_shelf(1, number=sale) for _ in range(3)]
        done, refused = together(
            *[partial(settle_return, SettleReturn(document=rma, on=DAY), actor=SYSTEM) for rma in rmas]
        )
        assert (len(done), refused) == (3, [])
        assert Sale.objects.get(pk=int(sale[1:])).refunded_cents == 30_000


def test_a_bill_is_paid_once(stocked: str) -> None:
    for _ in range(ROUNDS // 2):
        sale = build.sold(quantity=1, paid="none")
        money = PaySale(sale=sale, tenders=(Tender(tender="card", amount_cents=10_000),), on=DAY)
        done, refused = together(*[partial(pay_sale, money, actor=SYSTEM)] * 2)
        assert (len(done), refused) == (1, ["payment_exceeds_owed"])


def test_batches_that_meet_in_opposite_order_do_not_wait_for_each_other_forever(stocked: str) -> None:
    for _ in range(ROUNDS // 2):
        sales = [build.sold(quantity=2) for _ in range(10)]
        there, back = [build.request(sale) for sale in sales], [build.request(sale) for sale in reversed(sales)]
        done, refused = together(
            lambda there=there: request_return.batch(there, actor=SYSTEM)[0],
            lambda back=back: request_return.batch(back, actor=SYSTEM)[0],
        )
        assert (len(done), refused) == (2, [])
        assert [returnable(sale, "A") for sale in sales] == [0] * 10


def test_deliveries_of_the_same_goods_in_opposite_order_do_not_wait_for_each_other_forever(stocked: str) -> None:
    skus = [build.product(f"P{n}") for n in range(20)]
    for _ in range(ROUNDS):
        there = [build.purchase(sku, 1, 1) for sku in skus]
        done, refused = together(
            partial(receive_purchase.batch, there, actor=SYSTEM),
            partial(receive_purchase.batch, there[::-1], actor=SYSTEM),
        )
        assert (len(done), refused) == (2, [])


def test_one_key_in_two_batches_at_once_has_one_effect(stocked: str) -> None:
    for n in range(ROUNDS // 2):
        sale, keys = build.sold(quantity=1), [f"{n}-a", f"{n}-b"]
        inputs = [build.request(sale), build.request(build.sold(quantity=1))]
        answers: list[list[Done | Refused]] = []

        def send(inputs=inputs, keys=keys, answers=answers) -> Done:
            answers.append(request_return.batch(inputs, actor=SYSTEM, keys=keys, mode="each"))
            return Done("")

        assert together(send, send)[1] == []
        assert [each.document for each in answers[0]] == [each.document for each in answers[1]]
        assert returnable(sale, "A") == 0


def test_a_lot_that_two_deliveries_name_first_is_one_lot(shop: str) -> None:
    build.product("L", tracking="lot")
    for n in range(ROUNDS // 2):
        delivery = build.purchase("L", 1, 10, lot=f"L{n}")
        done, refused = together(*[partial(receive_purchase, delivery, actor=SYSTEM)] * 3)
        assert (len(done), refused) == (3, [])
    assert Lot.objects.count() == ROUNDS // 2
    assert quantity_at(Product.objects.get(sku="L").pk, ["sellable"]) == 3 * (ROUNDS // 2) * 10_000


def test_a_serial_number_that_two_deliveries_bring_comes_in_once(shop: str) -> None:
    build.product("S", tracking="serial")
    for n in range(ROUNDS // 2):
        delivery = build.purchase("S", 1, 10, serials=(f"N{n}",))
        done, refused = together(*[partial(receive_purchase, delivery, actor=SYSTEM)] * 2)
        assert (len(done), refused) == (1, ["serial_in_use"])


def test_a_serial_number_that_went_back_comes_again_once(shop: str) -> None:
    build.product("S", tracking="serial")
    for n in range(ROUNDS // 2):
        delivery = build.purchase("S", 1, 10, serials=(f"N{n}",))
        sent_back(receive_purchase(delivery, actor=SYSTEM).document, 1, "S", serials=(f"N{n}",))
        done, refused = together(*[partial(receive_purchase, delivery, actor=SYSTEM)] * 3)
        assert (len(done), refused) == (1, ["serial_in_use"] * 2)


def test_a_code_is_given_once(shop: str) -> None:
    for n in range(ROUNDS // 2):
        for step in (
            lambda n=n: register_partner(RegisterPartner(code=f"C{n}", on=DAY), actor=SYSTEM),
            lambda n=n: define_product(DefineProduct(sku=f"P{n}", on=DAY), actor=SYSTEM),
            lambda n=n: add_user(AddUser(username=f"u{n}", on=DAY), actor=SYSTEM),
        ):
            done, refused = together(step, step)
            assert (len(done), refused) == (1, ["duplicate_code"])
    assert [model.objects.filter(pk__gt=0).count() for model in (Partner, Product, User)] == [3 + 5, 1 + 5, 5]


def test_a_company_is_founded_once(company_db: str) -> None:
    done, refused = together(*many(lambda n: lambda: found_company(FoundCompany(name=f"No. {n}"), actor=SYSTEM), 3))
    assert (len(done), refused) == (1, ["duplicate_code"] * 2)
    assert Company.objects.count() == 1


def test_a_parcel_is_written_down_once_whoever_announces_it(stocked: str) -> None:
    for n in range(ROUNDS):
        returns = [build_dock.waiting(1) for _ in range(2)]
        wanted = [AnnounceParcel(tracking_number=f"SF{n}", documents=(rma,), on=DAY) for rma in returns]
        done, refused = together(*[partial(announce_parcel, each, actor=SYSTEM) for each in wanted])
        assert refused in ([], ["duplicate_code"])
        assert Parcel.objects.filter(tracking_number=f"SF{n}").count() == 1
        assert len(done) + len(refused) == 2


def test_a_photo_that_is_erased_of_one_return_is_not_lost_to_another(stocked: str) -> None:
    first, second = build_dock.waiting(1), build_dock.waiting(1)
    for n in range(ROUNDS):
        photo = build_evidence.picture(size=(16 + n, 16))
        build_evidence.attached(first, photo)
        brought = build_evidence.attachment(second, photo)
        together(
            lambda: erase_evidence(EraseEvidence(document=first, on=DAY), actor=SYSTEM),
            lambda brought=brought: attach_evidence(brought, actor=SYSTEM),
        )
    assert check_evidence("all") == []
