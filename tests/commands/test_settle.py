"""Step 6: credit note and refund, to the cent and only once; and a settlement taken back while no money has left."""

import pytest

from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.refunds.commands.settle import SettleReturn, settle_return
from backstock.refunds.commands.undo import UndoSettlement, undo_settlement
from backstock.refunds.errors import RefundExceedsReturn
from backstock.refunds.models import CreditNote, Refund
from backstock.refunds.queries import figures_of, note_figures, preview, refund_figures
from backstock.returns.commands.cancel import CloseReturn, close_return
from backstock.sales.models import Sale, SaleLine, SaleTender
from tests import build
from tests.build import DAY, e4
from tests.cast import HE
from tests.ledgers import on_account, refused, written


def undone(rma):
    return undo_settlement(UndoSettlement(document=rma, on=DAY), actor=SYSTEM).document


def previewed(rma, **wish):
    return figures_of(preview(SettleReturn(document=rma, on=DAY, **wish)))


def test_credits_the_customer_and_gives_the_money_back(shop):
    build.product("T", 100, tax="0.13")
    build.bought("T")
    rma = build.back_on_the_shelf(1, "T", build.sold("T", 2, paid={"card": 226}))
    with written() as ledgers:
        build.settled(rma, paid_by_hand=True)

    assert ledgers.goods == []
    assert ledgers.money == [
        "sales_returns / receivable 100.00", "output_tax / receivable 13.00", "receivable / refunds_payable 113.00",
        "refunds_payable / bank 113.00",
    ]  # fmt: skip
    assert [on_account(role) for role in (Role.receivable, Role.refunds_payable, Role.bank)] == [
        "0.00",
        "0.00",
        "113.00",
    ]
    assert (refund_figures(rma).by, refund_figures(rma).status) == ({"card": 11_300}, "paid")


def test_parts_add_up_to_the_cent(shop):
    build.product("T", "33.33", tax="0.13")
    build.bought("T")
    sale = build.sold("T", 3)
    for _ in range(3):
        build.settled(build.back_on_the_shelf(1, "T", sale))

    assert list(CreditNote.objects.order_by("pk").values_list("goods_cents", "tax_cents")) == [
        (3_333, 433), (3_333, 433), (3_333, 434),
    ]  # fmt: skip
    assert (Sale.objects.get().refunded_cents, on_account(Role.cash)) == (11_299, "0.00")


@pytest.mark.parametrize(
    "wish", [{}, {"amount_cents": 4_321}, {"fee_cents": 500}, {"to": "store_credit"}, {"shipping_cents": 300}]
)
def test_the_preview_is_what_happens(shop, wish):
    rma = build.back_on_the_shelf(1, number=build.sold(shipping_cents=1_000))
    seen = previewed(rma, **wish)
    build.settled(rma, **wish)

    done = refund_figures(rma)
    done.status = ""
    assert seen == done


def test_several_tenders_each_get_back_their_own(shop):
    sale = build.sold(quantity=3, paid={"cash": 100, "card": 150, "store_credit": 50})
    for _ in range(3):
        build.settled(build.back_on_the_shelf(1, number=sale))

    assert set(SaleTender.objects.values_list("tender", "refunded_cents")) == {
        ("cash", 10_000), ("card", 15_000), ("store_credit", 5_000),
    }  # fmt: skip


def test_what_was_never_paid_is_forgiven_first(shop):
    rma = build.back_on_the_shelf(2, number=build.sold(quantity=2, paid={"card": 150}))
    with written() as ledgers:
        build.settled(rma)

    assert refund_figures(rma).by == {"receivable": 5_000, "card": 15_000}
    assert ledgers.money[1:] == ["receivable / refunds_payable 150.00"]
    assert on_account(Role.receivable) == "0.00"


def test_an_amount_now_and_the_rest_later(shop):
    rma = build.back_on_the_shelf(1)
    build.settled(rma, amount_cents=4_000)
    build.settled(rma)

    assert (refund_figures(rma).total_cents, note_figures(rma).count) == (10_000, 2)
    with refused("nothing_to_refund", document=rma):
        build.settled(rma)


def test_a_fee_is_kept_and_return_shipping_deducted(shop):
    build.policy(restocking_fee_e6=100_000)
    rma = build.back_on_the_shelf(1)
    with written() as ledgers:
        build.settled(rma, return_shipping_cents=700)

    assert (refund_figures(rma).fee_cents, refund_figures(rma).total_cents) == (1_700, 8_300)
    assert "receivable / fee_income 17.00" in ledgers.money


