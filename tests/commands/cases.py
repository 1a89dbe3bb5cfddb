"""One good and one refused input of every command, so that what holds for all commands is tested on all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from backstock.catalog.models import Product
from backstock.core.commands import REGISTRY, Command
from backstock.core.permissions import SYSTEM
from backstock.returns.models import ReturnEvent
from backstock.warehouse.models import Warehouse
from tests import (
    build,
    build_dock,
    build_evidence,
    build_flows,
    build_inspection,
    build_purchases,
    build_sales,
    build_stock,
    build_telling,
)
from tests import build_after as after
from tests import build_owing as owing
from tests.build import DAY
from tests.cast import HE, JIN, SUN

Raw = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """`make` reaches the state in which its input is good, a new one at each call; `spoil` makes that input refused."""

    make: Callable[[], Raw]
    spoil: Callable[[Raw], Raw]
    code: str


_numbers = count(1)


def _fresh(prefix: str) -> str:
    return f"{prefix}{next(_numbers)}"


def _line(quantity: int = 1, **more: Any) -> list[Raw]:
    return [{"sku": "A", "quantity_e4": build.e4(quantity), **more}]


def _first(raw: Raw, **changes: Any) -> Raw:
    """Change the first line."""
    return {**raw, "lines": [{**raw["lines"][0], **changes}]}


def _user() -> Raw:
    return {"username": _fresh("user"), "display_name": "周", "roles": ["service"]}


def _product() -> Raw:
    return {
        "sku": _fresh("P"), "name": "茶", "spec": "50g", "brand": "山", "category": "food", "unit": "pcs", "unit_decimals": 2,
        "price_e6": build.e6(9), "tax_rate_e6": 130_000, "tax_class": "", "shelf_life_days": 365, "tracking": "none",
        "returnable": True, "units": [{"unit": "box", "numerator": 12, "denominator": 1}],
        "kit": [{"sku": "A", "quantity_e4": 10_000}], "barcodes": [{"code": _fresh("B"), "unit": "box"}],
        "prices": [{"level": "", "unit": "box", "unit_price_e6": build.e6(100)}], "images": [],
    }  # fmt: skip


def _revision() -> Raw:
    wanted = _product() | {"sku": build.product(_fresh("V"), kit={"A": 2})}
    return wanted | {"shelf_life_days": 0}


def _price() -> Raw:
    return {
        "sku": build.product(_fresh("W"), units={"box": 12}), "level": "", "unit": "box", "unit_price_e6": build.e6(99),
        "valid_from": "2026-02-01",
    }  # fmt: skip


def _named(**more: Any) -> Raw:
    return {"code": _fresh("N"), "name_zh": "名", "name_en": "name", "position": 3, "archived": False, **more}


def _partner() -> Raw:
    return {
        "code": _fresh("C"), "is_customer": True, "is_supplier": False, "name": "孙", "phone": "1", "email": "a@b",
        "address": "x", "tax_number": "91", "level": "vip", "credit_limit_cents": 5, "payment_days": 30, "notes": "n",
        "contacts": [{"name": "行者", "role": "boss", "phone": "2", "email": "c@d", "is_default": True}],
        "addresses": [{"text": "洞", "label": "home", "recipient": "孙", "phone": "3", "is_default": True}],
    }  # fmt: skip


def _sale() -> Raw:
    return {
        "customer": SUN, "channel": "online", "warehouse": "MAIN", "currency": "CNY", "rate_e9": 10**9,
        "lines": _line(1, line=1, unit="pcs", unit_price_e6=build.e6(90), discount_cents=100),
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


def _receipt() -> Raw:
    line = {"unit": "pcs", "unit_cost_e6": build.e6(60), "tax_cents": 780}
    return {"supplier": JIN, "warehouse": "MAIN", "lines": _line(2, **line), "reference": "D-1", "opening": False}


def _purchase_order() -> Raw:
    line = {"unit": "pcs", "unit_cost_e6": build.e6(60), "tax_rate_e6": 130_000}
    return {
        "supplier": JIN, "warehouse": "MAIN", "expected_on": "2026-02-01", "tolerance_e6": 50_000,
        "lines": _line(2, **line), "reference": "O-1",
    }  # fmt: skip


def _invoice() -> Raw:
    line = {"receipt": build.bought(), "line": 1, "quantity_e4": build.e4(2), "net_cents": 12_000, "tax_cents": 1_560}
    return {"supplier": JIN, "supplier_number": _fresh("F"), "invoiced_on": "2026-01-04", "lines": [line]}


def _request() -> Raw:
    line = {"line": 1, "unit": "pcs", "reason": "unwanted"}
    return {
        "sale": build.sold(quantity=1), "customer": SUN, "channel": "shop", "type": "return_refund", "lines": _line(1, **line),
        "evidence": ["photo.jpg"], "note": "sun says hello", "reference": "X-1",
    }  # fmt: skip


def _requested() -> str:
    return build.requested(build.sold(quantity=1))


def _inspected() -> str:
    return build.inspected(build.on_the_dock())


def _undoable_settlement() -> str:
    """A settlement whose money stayed in the house: nothing was paid, so it was forgiven on the account."""
    return build.settled(build.back_on_the_shelf(number=build.sold(quantity=1, paid="none")))


def _credit() -> Raw:
    return {
        "document": build_purchases.at_the_vendor(), "supplier": JIN, "amount_cents": 5_000, "tax_cents": 650,
        "lines": _line(unit="pcs"), "reference": "CN-1",
    }  # fmt: skip


def _replacement() -> Raw:
    rma = build.received(build.approved(after.replacing(build.sold(quantity=1))))
    return {
        "document": rma, "warehouse": "MAIN", "lines": _line(line=1), "tracking_number": "T-2", "carrier": "SF",
        "signed_on": "2026-01-06", "signed": True,
    }  # fmt: skip


def _too_many(raw: Raw) -> Raw:
    return _first(raw, quantity_e4=build.e4(1_000))


def _on_no_document(raw: Raw) -> Raw:
    return {**raw, "document": "R999999"}


def _lot() -> str:
    """A lot of which a customer has one piece and one is here."""
    sku, code = build.product(_fresh("L"), tracking="lot"), _fresh("LOT")
    build.bought(sku, 2, 10, lot=code)
    build.sold(sku, 1, lot=code)
    return f"{sku}:{code}"


def _recall_input() -> Raw:
    sku, code = _lot().split(":")
    return {"title": "mould", "reason": "too wet", "goods": [{"sku": sku, "codes": [code]}], "block": True}


def _recall() -> str:
    return command("returns.open_recall")(parsed("returns.open_recall", _recall_input()), actor=SYSTEM).document


def _blocked() -> Raw:
    sku, code = _lot().split(":")
    raw = {"sku": sku, "codes": [code], "reason": "smells"}
    command("stock.block")(parsed("stock.block", raw), actor=SYSTEM)
    return raw


def _quota() -> int:
    raw = {"customer": HE, "category": "none", "amount_cents": 1}
    return int(command("returns.agree_quota")(parsed("returns.agree_quota", raw), actor=SYSTEM).answer["quota"])


def _draft() -> str:
    return command("returns.draft")(parsed("returns.draft", {"text": "hello"}), actor=SYSTEM).document


def _waiting() -> Raw:
    build.policy(return_deadline_days=3)
    return {"document": build.approved(_requested()), "until": "2026-01-12", "reason": "parcel is slow"}


def _overdue() -> Raw:
    """A return that had to come on the day it was approved, seen on the day after."""
    build.policy(per_customer={HE: {"return_deadline_days": 0}})
    rma = build.approved(build.requested(build.sold(quantity=1, customer=HE)))
    return {"document": rma, "on": (DAY + timedelta(days=1)).isoformat()}


def _period() -> Raw:
    """The day after the last one that was closed here, long before anything happens."""
    day = (date(2000, 1, 1) + timedelta(days=next(_numbers))).isoformat()
    return {"through": day, "on": day}


def _both_sides() -> Raw:
    """A partner who owes us as much as we owe them."""
    partner = JIN
    owing.owed(5, partner=partner)
    owing.owed(5, partner=partner, side="payable")
    return {"partner": partner, "amount_cents": 500}


def _found() -> Raw:
    """What an inspection says beside its verdict; the rules ask one question."""
    build_inspection.rules(checks=build_inspection.CHECKS[:1])
    return {
        "found_reason": "used", "answers": [{"code": "sealed", "yes": True}], "sample": {"units": 1, "defects": 0},
        "photos": [build_evidence.kept().content_hash], "note": "sun was here",
    }  # fmt: skip


def _evidence() -> Raw:
    files = [{"content_hash": build_evidence.kept().content_hash, "name": "sun.jpg"}]
    return {
        "document": _requested(), "step": "receive", "whose": "customer", "line": 1, "lot": "", "files": files, "note": "sun says",
    }  # fmt: skip


def _erasure() -> Raw:
    return {"document": build_evidence.attached(_requested()), "evidence": [], "reason": "sun wants it"}


def _finding() -> Raw:
    rma = build_dock.waiting(1)
    build.received(rma, found="over")
    return {"document": rma, "finding": ReturnEvent.objects.order_by("-pk")[0].pk}


CASES: dict[str, Case] = {
    "evidence.attach": Case(_evidence, _on_no_document, "unknown_document"),
    "evidence.erase": Case(_erasure, _on_no_document, "unknown_document"),
    "company.add_user": Case(_user, lambda raw: {**raw, "username": "wu"}, "duplicate_code"),
    "catalog.define": Case(_product, lambda raw: {**raw, "sku": "A"}, "duplicate_code"),
    "money.close_period": Case(_period, lambda raw: {**raw, "through": "2999-01-01"}, "period_not_over"),
    "money.open_account": Case(
        lambda: {
            "code": _fresh("K"),
            "kind": "bank",
            "name_zh": "工商银行",
            "name_en": "ICBC",
            "currency": "CNY",
            "may_be_negative": True,
            "tenders": [_fresh("t")],
            "opening_cents": 0,
        },
        lambda raw: {**raw, "code": "1001"},
        "duplicate_code",
    ),
    "money.assign_tenders": Case(
        lambda: {"account": "bank", "tenders": [_fresh("t")]}, lambda raw: {**raw, "account": "none"}, "unknown_account"
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
    "documents.set_letterhead": Case(
        lambda: {
            "name_zh": "归仓",
            "name_en": "Backstock",
            "address_zh": "杭州",
            "address_en": "Hangzhou",
            "returns_to_zh": "仓",
            "returns_to_en": "dock",
            "phone": "1",
            "email": "a@b",
            "tax_number": "91",
            "footer_zh": "谢",
            "footer_en": "bye",
            "logo_hash": "",
        },
        lambda raw: {**raw, "logo_hash": "0" * 64},
        "unknown_picture",
    ),
    "notifications.set_audience": Case(
        lambda: {"topic": "received", "roles": ["finance", "buyer"]},
        lambda raw: {**raw, "topic": "weather"},
        "invalid_input",
    ),
    "notifications.write_letter": Case(
        lambda: {"kind": "approved", "language": "en", "subject": "{number}", "body": "Dear {customer}"},
        lambda raw: {**raw, "body": "Dear {friend}"},
        "unknown_placeholder",
    ),
    "notifications.resend": Case(
        lambda: {"letter": build_telling.failed_letter()}, lambda raw: {"letter": 999_999}, "unknown_letter"
    ),
    "notifications.rate": Case(
        lambda: {"document": build_telling.closed(), "stars": 4, "comment": "sun says thanks", "by_customer": False},
        lambda raw: {**raw, "document": build.requested(build.sold(quantity=1))},
        "transition_not_allowed",
    ),
    "notifications.prefer": Case(
        lambda: {"customer": build.customer(_fresh("L")), "language": "en", "wants_mail": False},
        lambda raw: {**raw, "customer": "nobody"},
        "unknown_partner",
    ),
    "catalog.revise": Case(_revision, lambda raw: {**raw, "sku": "NO"}, "unknown_product"),
    "catalog.archive": Case(
        lambda: {"sku": build.product(_fresh("X")), "archived": True},
        lambda raw: {**raw, "archived": False},
        "transition_not_allowed",
    ),
    "catalog.set_prices": Case(_price, lambda raw: {**raw, "level": "NO"}, "unknown_price_level"),
    "catalog.arrange": Case(lambda: _named(parent=""), lambda raw: {**raw, "parent": "NO"}, "unknown_category"),
    "catalog.arrange_tax_classes": Case(
        lambda: _named(rate_e6=130_000), lambda raw: {**raw, "rate_e6": -1}, "invalid_input"
    ),
    "catalog.arrange_price_levels": Case(_named, lambda raw: {**raw, "position": -1}, "invalid_input"),
    "partners.register": Case(_partner, lambda raw: {**raw, "code": SUN}, "duplicate_code"),
    "partners.revise": Case(
        lambda: _partner() | {"code": build.customer(_fresh("E"))},
        lambda raw: {**raw, "code": "nobody"},
        "unknown_partner",
    ),
    "partners.archive": Case(
        lambda: {"code": build.customer(_fresh("E")), "archived": True},
        lambda raw: {**raw, "archived": False},
        "transition_not_allowed",
    ),
    "partners.merge": Case(
        lambda: {"code": build.customer(_fresh("E")), "into": build.customer(_fresh("E"))},
        lambda raw: {**raw, "into": raw["code"]},
        "merge_into_itself",
    ),
    "partners.erase": Case(
        lambda: {"code": build.customer(_fresh("E"))}, lambda raw: {"code": "nobody"}, "unknown_partner"
    ),
    "policies.publish": Case(
        lambda: {"terms": {"window_days": 7, "reasons": {"unwanted": []}}, "valid_from": "2030-01-01"},
        lambda raw: {**raw, "terms": {"window_days": -1}},
        "invalid_input",
    ),
    "flows.publish": Case(
        lambda: {
            "code": _fresh("flow_"),
            "valid_from": "2030-01-01",
            "terms": {
                "words": {"en": "Dear goods"},
                "when": {"types": ["exchange"], "from_cents": 100},
                "levels": [{"from_cents": 0, "role": "approver"}],
                "evidence": {"receive": {"files": 2, "note": True}},
                "checklist": "required",
                "inspection": "none",
                "refund_when": "received",
                "deadlines": {"inspect": {"days": 1}, "settle": {"hours": 4}},
                "papers": ["note"],
                "told": {"GoodsReceived": ["inspector"]},
                "four_eyes": [{"steps": ["approve", "settle"]}],
            },
        },
        lambda raw: {**raw, "terms": {"levels": [{"from_cents": 0, "role": "finance"}]}},
        "role_may_not",
    ),
    "returns.waive_paper": Case(
        lambda: {"document": build_flows.incomplete(), "paper": "note", "reason": "lost"},
        lambda raw: {**raw, "paper": "receipt"},
        "paper_not_asked",
    ),
    "purchases.receive": Case(_receipt, lambda raw: {**raw, "supplier": "nobody"}, "unknown_partner"),
    "purchases.order": Case(_purchase_order, lambda raw: {**raw, "supplier": "nobody"}, "unknown_partner"),
    "purchases.revise_order": Case(
        lambda: {
            "document": build_purchases.ordered(),
            "expected_on": "2026-02-01",
            "tolerance_e6": 10_000,
            "reference": "X",
            "lines": _line(2, line=1, unit="pcs", unit_cost_e6=build.e6(50), tax_rate_e6=130_000),
        },
        lambda raw: _first(raw, line=7),
        "item_not_in_order",
    ),
    "purchases.close_order": Case(
        lambda: {"document": build_purchases.ordered(), "reason": "sold out"},
        lambda raw: {"document": build_purchases.closed(build_purchases.ordered())},
        "transition_not_allowed",
    ),
    "purchases.receive_order": Case(
        lambda: {
            "document": build_purchases.ordered(),
            "warehouse": "MAIN",
            "reference": "D-2",
            "lines": _line(2, line=1, unit="pcs", made_on="2026-01-01", expires_on="2027-01-01"),
        },
        _too_many,
        "receipt_exceeds_order",
    ),
    "purchases.invoice": Case(_invoice, _too_many, "quantity_exceeds_uninvoiced"),
    "purchases.send_back": Case(
        lambda: {
            "receipt": build.bought(),
            "warehouse": "MAIN",
            "lines": _line(2, line=1, unit="pcs"),
            "reason": "scratched",
        },
        _too_many,
        "quantity_exceeds_receipt",
    ),
    "purchases.undo": Case(
        lambda: {"document": build.bought()}, lambda raw: {"document": "P999999"}, "unknown_document"
    ),
    "sales.sell": Case(_sale, lambda raw: {**_too_many(raw), "shipped": "all"}, "insufficient_stock"),
    "sales.ship": Case(
        lambda: {"sale": build.sold(quantity=1, shipped="none"), "lines": _line(), "tracking_number": "T"},
        _too_many,
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
        lambda: {"pick": build_sales.picked(build_sales.ordered(quantity=1)), "lines": _line()},
        _too_many,
        "pick_exceeds_list",
    ),
    "sales.end_pick": Case(
        lambda: {"pick": build_sales.picked(build_sales.ordered(quantity=1))},
        lambda raw: {"pick": "K999999"},
        "unknown_document",
    ),
    "returns.request": Case(_request, lambda raw: {**raw, "customer": HE}, "wrong_customer"),
    "returns.edit": Case(
        lambda: {"document": build.requested(build.sold(quantity=2)), "lines": _line(2, line=1)},
        _too_many,
        "quantity_exceeds_returnable",
    ),
    "returns.split": Case(
        lambda: {"document": build.requested(build.sold(quantity=2), 2), "lines": _line(line=1)},
        _too_many,
        "quantity_exceeds_requested",
    ),
    "returns.merge": Case(
        lambda: {"document": _requested(), "source": _requested()}, _on_no_document, "unknown_document"
    ),
    "returns.change_type": Case(
        lambda: {"document": _requested(), "type": "refund_only", "reason": "keeps it"},
        _on_no_document,
        "unknown_document",
    ),
    "returns.agree_quota": Case(
        lambda: {"customer": HE, "category": "none", "period": "month", "percent_e6": 100_000},
        lambda raw: {**raw, "customer": "NOBODY"},
        "unknown_partner",
    ),
    "returns.end_quota": Case(lambda: {"quota": _quota()}, lambda raw: {"quota": 999_999}, "unknown_document"),
    "returns.draft": Case(
        lambda: {"text": "S000001 退货 两件", "source": "mail", "files": ["photo.jpg"]},
        lambda raw: {**raw, "text": ""},
        "invalid_input",
    ),
    "returns.settle_draft": Case(
        lambda: {"document": _draft(), "became": "R000001"}, _on_no_document, "unknown_document"
    ),
    "returns.open_recall": Case(_recall_input, lambda raw: {**raw, "goods": []}, "nothing_to_recall"),
    "returns.answer_recall": Case(
        lambda: {"document": _recall(), "customer": SUN, "answer": "contacted"},
        lambda raw: {**raw, "customer": HE},
        "nothing_to_recall",
    ),
    "returns.close_recall": Case(
        lambda: {"document": _recall(), "reason": "enough"}, lambda raw: {**raw, "reason": ""}, "recall_unfinished"
    ),
    "stock.block": Case(
        lambda: {"sku": (lot := _lot().split(":"))[0], "codes": [lot[1]], "reason": "smells"},
        lambda raw: {**raw, "codes": ["NO"]},
        "unknown_lot",
    ),
    "stock.lift_block": Case(
        _blocked, lambda raw: {**raw, "sku": (lot := _lot().split(":"))[0], "codes": [lot[1]]}, "not_blocked"
    ),
    "returns.prolong": Case(_waiting, lambda raw: {**raw, "until": "2026-01-04"}, "invalid_input"),
    "returns.approve": Case(
        lambda: {"document": _requested(), "lines": _line()}, _too_many, "quantity_exceeds_authorized"
    ),
    "returns.reject": Case(lambda: {"document": _requested(), "reason": "no"}, _on_no_document, "unknown_document"),
    "returns.cancel": Case(lambda: {"document": _requested(), "reason": "no"}, _on_no_document, "unknown_document"),
    "returns.close": Case(
        lambda: {"document": build.approved(_requested()), "reason": "done"},
        lambda raw: {"document": _requested()},
        "transition_not_allowed",
    ),
    "returns.lapse": Case(_overdue, lambda raw: {**raw, "on": DAY.isoformat()}, "transition_not_allowed"),
    "returns.receive": Case(
        lambda: {
            "document": build.approved(_requested()),
            "warehouse": "MAIN",
            "lines": _line(unit="pcs", found="damaged"),
        },
        _too_many,
        "quantity_exceeds_authorized",
    ),
    "returns.announce_parcel": Case(
        lambda: {
            "tracking_number": _fresh("SF"),
            "carrier": "SF",
            "documents": [build_dock.waiting(1)],
            "stated_grams": 500,
        },
        lambda raw: {**raw, "documents": ["R999999"]},
        "unknown_document",
    ),
    "returns.log_parcel": Case(
        lambda: {
            "parcel": _fresh("SF"),
            "carrier": "SF",
            "documents": [build_dock.waiting(1)],
            "weight_grams": 500,
            "warehouse": "MAIN",
        },
        lambda raw: {**raw, "documents": ["R999999"]},
        "unknown_document",
    ),
    "returns.scan": Case(
        lambda: {
            "document": build_dock.waiting(2),
            "sku": "A",
            "quantity_e4": build.e4(1),
            "unit": "pcs",
            "found": "damaged",
            "parcel": build_dock.arrived(_fresh("SF")),
        },
        lambda raw: {**raw, "quantity_e4": build.e4(-1)},
        "invalid_quantity",
    ),
    "returns.take_in": Case(
        lambda: {
            "warehouse": "MAIN",
            "carrier": "SF",
            "tracking_number": _fresh("SF"),
            "weight_grams": 500,
            "sender_name": "刘",
            "sender_phone": "138****1234",
            "route": "杭州",
            "note": "蓝色纸箱",
            "lines": _line(2, unit="pcs"),
        },
        lambda raw: {**raw, "lines": []},
        "quantity_required",
    ),
    "returns.match_unclaimed": Case(
        lambda: {
            "document": build_dock.taken_in(quantity=2),
            "rma": build_dock.waiting(1),
            "lines": [{"line": 1, "quantity_e4": build.e4(1), "found": "damaged"}],
        },
        lambda raw: {**raw, "rma": "R999999"},
        "unknown_document",
    ),
    "returns.place_unclaimed": Case(
        lambda: {
            "document": build_dock.taken_in(quantity=2),
            "lines": [{"line": 1, "quantity_e4": build.e4(1), "to": "send_back"}],
        },
        lambda raw: {**raw, "lines": [{"line": 2, "to": "send_back"}]},
        "not_here",
    ),
    "returns.undo_unclaimed": Case(
        lambda: {"document": build_dock.taken_in()}, lambda raw: {"document": "UN999999"}, "unknown_document"
    ),
    "returns.erase_unclaimed": Case(
        lambda: {"document": build_dock.taken_in()}, lambda raw: {"document": "UN999999"}, "unknown_document"
    ),
    "returns.send_finding_back": Case(_finding, lambda raw: {**raw, "finding": 999_999}, "finding_answered"),
    "returns.set_dock_rules": Case(
        lambda: {"unclaimed_days": 60, "blind_limits": [{"role": "service", "limit_cents": 50_000}]},
        lambda raw: {**raw, "blind_limits": [{"role": "nobody", "limit_cents": 1}]},
        "invalid_input",
    ),
    "returns.drop_scans": Case(
        lambda: {"documents": [build_dock.waiting(1)]}, lambda raw: {"documents": ["R999999"]}, "unknown_document"
    ),
    "returns.inspect": Case(
        lambda: {"document": build.on_the_dock(), "lines": _line(grade="B", accepted=True, **_found())},
        _too_many,
        "quantity_exceeds_received",
    ),
    "returns.publish_inspection": Case(
        lambda: {"terms": {"checks": build_inspection.CHECKS, "aql": "2.5"}, "valid_from": "2026-01-01"},
        lambda raw: {**raw, "terms": {"checks": build_inspection.CHECKS[:1] * 2}},
        "duplicate_line",
    ),
    "returns.give_second_opinion": Case(
        lambda: {
            "document": _inspected(),
            "lines": _line(grade="C", accepted=True, first_accepted=True, found_reason="used", note="sun was here"),
        },
        _too_many,
        "quantity_exceeds_inspected",
    ),
    "returns.dispose": Case(
        lambda: {
            "document": _inspected(),
            "lines": _line(to="restock_discounted", value_cents=1_000, ground="damage", witness="wu"),
        },
        _too_many,
        "quantity_exceeds_inspected",
    ),
    "returns.ship_replacement": Case(_replacement, _too_many, "replacement_exceeds_return"),
    "returns.undo_replacement": Case(
        lambda: {"document": after.replaced(_replacement()["document"], 1, "A")},
        lambda raw: {"document": _requested()},
        "transition_not_allowed",
    ),
    "returns.charge_replacement": Case(
        lambda: {"document": after.overdue(), "on": "2026-02-05"},
        lambda raw: {**raw, "on": "2026-01-06"},
        "transition_not_allowed",
    ),
    "returns.finish_repair": Case(
        lambda: {
            "document": after.in_repair(),
            "lines": _line(),
            "to": "restock",
            "cost_cents": 500,
            "repairer": JIN,
            "ground": "damage",
            "witness": "wu",
        },
        _too_many,
        "quantity_exceeds_repair",
    ),
    "returns.vendor_credit": Case(_credit, _too_many, "nothing_claimed"),
    "returns.undo": Case(
        lambda: {"document": build.back_on_the_shelf(), "what": "dispose"},
        lambda raw: {"document": _requested(), "what": "dispose"},
        "transition_not_allowed",
    ),
    "refunds.settle": Case(
        lambda: {"document": build.back_on_the_shelf(), "amount_cents": 4_000, "fee_cents": 100, "to": "original"},
        lambda raw: {**raw, "amount_cents": 10_001},
        "refund_exceeds_return",
    ),
    "refunds.undo_settlement": Case(
        lambda: {"document": _undoable_settlement()},
        lambda raw: {"document": _requested()},
        "transition_not_allowed",
    ),
}


def _east() -> str:
    """The same second warehouse at every call: ledgers name warehouses."""
    return build_stock.SECOND if Warehouse.objects.filter(code="EAST").exists() else build_stock.second()


def _slip() -> Raw:
    sku = build.product(_fresh("N"))
    number = build_stock.counting(scope="products", skus=[sku])
    return {"document": number, "lines": [{"sku": sku, "quantity_e4": build.e4(3), "unit": "pcs"}], "how": "set"}


def _counted() -> str:
    """A count of goods of which none were there and none were found."""
    raw = _slip()
    return build_stock.counted(raw["document"], (raw["lines"][0]["sku"], 0), how="set")


def _box() -> str:
    return "BOX" if Product.objects.filter(sku="BOX").exists() else build.product("BOX")


def _warehouse() -> str:
    return build_stock.second(code=_fresh("W"))


CASES |= {
    "stock.open_warehouse": Case(
        lambda: {"code": _fresh("W"), "name": "东仓", "shelves": ["1-1", "1-2"]},
        lambda raw: {**raw, "code": "MAIN"},
        "duplicate_code",
    ),
    "stock.archive_warehouse": Case(
        lambda: {"code": _warehouse()}, lambda raw: {"code": "MAIN"}, "warehouse_in_use"
    ),
    "stock.arrange_shelves": Case(
        lambda: {
            "warehouse": "MAIN", "add": [_fresh("S"), "S0"], "archive": [], "homes": [{"sku": "A", "shelf": "S0"}],
        },
        lambda raw: {**raw, "homes": [{"sku": "A", "shelf": "nowhere"}]},
        "unknown_shelf",
    ),
    "stock.transfer": Case(
        lambda: {
            "source": "MAIN", "target": _east(), "lines": _line(unit="pcs", grade=""), "in_two_steps": True,
            "note": "Wu drives",
        },
        _too_many,
        "insufficient_stock",
    ),
    "stock.arrive": Case(
        lambda: {
            "document": build_stock.dispatched(("A", 1), target=_east()), "lines": _line(found="arrived"),
        },
        _too_many,
        "not_on_the_way",
    ),
    "stock.count": Case(
        lambda: {
            "warehouse": "MAIN", "scope": "products", "skus": [build.product(_fresh("N"))], "category": "", "limit": 5,
            "note": "by Wu",
        },
        lambda raw: {**raw, "skus": ["NO"]},
        "unknown_product",
    ),
    "stock.count_goods": Case(_slip, lambda raw: _first(raw, sku="NO"), "unknown_product"),
    "stock.post_count": Case(
        lambda: {"document": _counted(), "uncounted": "zero", "costs": [{"sku": "A", "unit_cost_e6": 5}]},
        lambda raw: {**raw, "document": "C999999"},
        "unknown_document",
    ),
    "stock.cancel_count": Case(
        lambda: {"document": _counted()}, lambda raw: {"document": "C999999"}, "unknown_document"
    ),
    "stock.assemble": Case(
        lambda: {
            "sku": _box(), "quantity_e4": build.e4(1), "unit": "pcs", "warehouse": "MAIN", "parts": _line(),
            "taken_apart": False, "work_cents": 100, "note": "Wu glues",
        },
        lambda raw: {**raw, "parts": _line(1_000)},
        "insufficient_stock",
    ),
    "stock.set_minimum": Case(
        lambda: {"sku": "A", "warehouse": "MAIN", "minimum_e4": build.e4(2), "target_e4": build.e4(9)},
        lambda raw: {**raw, "target_e4": 0},
        "invalid_quantity",
    ),
    "stock.adjust": Case(
        lambda: {
            "warehouse": "MAIN", "lines": _line(unit="pcs", unit_cost_e6=build.e6(60)), "reason": "found", "note": "by Wu",
        },
        lambda raw: _first(raw, quantity_e4=-build.e4(1_000)),
        "insufficient_stock",
    ),
}  # fmt: skip


def command(name: str) -> Command[Any]:
    """Return a command by name."""
    return REGISTRY[name]


def good(name: str) -> Any:
    """Reach a state and build the input that is good in it."""
    return parsed(name, CASES[name].make())


def parsed(name: str, raw: Raw) -> Any:
    """Build an input on the tests' day."""
    return command(name).parse({"on": DAY.isoformat(), **raw})
