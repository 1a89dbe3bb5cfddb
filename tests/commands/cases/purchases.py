"""Cases of buying."""

from __future__ import annotations

from tests import build, build_purchases
from tests.cast import JIN
from tests.commands.cases.case import Case, Raw, first, fresh, lines, too_many


def _receipt() -> Raw:
    line = {"unit": "pcs", "unit_cost_e6": build.e6(60), "tax_cents": 780}
    return {"supplier": JIN, "warehouse": "MAIN", "lines": lines(2, **line), "reference": "D-1", "opening": False}


def _purchase_order() -> Raw:
    line = {"unit": "pcs", "unit_cost_e6": build.e6(60), "tax_rate_e6": 130_000}
    return {
        "supplier": JIN, "warehouse": "MAIN", "expected_on": "2026-02-01", "tolerance_e6": 50_000,
        "lines": lines(2, **line), "reference": "O-1",
    }  # fmt: skip


def _invoice() -> Raw:
    line = {"receipt": build.bought(), "line": 1, "quantity_e4": build.e4(2), "net_cents": 12_000, "tax_cents": 1_560}
    return {"supplier": JIN, "supplier_number": fresh("F"), "invoiced_on": "2026-01-04", "lines": [line]}


CASES: dict[str, Case] = {
    "purchases.receive": Case(_receipt, lambda raw: {**raw, "supplier": "nobody"}, "unknown_partner"),
    "purchases.order": Case(_purchase_order, lambda raw: {**raw, "supplier": "nobody"}, "unknown_partner"),
    "purchases.revise_order": Case(
        lambda: {
            "document": build_purchases.ordered(),
            "expected_on": "2026-02-01",
            "tolerance_e6": 10_000,
            "reference": "X",
            "lines": lines(2, line=1, unit="pcs", unit_cost_e6=build.e6(50), tax_rate_e6=130_000),
        },
        lambda raw: first(raw, line=7),
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
            "lines": lines(2, line=1, unit="pcs", made_on="2026-01-01", expires_on="2027-01-01"),
        },
        too_many,
        "receipt_exceeds_order",
    ),
    "purchases.invoice": Case(_invoice, too_many, "quantity_exceeds_uninvoiced"),
    "purchases.send_back": Case(
        lambda: {
            "receipt": build.bought(),
            "warehouse": "MAIN",
            "lines": lines(2, line=1, unit="pcs"),
            "reason": "scratched",
        },
        too_many,
        "quantity_exceeds_receipt",
    ),
    "purchases.undo": Case(
        lambda: {"document": build.bought()}, lambda raw: {"document": "P999999"}, "unknown_document"
    ),
}  # fmt: skip
