"""Write checked requests with lines, pieces and evidence, set-wise for the whole batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from backstock.core import rows
from backstock.core.amounts import E4
from backstock.core.commands import Batch, Item
from backstock.evidence.writing import Entry, append
from backstock.policies.engine import Outcome
from backstock.returns.after.reserving import reserve_requested
from backstock.returns.deciding.flowing import first_clocks
from backstock.returns.models import Return, ReturnLine, ReturnPiece, Swap
from backstock.returns.requests.planning import Plan, RequestReturn
from backstock.returns.requests.requesting import BlindLine, Matched
from backstock.sales.models import SalePiece

RETURN_FIELDS = (
    "customer_id", "type", "channel", "currency", "currency_digits", "status", "requested_on", "decided_on",
    "lapses_on", "approved_by_id", "policy_version_id", "reference", "allowance_cents",
    "flow_code", "flow_version_id", "flow", "due_at", "settle_due_at",
)  # fmt: skip
LINE_FIELDS = (
    "rma", "position", "sale_id", "sale_line_id", "product_id", "reason", "unit_price_e6", "unit_cost_e6", "decision",
    "findings", "terms", "refunded_e4", "entitled_net_cents", "entitled_tax_cents", "refunded_net_cents", "refunded_tax_cents", "replaced_e4",
)  # fmt: skip
PIECE_FIELDS = (
    "line", "sale_piece_id", "product_id", "lot_id", "per_line_e4", "requested_e4", "authorized_e4", "received_e4",
    "missing_e4", "accepted_e4", "rejected_e4", "disposed_e4", "sent_back_e4", "rejected_disposed_e4",
    "accepted_sent_back_e4",
)  # fmt: skip
WISH_FIELDS = (
    "rma_id", "line", "product_id", "wished_e4", "for_e4", "unit_price_e6", "tax_rate_e6", "net_cents", "tax_cents",
    "shipped_e4", "agreed_cents", "worth_net_cents", "worth_tax_cents", "moved_net_cents", "moved_tax_cents",
    "credited_net_cents", "credited_tax_cents",
)  # fmt: skip
STATUS = {Outcome.approve: "approved", Outcome.review: "requested", Outcome.reject: "rejected"}


def lapse_day(on: date, days: list[int | None]) -> date | None:
    """Return the last day of an authorisation given on a day: the shortest deadline of its lines counts."""
    known = [each for each in days if each is not None]
    return on + timedelta(days=min(known)) if known else None


def write_requests(batch: Batch[RequestReturn]) -> None:
    """Write the open items of a batch of requests."""
    items = batch.open
    ids = [pk or 0 for pk in rows.insert_returning(Return, RETURN_FIELDS, [_return_row(batch, i) for i in items])]
    for item, pk in zip(items, ids, strict=True):
        item.document = Return(pk=pk).number
        outcome = item.plan.outcome.name
        item.answer = {"document": item.document, "outcome": outcome, "status": STATUS[item.plan.outcome]}
        if item.plan.warnings:
            item.answer["warnings"] = item.plan.warnings
        item.emit("ReturnRequested", outcome=outcome)
    batch.log()
    line_rows, sources = [], list[tuple[Matched | BlindLine, bool]]()
    for item, pk in zip(items, ids, strict=True):
        plan: Plan = item.plan
        lines: list[Matched | BlindLine] = [*plan.matched, *plan.blind]
        for position, line in enumerate(lines, 1):
            line_rows.append((pk, position, *_line_values(line)))
            sources.append((line, plan.outcome is Outcome.approve))
    line_ids = [pk or 0 for pk in rows.insert_returning(ReturnLine, LINE_FIELDS, line_rows)]
    _write_wishes(items, ids, [line for line, _ in sources], line_ids)
    piece_rows = [row for (line, yes), pk in zip(sources, line_ids, strict=True) for row in _piece_rows(line, pk, yes)]
    rows.insert(ReturnPiece, PIECE_FIELDS, piece_rows)
    batch.write_changes(SalePiece)
    wished = [pk for item, pk in zip(items, ids, strict=True) if _holds_goods(item)]
    if wished:
        reserve_requested(wished)
    append([entry for item in items for entry in _evidence(item)], batch.recorded_at)


def _holds_goods(item: Item[RequestReturn]) -> bool:
    """Tell whether goods that are wished for wait from now on."""
    approved = item.plan.outcome is Outcome.approve and item.input.type == "exchange"
    return approved and any(line.exchange_for for line in item.input.lines)


def _write_wishes(
    items: Sequence[Item[RequestReturn]], ids: Sequence[int], lines: Sequence[Matched | BlindLine], line_ids: Sequence[int]
) -> None:  # fmt: skip
    """Write what is wished for goods, where something is."""
    owners = [pk for item, pk in zip(items, ids, strict=True) for _ in (*item.plan.matched, *item.plan.blind)]
    _insert_wishes(zip(owners, lines, line_ids, strict=True))


def _insert_wishes(entries: Iterable[tuple[int, Matched | BlindLine, int]]) -> None:
    """Write what is wished for lines: (return, line, its row)."""
    values = [
        (rma_id, line_id, w.item.id, w.wished_e4, w.for_e4, w.unit_price_e6, w.item.product.tax_rate_e6,
         w.net_cents, w.tax_cents, *(0,) * 8)
        for rma_id, line, line_id in entries
        if isinstance(line, Matched) and (w := line.wish) is not None
    ]  # fmt: skip
    rows.insert(Swap, WISH_FIELDS, values)


def write_more_lines(entries: Iterable[tuple[int, int, Sequence[Matched | BlindLine]]]) -> None:
    """Write lines that are added to requests: (return, positions taken so far, lines)."""
    added = [(rma_id, at + n, line) for rma_id, at, lines in entries for n, line in enumerate(lines, 1)]
    values = [(rma_id, position, *_line_values(line)) for rma_id, position, line in added]
    ids = rows.insert_returning(ReturnLine, LINE_FIELDS, values) if values else []
    pieces = [row for (_, _, line), pk in zip(added, ids, strict=True) for row in _piece_rows(line, pk or 0, False)]
    rows.insert(ReturnPiece, PIECE_FIELDS, pieces)
    _insert_wishes((rma_id, line, pk or 0) for (rma_id, _, line), pk in zip(added, ids, strict=True))


def _return_row(batch: Batch[RequestReturn], item: Item[RequestReturn]) -> tuple[object, ...]:
    plan: Plan = item.plan
    decided = plan.outcome is not Outcome.review
    deadlines = [line.terms.return_deadline_days for line in plan.matched]
    approved, asks = plan.outcome is Outcome.approve, plan.flow.kept()
    terms = [line.terms for line in plan.matched] + [line.terms for line in plan.blind]
    clocks = first_clocks(batch, item, asks, item.input.type, approved, terms)
    return (
        plan.customer_id, item.input.type, plan.channel, plan.currency, plan.digits, STATUS[plan.outcome], item.on,
        item.on if decided else None, lapse_day(item.on, deadlines) if approved else None,
        0, plan.rules.policy.version_id, item.input.reference or item.input.recall or "", item.input.amount_cents,
        plan.flow.code, plan.flow.version_id, asks, *clocks,
    )  # fmt: skip


def _line_values(line: Matched | BlindLine) -> tuple[object, ...]:
    kept = (line.decision.outcome.name, line.decision.kept(), line.terms.kept(), 0, 0, 0, 0, 0, 0)
    if isinstance(line, Matched):
        return (line.sold.row.pk, line.line.row.pk, line.product.pk, line.reason, None, None, *kept)
    return (0, 0, line.item.id, line.reason, line.unit_price_e6, line.unit_cost_e6, *kept)


def _piece_rows(line: Matched | BlindLine, line_id: int, approved: bool) -> list[tuple[int, ...]]:
    yes = approved and line.decision.outcome is not Outcome.reject
    rest = (0,) * 8
    if isinstance(line, Matched):
        kit = line.product.is_kit
        return [
            (
                line_id,
                piece.pk,
                piece.product_id,
                piece.lot_id,
                piece.per_line_e4 if kit else E4,
                q,
                q if yes else 0,
                *rest,
            )
            for piece, q in line.pieces
        ]
    return [(line_id, 0, line.item.id, lot_id, E4, q, q if yes else 0, *rest) for lot_id, q in line.lots]


def _evidence(item: Item[RequestReturn]) -> Sequence[Entry]:
    plan: Plan = item.plan
    document, log_id = item.document, item.log_id
    found = [
        Entry(document=document, file=plan.files.get(name), name="" if name in plan.files else name, log_id=log_id)
        for name in dict.fromkeys(item.input.evidence)
    ]
    note = item.input.note
    return found + ([Entry(document=document, note=note, log_id=log_id)] if note else [])
