"""Cases of money and of what is owed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from backstock.config.subscriptions import SUBSCRIPTIONS
from backstock.core import events
from backstock.core.permissions import SYSTEM
from backstock.refunds.models import CreditNote, Refund
from backstock.sales.models import Invoice
from tests import build
from tests import build_owing as owing
from tests.cast import HE, JIN, SUN
from tests.commands.cases.case import Case, Raw, command, fresh, number, parsed


def _period() -> Raw:
    """The day after the last one that was closed here, long before anything happens."""
    day = (date(2000, 1, 1) + timedelta(days=number())).isoformat()
    return {"through": day, "on": day}


def _credit() -> Raw:
    """Store credit that may be used on the day it is given only."""
    build.policy(refund_to="store_credit", store_credit_days=0)
    rma = build.back_on_the_shelf()
    build.policy()
    build.settled(rma)
    return {"refund": Refund.objects.order_by("-pk")[0].number, "on": (build.DAY + timedelta(days=1)).isoformat()}


def _both_sides() -> Raw:
    """A partner who owes us as much as we owe them."""
    partner = JIN
    owing.owed(5, partner=partner)
    owing.owed(5, partner=partner, side="payable")
    return {"partner": partner, "amount_cents": 500}


def _posted_month() -> Raw:
    """A month of its own, in which something was posted."""
    months = build.DAY.month + number()
    day = build.DAY.replace(year=build.DAY.year + months // 12, month=months % 12 + 1)
    owing.owed(5, partner=SUN, on=day)
    return {"month": day.isoformat()}


def _credited_year() -> Raw:
    """A year of its own, in which a credit note was written."""
    day = build.DAY.replace(year=build.DAY.year + 1 + number() % 900)
    build.settled(build.back_on_the_shelf(), on=day)
    return {"through": day.isoformat()}


def _to_accrue() -> Raw:
    """Goods that came and are not credited."""
    rma = build.back_on_the_shelf(number=build.sold(quantity=1, paid="none"))
    return {"through": build.DAY.isoformat(), "documents": [rma]}


@contextmanager
def followers_off() -> Iterator[None]:
    """Let nothing follow of what is done inside, as if the process were killed right after it."""
    events.subscribe({})
    try:
        yield
    finally:
        events.subscribe(SUBSCRIPTIONS)


def _accrued() -> Raw:
    """An accrual whose follower was killed before it took it back."""
    raw = _to_accrue()
    with followers_off():
        made = command("books.accrue")(parsed("books.accrue", raw), actor=SYSTEM)
    return {"document": str(made.document), "on": (build.DAY + timedelta(days=1)).isoformat()}


def _to_estimate() -> Raw:
    """A month in which something was sold, with a rate that somebody knows better, another one at each call."""
    command("money.choose_chart")(parsed("money.choose_chart", {"chart": "enterprise"}), actor=SYSTEM)
    build.sold(quantity=1)
    day = build.DAY.isoformat()
    rate = {"month": day, "category": "", "rate_e6": 1_000_000 - number() % 400 * 1_000, "reason": "a bad lot"}
    return {"through": day, "overrides": [rate]}


def _blue(**more: Any) -> Raw:
    """A bill of ours for which the tax invoice is recorded."""
    sale = build.sold(quantity=1)
    bill = Invoice.objects.order_by("-pk")[0].number
    raw = {"invoice": bill, "number": f"25{number():018d}", "issued_on": build.DAY.isoformat(), **more}
    return {"sale": sale, "raw": raw}


def _to_ask(used: bool = False) -> Raw:
    """A credit note of a sale with a blue invoice."""
    made = _blue(used=used)
    command("books.record_blue")(parsed("books.record_blue", made["raw"]), actor=SYSTEM)
    build.settled(build.back_on_the_shelf(number=made["sale"]))
    note = CreditNote.objects.order_by("-pk")[0].number
    return {"document": note, "blue": made["raw"]["number"], "confirmation": "QR1"}


def _asked(used: bool = False) -> str:
    """A red invoice that was asked for."""
    return str(command("books.ask_red")(parsed("books.ask_red", _to_ask(used)), actor=SYSTEM).document)


CASES: dict[str, Case] = {
    "books.record_blue": Case(
        lambda: _blue()["raw"], lambda raw: {**raw, "invoice": "I999999"}, "unknown_document"
    ),
    "books.ask_red": Case(_to_ask, lambda raw: {**raw, "blue": "999"}, "blue_invoice_missing"),
    "books.confirm_red": Case(
        lambda: {"document": _asked(used=True)}, lambda raw: {**raw, "document": "HZ999999"}, "unknown_document"
    ),
    "books.issue_red": Case(
        lambda: {"document": _asked(), "number": f"26{number():018d}", "issued_on": build.DAY.isoformat()},
        lambda raw: {**raw, "document": "HZ999999"},
        "unknown_document",
    ),
    "books.withdraw_red": Case(
        lambda: {"document": _asked()}, lambda raw: {**raw, "document": "HZ999999"}, "unknown_document"
    ),
    "books.post_credit_notes": Case(_credited_year, lambda raw: {**raw, "through": "1999-01-01"}, "notes_numbered"),
    "books.accrue": Case(_to_accrue, lambda raw: {**raw, "documents": ["R999999"]}, "nothing_to_accrue"),
    "books.reverse_accrual": Case(_accrued, lambda raw: {**raw, "document": "YT999999"}, "unknown_document"),
    "books.estimate_returns": Case(_to_estimate, lambda raw: {**raw, "through": "2999-01-01"}, "period_not_over"),
    "books.post_vouchers": Case(_posted_month, lambda raw: {**raw, "month": "1999-01-01"}, "nothing_to_post"),
    "refunds.expire_credit": Case(_credit, lambda raw: {**raw, "refund": "F999999"}, "unknown_document"),
    "money.choose_chart": Case(
        lambda: {"chart": "enterprise"}, lambda raw: {**raw, "chart": "none"}, "invalid_input"
    ),
    "money.revise_account": Case(
        lambda: {"account": "expenses", "code": fresh("X"), "name_zh": "费用", "name_en": "Costs"},
        lambda raw: {**raw, "code": "1002"},
        "duplicate_code",
    ),
    "money.close_period": Case(_period, lambda raw: {**raw, "through": "2999-01-01"}, "period_not_over"),
    "money.open_account": Case(
        lambda: {
            "code": fresh("K"),
            "kind": "bank",
            "name_zh": "工商银行",
            "name_en": "ICBC",
            "currency": "CNY",
            "may_be_negative": True,
            "tenders": [fresh("t")],
            "opening_cents": 0,
        },
        lambda raw: {**raw, "code": "1001"},
        "duplicate_code",
    ),
    "money.assign_tenders": Case(
        lambda: {"account": "bank", "tenders": [fresh("t")]}, lambda raw: {**raw, "account": "none"}, "unknown_account"
    ),
    "money.move": Case(
        lambda: {
            "source": "bank",
            "target": "cash",
            "amount_cents": 100,
            "fee_cents": 10,
            "arrived_cents": 80,
            "memo": "x",
        },
        lambda raw: {**raw, "fee_cents": 100},
        "invalid_amount",
    ),
    "money.book": Case(
        lambda: {
            "kind": "expense",
            "account": "bank",
            "category": "rent",
            "amount_cents": 100,
            "partner": JIN,
            "memo": "x",
        },
        lambda raw: {**raw, "account": "none"},
        "unknown_account",
    ),
    "money.take_back": Case(
        lambda: {"document": owing.booked("expense", 3, account="bank")},
        lambda raw: {"document": "EX999999"},
        "unknown_document",
    ),
    "owing.receive": Case(
        lambda: {
            "partner": SUN,
            "lines": [{"tender": "card", "amount_cents": 9_900}],
            "discount_cents": 100,
            "settles": [{"document": build.sold(quantity=1, paid="none"), "amount_cents": 10_000}],
            "currency": "CNY",
            "rate_e9": 10**9,
            "reference": "B-1",
            "memo": "sun pays",
        },
        lambda raw: {**raw, "partner": HE},
        "wrong_partner",
    ),
    "owing.pay": Case(
        lambda: {
            "partner": JIN,
            "lines": [{"tender": "bank", "amount_cents": 100}],
            "discount_cents": 0,
            "settles": "none",
            "currency": "CNY",
            "rate_e9": 10**9,
            "reference": "B-1",
            "memo": "to jin",
        },
        lambda raw: {**raw, "lines": [{"tender": "cash", "amount_cents": 10**9}]},
        "account_short",
    ),
    "owing.open": Case(
        lambda: {
            "side": "receivable",
            "partner": SUN,
            "reference": "X",
            "invoiced_on": "2025-12-01",
            "due_on": "2025-12-31",
            "amount_cents": 100,
            "currency": "CNY",
            "rate_e9": 10**9,
            "prepayment": False,
        },
        lambda raw: {**raw, "partner": "nobody"},
        "unknown_partner",
    ),
    "owing.allocate": Case(
        lambda: {"document": owing.received(5, settles="none"), "settles": [{"document": owing.owed(5)}]},
        lambda raw: {**raw, "settles": [{"document": owing.owed(5, partner=HE)}]},
        "wrong_partner",
    ),
    "owing.release": Case(
        lambda: {"target": (debt := owing.owed(5)), "document": owing.received(5, settles={debt: 5})},
        lambda raw: {**raw, "target": owing.owed(5)},
        "nothing_open",
    ),
    "owing.refund": Case(
        lambda: {"document": owing.received(5, settles="none"), "line": {"tender": "bank", "amount_cents": 500}},
        lambda raw: {**raw, "line": {"tender": "bank", "amount_cents": 501}},
        "allocation_exceeds_rest",
    ),
    "owing.take_back": Case(
        lambda: {"document": owing.received({"card": 5}, settles="none")},
        lambda raw: {"document": "CR999999"},
        "unknown_document",
    ),
    "owing.set_off": Case(_both_sides, lambda raw: {**raw, "amount_cents": 10**10}, "allocation_exceeds_open"),
    "owing.write_off": Case(
        lambda: {"document": owing.owed(5), "amount_cents": 400, "reason": "gone"},
        lambda raw: {**raw, "amount_cents": 501},
        "allocation_exceeds_open",
    ),
    "owing.approve_write_off": Case(
        lambda: {"document": owing.asked_off(owing.owed(5)), "approve": True},
        lambda raw: {"document": "WO999999"},
        "unknown_document",
    ),
}  # fmt: skip
