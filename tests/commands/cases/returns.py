"""Cases of returned goods and their money."""

from __future__ import annotations

from backstock.returns.deciding.legal import keep_clocks
from backstock.returns.models import ReturnEvent
from tests import build, build_dock, build_evidence, build_inspection, build_law, build_purchases, build_refunds
from tests import build_after as after
from tests.build import DAY
from tests.cast import JIN
from tests.commands.cases.case import Case, Raw, fresh, lines, requested, too_many


def _inspected() -> str:
    return build.inspected(build.on_the_dock())


def _undoable_settlement() -> str:
    """A settlement whose money stayed in the house: nothing was paid, so it was forgiven on the account."""
    return build.settled(build.back_on_the_shelf(number=build.sold(quantity=1, paid="none")))


def _to_pay() -> str:
    """A refund that somebody pays by hand."""
    build_refunds.granted()
    return build_refunds.refund().number


def _credit() -> Raw:
    return {
        "document": build_purchases.at_the_vendor(), "supplier": JIN, "amount_cents": 5_000, "tax_cents": 650,
        "lines": lines(unit="pcs"), "reference": "CN-1",
    }  # fmt: skip


def _replacement() -> Raw:
    rma = build.received(build.approved(after.replacing(build.sold(quantity=1))))
    return {
        "document": rma, "warehouse": "MAIN", "lines": lines(line=1), "tracking_number": "T-2", "carrier": "SF",
        "signed_on": "2026-01-06", "signed": True,
    }  # fmt: skip


def _found() -> Raw:
    """What an inspection says beside its verdict; the rules ask one question."""
    build_inspection.rules(checks=build_inspection.CHECKS[:1])
    return {
        "found_reason": "used", "answers": [{"code": "sealed", "yes": True}], "sample": {"units": 1, "defects": 0},
        "photos": [build_evidence.kept().content_hash], "note": "sun was here",
    }  # fmt: skip


def _finding() -> Raw:
    rma = build_dock.waiting(1)
    build.received(rma, found="over")
    return {"document": rma, "finding": ReturnEvent.objects.order_by("-pk")[0].pk}


def _late() -> Raw:
    """A clock of the law that ran out: goods of an online customer came and nobody paid."""
    build_law.chinese()
    rma = build.received(build.approved(build.requested(build.sold(quantity=1, channel="online"))))
    keep_clocks()
    return {"document": rma, "rule": "refund", "on": "2026-03-01"}