@pytest.mark.parametrize(
    ("rule", "first", "second"), [("never", 0, 0), ("always", 1_000, 0), ("full_return", 0, 1_000)]
)
def test_shipping_comes_back_as_the_policy_says(shop, rule, first, second):
    build.policy(refund_shipping=rule)
    sale = build.sold(quantity=2, shipping_cents=1_000)
    given = [refund_figures(build.settled(build.back_on_the_shelf(1, number=sale))).shipping_cents for _ in "12"]
    assert given == [first, second]


def test_shipping_is_given_back_once(shop):
    sale = build.sold(quantity=2, shipping_cents=1_000)
    build.settled(build.back_on_the_shelf(1, number=sale), shipping_cents=600)
    rma = build.back_on_the_shelf(1, number=sale)
    with refused("refund_exceeds_paid", tender="shipping", asked_cents=500, paid_cents=400):
        build.settled(rma, shipping_cents=500)
    build.settled(rma, shipping_cents=400)
    with refused("shipping_already_refunded"):
        build.settled(rma, shipping_cents=1)


def test_an_amount_below_the_shipping_is_given_and_no_more(shop):
    build.policy(refund_shipping="always")
    rma = build.back_on_the_shelf(1, number=build.sold(shipping_cents=1_000))
    build.settled(rma, amount_cents=300)
    assert refund_figures(rma).by == {"cash": 300}


@pytest.mark.parametrize(
    ("terms", "by"), [({"refund_to": "store_credit"}, "store_credit"), ({"store_credit_after_days": 0}, "cash")]
)
def test_the_policy_may_give_store_credit(shop, terms, by):
    build.policy(**terms)
    rma = build.settled(build.back_on_the_shelf(1))
    assert refund_figures(rma).by == {by: 10_000}


def test_store_credit_may_get_more_than_it_gave(shop):
    rma = build.back_on_the_shelf(2, number=build.sold(quantity=2, paid={"store_credit": 50, "cash": 150}))
    build.settled(rma, to="store_credit")
    assert refund_figures(rma).by == {"store_credit": 20_000}


@pytest.mark.parametrize(
    ("when", "steps"), [("approved", 0), ("received", 1), ("inspected", 2), ("disposed", 3)]
)  # fmt: skip
def test_money_moves_when_the_policy_says_and_not_before(shop, when, steps):
    build.policy(refund_when=when)
    rma = build.approved(build.requested(build.sold()))
    for step in [build.received, build.inspected, build.disposed][:steps]:
        with refused("nothing_to_refund", document=rma):
            build.settled(rma)
        step(rma)
    build.settled(rma)
    assert refund_figures(rma).total_cents == 10_000


@pytest.mark.parametrize(
    ("wish", "code", "facts"),
    [
        ({"amount_cents": 10_001}, "refund_exceeds_return", {"asked_cents": 10_001, "left_cents": 10_000}),
        ({"fee_cents": 10_001}, "refund_exceeds_return", {"asked_cents": 10_001, "left_cents": 10_000}),
        ({"shipping_cents": 1}, "shipping_already_refunded", {}),
        ({"to": "card"}, "refund_exceeds_paid", {"tender": "card", "asked_cents": 10_000, "paid_cents": 0}),
        ({"tenders": [{"tender": "cash", "amount_cents": 10_001}]}, "refund_exceeds_return", {}),
        (
            {"tenders": [{"tender": "card", "amount_cents": 1}]},
            "refund_exceeds_paid",
            {"tender": "card", "paid_cents": 0},
        ),
    ],
)
def test_refuses(shop, wish, code, facts):
    raw = {"document": build.back_on_the_shelf(1), "on": "2026-01-05", **wish}
    with refused(code, **facts):
        settle_return(settle_return.parse(raw), actor=SYSTEM)


def test_refuses_while_nothing_is_due(shop):
    for rma in (
        build.requested(build.sold()),
        build.back_on_the_shelf(number=build.sold(invoiced=False, paid="none")),
        build.disposed(build.inspected(build.on_the_dock(), accepted=False), to="scrap"),
        build.disposed(build.inspected(build.on_the_dock()), to="send_back"),
        build.back_on_the_shelf(number=build.sold(unit_price_e6=0)),
    ):
        with refused("nothing_to_refund", document=rma):
            build.settled(rma)
    with refused("unknown_document", document="R8888"):
        build.settled("R8888")


def test_a_closed_return_may_still_be_settled(shop):
    rma = build.back_on_the_shelf()
    close_return(CloseReturn(document=rma, on=DAY), actor=SYSTEM)
    build.settled(rma)
    assert refund_figures(rma).total_cents == 10_000


def test_a_return_without_a_sale_says_where_the_money_goes(shop):
    line = {"sku": "A", "quantity_e4": e4(1), "unit_price_e6": 90_000_000}
    raw = {"customer": HE, "lines": [line], "on": "2026-01-05"}
    rma = build.request_return(build.request_return.parse(raw), actor=SYSTEM).document
    build.disposed(build.inspected(build.received(build.approved(rma))))
    with refused("tender_required", document=rma):
        build.settled(rma)
    build.settled(rma, to="cash")
    assert refund_figures(rma).by == {"cash": 9_000}


