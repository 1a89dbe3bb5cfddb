"""Cases of selling."""

from __future__ import annotations

from tests import build, build_sales
from tests.cast import SUN
from tests.commands.cases.case import Case, Raw, lines, too_many


def _sale() -> Raw:
    return {
        "customer": SUN, "channel": "online", "warehouse": "MAIN", "currency": "CNY", "rate_e9": 10**9,
        "lines": lines(1, line=1, unit="pcs", unit_price_e6=build.e6(90), discount_cents=100),
        "order_discount_cents": 50, "shipping_cents": 100, "shipped": [{"sku": "A", "quantity_e4": 10_000}],
        "invoiced": True, "paid": [{"tender": "card", "amount_cents": 5_000}], "reference": "W-1", "tracking_number": "T-1",
        "carrier": "SF", "signed": True, "payment_days": 30, "promised_on": "2026-01-09", "salesperson": "wu",
        "discounts": [{"kind": "coupon", "code": "NEW", "amount_cents": 50}],
    }  # fmt: skip


def _quote() -> Raw:
    raw = _sale()
    for name in ("shipped", "invoiced", "paid", "tracking_number", "carrier", "signed", "payment_days", "promised_on"):
        raw.pop(name, None)
    return {**raw, "valid_until": "2026-02-01"}


def _paid_ahead_and_closed() -> str:
    number = build_sales.ordered(quantity=1, paid={"card": 100})
    build_sales.closed(number)
    return number


CASES: dict[str, Case] = {
    "sales.sell": Case(_sale, lambda raw: {**too_many(raw), "shipped": "all"}, "insufficient_stock"),
    "sales.ship": Case(
        lambda: {"sale": build.sold(quantity=1, shipped="none"), "lines": lines(), "tracking_number": "T"},
        too_many,
        "shipment_exceeds_order",
    ),
    "sales.invoice": Case(
        lambda: {"sale": build.sold(quantity=1, invoiced=False, paid="none")},
        lambda raw: {"sale": build.sold(quantity=1)},
        "nothing_to_invoice",
    ),
    "sales.pay": Case(
        lambda: {"sale": build.sold(quantity=1, paid="none"), "tenders": [{"tender": "card", "amount_cents": 4_000}]},
        lambda raw: {**raw, "tenders": [{"tender": "card", "amount_cents": 10_001}]},
        "payment_exceeds_owed",
    ),
    "sales.quote": Case(_quote, lambda raw: {**raw, "valid_until": "2000-01-01"}, "invalid_input"),
    "sales.confirm": Case(
        lambda: {"quote": build_sales.quoted(), "promised_on": "2026-02-01", "payment_days": 30},
        lambda raw: {**raw, "quote": build_sales.withdrawn(raw["quote"])},
        "transition_not_allowed",
    ),
    "sales.withdraw_quote": Case(
        lambda: {"quote": build_sales.quoted()}, lambda raw: {"quote": "Q999999"}, "unknown_document"
    ),
    "sales.sign": Case(
        lambda: {"shipment": build_sales.on_its_way(), "signed_on": "2026-01-06"},
        lambda raw: {**raw, "signed_on": "2026-01-04"},
        "signed_before_shipped",
    ),
    "sales.pay_back": Case(
        lambda: {"sale": _paid_ahead_and_closed(), "tenders": [{"tender": "card", "amount_cents": 4_000}]},
        lambda raw: {**raw, "tenders": [{"tender": "card", "amount_cents": 10_001}]},
        "no_deposit",
    ),
    "sales.close_order": Case(
        lambda: {"sale": build_sales.ordered()}, lambda raw: {"sale": build.sold(quantity=1)}, "nothing_to_close"
    ),
    "sales.pick": Case(
        lambda: {"sales": [build_sales.ordered(quantity=1)]},
        lambda raw: {"sales": [build.sold(quantity=1)]},
        "nothing_to_pick",
    ),
    "sales.tick": Case(
        lambda: {"pick": build_sales.picked(build_sales.ordered(quantity=1)), "lines": lines()},
        too_many,
        "pick_exceeds_list",
    ),
    "sales.end_pick": Case(
        lambda: {"pick": build_sales.picked(build_sales.ordered(quantity=1))},
        lambda raw: {"pick": "K999999"},
        "unknown_document",
    ),
}  # fmt: skip
