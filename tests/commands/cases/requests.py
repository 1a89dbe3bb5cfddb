"""Cases of requests and their decision, quotas and recalls."""

from __future__ import annotations

from datetime import timedelta

from backstock.core.permissions import SYSTEM
from tests import build, build_flows
from tests.build import DAY
from tests.build_after import exchanging
from tests.cast import HE, SUN
from tests.commands.cases.case import Case, Raw, command, fresh_lot, lines, on_no_document, parsed, requested, too_many


def _request() -> Raw:
    line = {"line": 1, "unit": "pcs", "reason": "unwanted"}
    return {
        "sale": build.sold(quantity=1), "customer": SUN, "channel": "shop", "type": "return_refund", "lines": lines(1, **line),
        "evidence": ["photo.jpg"], "note": "sun says hello", "reference": "X-1",
    }  # fmt: skip


def _recall_input() -> Raw:
    sku, code = fresh_lot().split(":")
    return {"title": "mould", "reason": "too wet", "goods": [{"sku": sku, "codes": [code]}], "block": True}


def _recall() -> str:
    return command("returns.open_recall")(parsed("returns.open_recall", _recall_input()), actor=SYSTEM).document


def _quota() -> int:
    raw = {"customer": HE, "category": "none", "amount_cents": 1}
    return int(command("returns.agree_quota")(parsed("returns.agree_quota", raw), actor=SYSTEM).answer["quota"])


def _draft() -> str:
    return command("returns.draft")(parsed("returns.draft", {"text": "hello"}), actor=SYSTEM).document


def _waiting() -> Raw:
    build.policy(return_deadline_days=3)
    return {"document": build.approved(requested()), "until": "2026-01-12", "reason": "parcel is slow"}


def _overdue() -> Raw:
    """A return that had to come on the day it was approved, seen on the day after."""
    build.policy(per_customer={HE: {"return_deadline_days": 0}})
    rma = build.approved(build.requested(build.sold(quantity=1, customer=HE)))
    return {"document": rma, "on": (DAY + timedelta(days=1)).isoformat()}


CASES: dict[str, Case] = {
    "returns.waive_paper": Case(
        lambda: {"document": build_flows.incomplete(), "paper": "note", "reason": "lost"},
        lambda raw: {**raw, "paper": "receipt"},
        "paper_not_asked",
    ),
    "returns.hold_goods": Case(
        lambda: {"document": build.approved(exchanging(build.sold(quantity=1), wish="A")), "hold": False},
        lambda raw: {**raw, "hold": True},
        "transition_not_allowed",
    ),
    "returns.request": Case(_request, lambda raw: {**raw, "customer": HE}, "wrong_customer"),
    "returns.edit": Case(
        lambda: {"document": build.requested(build.sold(quantity=2)), "lines": lines(2, line=1)},
        too_many,
        "quantity_exceeds_returnable",
    ),
    "returns.split": Case(
        lambda: {"document": build.requested(build.sold(quantity=2), 2), "lines": lines(line=1)},
        too_many,
        "quantity_exceeds_requested",
    ),
    "returns.merge": Case(
        lambda: {"document": requested(), "source": requested()}, on_no_document, "unknown_document"
    ),
    "returns.change_type": Case(
        lambda: {"document": requested(), "type": "refund_only", "reason": "keeps it"},
        on_no_document,
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
        lambda: {"document": _draft(), "became": "R000001"}, on_no_document, "unknown_document"
    ),
    "returns.open_recall": Case(_recall_input, lambda raw: {**raw, "goods": []}, "nothing_to_recall"),
    "returns.ask_recall": Case(lambda: {"document": _recall()}, on_no_document, "unknown_document"),
    "returns.answer_recall": Case(
        lambda: {"document": _recall(), "customer": SUN, "answer": "contacted"},
        lambda raw: {**raw, "customer": HE},
        "nothing_to_recall",
    ),
    "returns.close_recall": Case(
        lambda: {"document": _recall(), "reason": "enough"}, lambda raw: {**raw, "reason": ""}, "recall_unfinished"
    ),
    "returns.prolong": Case(_waiting, lambda raw: {**raw, "until": "2026-01-04"}, "invalid_input"),
    "returns.approve": Case(
        lambda: {"document": requested(), "lines": lines()}, too_many, "quantity_exceeds_authorized"
    ),
    "returns.reject": Case(lambda: {"document": requested(), "reason": "no"}, on_no_document, "unknown_document"),
    "returns.cancel": Case(lambda: {"document": requested(), "reason": "no"}, on_no_document, "unknown_document"),
    "returns.close": Case(
        lambda: {"document": build.approved(requested()), "reason": "done"},
        lambda raw: {"document": requested()},
        "transition_not_allowed",
    ),
    "returns.lapse": Case(_overdue, lambda raw: {**raw, "on": DAY.isoformat()}, "transition_not_allowed"),
}  # fmt: skip