def test_above_a_limit_whoever_approved_does_not_pay(people):
    build.policy(four_eyes_above_cents=9_999)
    rma = build.requested(build.sold())
    build.disposed(build.inspected(build.received(build.approved(rma, actor=people.admin))))
    with refused("four_eyes_required", document=rma, limit_cents=9_999, actor="admin"):
        build.settled(rma, actor=people.admin)
    build.settled(rma, actor=people.zhao)


def test_a_return_twice_in_one_batch_is_paid_once(shop):
    rma = build.back_on_the_shelf()
    first, second = settle_return.batch([SettleReturn(document=rma, on=DAY)] * 2, actor=SYSTEM, mode="each")

    assert (first.document, second.error.code) == (rma, "nothing_to_refund")
    assert Refund.objects.get().amount_cents == 10_000


def test_one_by_one_a_refused_settlement_leaves_its_money_to_the_next(shop):
    sale = build.sold(quantity=2)
    rmas = [build.back_on_the_shelf(1, number=sale) for _ in "12"]
    wishes = [
        SettleReturn(document=rmas[0], amount_cents=10_001, on=DAY),
        *(SettleReturn(document=rma, on=DAY) for rma in rmas),
    ]
    refusal, *paid = settle_return.batch(wishes, actor=SYSTEM, mode="each")

    assert isinstance(refusal.error, RefundExceedsReturn)
    assert [each.answer["total_cents"] for each in paid] == [10_000, 10_000]


def test_another_currency_goes_back_at_the_rate_of_its_sale(shop):
    rma = build.back_on_the_shelf(2, number=build.sold(currency="EUR", rate_e9=7_811_111_111))
    build.settled(rma)
    assert [on_account(role) for role in (Role.cash, Role.receivable)] == ["0.00", "0.00"]


def test_taking_a_settlement_back_restores_every_figure(shop):
    sale = build.sold(paid="none", shipping_cents=500)
    rma = build.back_on_the_shelf(2, number=sale)
    before = (list(Sale.objects.values()), list(SaleLine.objects.values()), [on_account(role) for role in Role])
    build.settled(rma, shipping_cents=500, fee_cents=700)

    undone(rma)

    assert (list(Sale.objects.values()), list(SaleLine.objects.values()), [on_account(role) for role in Role]) == before
    assert (refund_figures(rma).total_cents, note_figures(rma).count) == (0, 0)
    build.settled(rma)
    assert refund_figures(rma).by == {"receivable": 20_000}


def test_taking_back_a_settlement_over_two_sales_restores_both(shop):
    sales = [build.sold(quantity=1, paid="none", shipping_cents=100 * n) for n in (1, 2)]
    lines = [{"sku": "A", "quantity_e4": e4(1), "sale": sale} for sale in sales]
    rma = build.request_return(build.request_return.parse({"lines": lines, "on": "2026-01-05"}), actor=SYSTEM).document
    build.disposed(build.inspected(build.received(build.approved(rma), 2), 2), 2)
    before = list(Sale.objects.order_by("pk").values())
    build.settled(rma, shipping_cents=300)

    undone(rma)

    assert list(Sale.objects.order_by("pk").values()) == before


def test_refuses_to_take_a_settlement_back_once_money_has_left_or_when_there_is_none(shop):
    rma = build.settled(build.back_on_the_shelf())
    with refused("money_already_sent", document=rma, step="settle"):
        undone(rma)
    fresh = build.back_on_the_shelf()
    with refused("transition_not_allowed", document=fresh, wanted="undo settle"):
        undone(fresh)


def test_two_settlements_are_taken_back_one_after_the_other(shop):
    rma = build.back_on_the_shelf(2, number=build.sold(paid="none"))
    build.settled(rma, amount_cents=5_000)
    build.settled(rma, amount_cents=6_000)
    outcomes = undo_settlement.batch([UndoSettlement(document=rma, on=DAY)] * 3, actor=SYSTEM, mode="each")

    assert [getattr(each, "error", None) and each.error.code for each in outcomes] == [
        None,
        None,
        "transition_not_allowed",
    ]
    assert Sale.objects.get().credited_cents == 0


def test_cash_that_was_rounded_comes_back_rounded_and_adds_up(company_db):
    build.company(price="3.84", cash_rounding_cents=5)
    sale = build.sold(quantity=3)
    for _ in range(3):
        build.settled(build.back_on_the_shelf(1, number=sale))
    assert on_account(Role.cash) == "0.00"