CASES: dict[str, Case] = {
    "returns.note_purchase": Case(
        lambda: {"sale": build.sold(quantity=1), "line": 1, "code": "near_expiry", "confirmed_on": DAY.isoformat(), "holds": True},
        lambda raw: {**raw, "confirmed_on": "2026-02-01"},
        "confirmed_too_late",
    ),
    "returns.warn_clock": Case(_late, lambda raw: {**raw, "on": DAY.isoformat()}, "nothing_to_tell"),
    "returns.send_straight": Case(
        lambda: {"document": build.approved(requested()), "lines": lines(unit="pcs"), "supplier": JIN},
        too_many,
        "quantity_exceeds_authorized",
    ),
    "returns.map_reasons": Case(
        lambda: {"supplier": JIN, "reasons": [{"reason": fresh("broken"), "theirs": "E-17"}]},
        lambda raw: {**raw, "supplier": "NOBODY"},
        "unknown_partner",
    ),
    "returns.receive": Case(
        lambda: {
            "document": build.approved(requested()),
            "warehouse": "MAIN",
            "lines": lines(unit="pcs", found="damaged"),
        },
        too_many,
        "quantity_exceeds_authorized",
    ),
    "returns.announce_parcel": Case(
        lambda: {
            "tracking_number": fresh("SF"),
            "carrier": "SF",
            "documents": [build_dock.waiting(1)],
            "stated_grams": 500,
        },
        lambda raw: {**raw, "documents": ["R999999"]},
        "unknown_document",
    ),
    "returns.log_parcel": Case(
        lambda: {
            "parcel": fresh("SF"),
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
            "parcel": build_dock.arrived(fresh("SF")),
        },
        lambda raw: {**raw, "quantity_e4": build.e4(-1)},
        "invalid_quantity",
    ),
    "returns.take_in": Case(
        lambda: {
            "warehouse": "MAIN",
            "carrier": "SF",
            "tracking_number": fresh("SF"),
            "weight_grams": 500,
            "sender_name": "刘",
            "sender_phone": "138****1234",
            "route": "杭州",
            "note": "蓝色纸箱",
            "lines": lines(2, unit="pcs"),
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
        lambda: {"document": build.on_the_dock(), "lines": lines(grade="B", accepted=True, **_found())},
        too_many,
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
            "lines": lines(grade="C", accepted=True, first_accepted=True, found_reason="used", note="sun was here"),
        },
        too_many,
        "quantity_exceeds_inspected",
    ),
    "returns.dispose": Case(
        lambda: {
            "document": _inspected(),
            "lines": lines(to="restock_discounted", value_cents=1_000, ground="damage", witness="wu"),
        },
        too_many,
        "quantity_exceeds_inspected",
    ),
    "returns.ship_replacement": Case(_replacement, too_many, "replacement_exceeds_return"),
    "returns.undo_replacement": Case(
        lambda: {"document": after.replaced(_replacement()["document"], 1, "A")},
        lambda raw: {"document": requested()},
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
            "lines": lines(),
            "to": "restock",
            "cost_cents": 500,
            "repairer": JIN,
            "ground": "damage",
            "witness": "wu",
        },
        too_many,
        "quantity_exceeds_repair",
    ),
    "returns.vendor_credit": Case(_credit, too_many, "nothing_claimed"),
    "returns.undo": Case(
        lambda: {"document": build.back_on_the_shelf(), "what": "dispose"},
        lambda raw: {"document": requested(), "what": "dispose"},
        "transition_not_allowed",
    ),
    "refunds.settle": Case(
        lambda: {"document": build.back_on_the_shelf(), "amount_cents": 4_000, "fee_cents": 100, "to": "original"},
        lambda raw: {**raw, "amount_cents": 10_001},
        "refund_exceeds_return",
    ),
    "refunds.report": Case(
        lambda: {"refund": _to_pay(), "status": "paid", "reference": "G-1", "problem": ""},
        lambda raw: {**raw, "status": "unknown"},
        "transition_not_allowed",
    ),
    "refunds.confirm": Case(
        lambda: {"refund": _to_pay(), "status": "paid", "reference": "B-1"},
        lambda raw: {**raw, "refund": "F999999"},
        "unknown_document",
    ),
    "refunds.reconcile": Case(
        lambda: {
            "tender": "bank", "day": "2026-01-05",
            "lines": [
                {
                    "position": 1, "key": fresh("B"), "reference": "sun", "amount_cents": 5, "outcome": "paid",
                    "happened_on": "2026-01-05",
                }
            ],
        },
        lambda raw: {**raw, "lines": raw["lines"] * 2},
        "invalid_input",
    ),
    "refunds.resolve_difference": Case(
        lambda: {"difference": build_refunds.stranger(), "reason": "accepted", "note": "sun knows"},
        lambda raw: {**raw, "difference": "GD999999"},
        "unknown_document",
    ),
    "refunds.name_payment": Case(
        lambda: {"sale": build.sold(quantity=1, paid={"card": 100}), "tender": "card", "reference": "pi_1"},
        lambda raw: {**raw, "sale": "S999999"},
        "unknown_document",
    ),
    "refunds.undo_settlement": Case(
        lambda: {"document": _undoable_settlement()},
        lambda raw: {"document": requested()},
        "transition_not_allowed",
    ),
}  # fmt: skip
