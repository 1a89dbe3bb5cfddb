"""Take the last settlement of a return back, while no money has left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic.dataclasses import dataclass as typed

from backstock.core import rows
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import TransitionNotAllowed
from backstock.core.permissions import UNDO_NEEDS
from backstock.money.accounts import Role
from backstock.money.posting import Entry, post
from backstock.money.queries import transfers_of_logs
from backstock.money.transfers import Pay
from backstock.owing.crediting import Credits, load_credits, take_credits_back, write_taken_back
from backstock.owing.models import PartnerPayment
from backstock.refunds.granting import recall
from backstock.refunds.lifecycle import take_back
from backstock.refunds.models import CreditNote, CreditNoteLine, Refund
from backstock.refunds.notes import standing_notes_of
from backstock.refunds.sold import SoldMoney, read_sales
from backstock.returns.errors import AlreadyRefunded
from backstock.returns.loading import LoadedReturn, load_returns, return_of
from backstock.returns.models import ReturnLine, Swap
from backstock.sales.models import Sale, SaleLine, SaleTender

# What was only forgiven on the customer's account has not left the house.
STAYED = ("receivable",)


@typed(frozen=True, kw_only=True, config=STRICT)
class UndoSettlement(Input):
    """Which return; its last settlement is taken back."""

    document: str


@dataclass(slots=True)
class Plan:
    """A settlement that can be taken back."""

    rma: LoadedReturn
    note: CreditNote
    refunds: list[Refund]
    transfers: list[Pay]
    credits: list[PartnerPayment]


@command("refunds.undo_settlement", UndoSettlement, permission=lambda _: UNDO_NEEDS["settle"])
def undo_settlement(batch: Batch[UndoSettlement]) -> None:
    """Mirror the last credit note; refused once money has left."""
    returns = load_returns(item.input.document for item in batch.open)
    sold = read_sales(list(returns.values()), lock=True)
    past = _read_past(returns.values())
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            item.plan = _plan(batch, rma, sold, past)
            item.document, item.answer = rma.row.number, {"document": rma.row.number}
            item.emit("SettlementUndone")
    batch.log()
    fields = (
        "rma_id", "customer_id", "log_id", "issued_on", "currency", "goods_cents", "tax_cents", "shipping_cents",
        "fee_cents", "waived_cents", "rounding_cents", "mirrors_log_id",
    )  # fmt: skip
    notes = [(item, item.plan.note) for item in batch.open]
    rows.insert(
        CreditNote,
        fields,
        [
            (
                n.rma_id, n.customer_id, item.log_id, item.on, n.currency, -n.goods_cents, -n.tax_cents, -n.shipping_cents,
                -n.fee_cents, -n.waived_cents, -n.rounding_cents, n.log_id,
            )
            for item, n in notes
        ],
    )  # fmt: skip
    refunds = [refund for item in batch.open for refund in item.plan.refunds]
    take_back(refunds)
    recall(refunds)
    entries = [Entry(item.log_id, item.on, item.document, item.plan.transfers) for item in batch.open]
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    write_taken_back(batch, ((item, item.plan.credits) for item in batch.open))
    batch.write_changes(ReturnLine, Swap, SaleLine, Sale, SaleTender)


@dataclass(slots=True)
class Past:
    """The settlements of returns that stand, read once for the batch."""

    notes: dict[int, list[CreditNote]]
    refunds: dict[int, list[Refund]]
    lines: dict[int, list[CreditNoteLine]]
    transfers: dict[int, list[Pay]]
    credits: Credits


def _read_past(returns: Iterable[LoadedReturn]) -> Past:
    notes = standing_notes_of(rma.row.pk for rma in returns)
    standing = [note for each in notes.values() for note in each]
    past = Past(notes, defaultdict(list), defaultdict(list), transfers_of_logs(note.log_id for note in standing), {})
    # Locked, so that none is sent meanwhile.
    for refund in Refund.objects.filter(note__in=standing).order_by("pk").select_for_update():
        past.refunds[refund.note_id].append(refund)
    if any(not refund.sale_id for each in past.refunds.values() for refund in each):
        past.credits = load_credits(note.log_id for note in standing)
    for line in CreditNoteLine.objects.filter(note__in=standing):
        past.lines[line.note_id].append(line)
    return past


def _plan(batch: Batch[UndoSettlement], rma: LoadedReturn, sold: SoldMoney, past: Past) -> Plan:
    notes = past.notes[rma.row.pk]
    if not notes:
        raise TransitionNotAllowed(document=rma.row.number, current=rma.row.status, wanted="undo settle")
    # A second undo of the return in the same batch takes the settlement before.
    note = notes.pop()
    batch.journal.append(lambda: notes.append(note))
    refunds = past.refunds[note.pk]
    if any(refund.tender not in STAYED and refund.status not in ("granted", "failed") for refund in refunds):
        raise AlreadyRefunded(document=rma.row.number, step="settle")
    own = {line.row.pk: line.row for line in rma.lines}
    credited = dict.fromkeys((row.sale_id for row in own.values()), 0)
    for line in past.lines[note.pk]:
        _uncount(batch, rma, own[line.return_line_id], line, sold)
        credited[own[line.return_line_id].sale_id] += line.net_cents + line.tax_cents
    _uncount_sales(batch, note, refunds, credited, sold)
    # What was paid with it came back before: only what is still owed is taken back.
    owed = [pay for pay in past.transfers.get(note.log_id, []) if pay.debit != Role.refunds_payable]
    transfers = [pay.mirror(note.log_id) for pay in owed]
    return Plan(rma, note, refunds, transfers, take_credits_back(batch, past.credits.get(note.log_id, [])))


def _uncount_sales(
    batch: Batch[UndoSettlement], note: CreditNote, refunds: list[Refund], credited: dict[int, int], sold: SoldMoney
) -> None:  # fmt: skip
    """Take the note off the counters of its sales: goods and tax as credited, shipping in the order of the sales."""
    shipping_left = note.shipping_cents
    for sale_id, goods_cents in credited.items():
        sale = sold.sales.get(sale_id)
        if sale is None:
            continue
        by = {refund.tender: refund.amount_cents for refund in refunds if refund.sale_id == sale_id}
        shipping = min(shipping_left, sale.shipping_refunded_cents)
        shipping_left -= shipping
        batch.change(
            sale,
            credited_cents=-goods_cents - shipping,
            refunded_cents=-sum(by.values()),
            shipping_refunded_cents=-shipping,
            # Only coins are rounded; they are of one sale.
            refund_rounding_cents=-note.rounding_cents if len(credited) == 1 else 0,
            owed_cents=by.get("receivable", 0),
        )
        for tender, cents in by.items():
            if (row := sold.tenders.get((sale_id, tender))) is not None:
                batch.change(row, refunded_cents=-cents)


def _uncount(
    batch: Batch[UndoSettlement], rma: LoadedReturn, row: ReturnLine, line: CreditNoteLine, sold: SoldMoney
) -> None:  # fmt: skip
    batch.change(
        row,
        refunded_e4=-line.quantity_e4,
        entitled_net_cents=-line.worth_net_cents,
        entitled_tax_cents=-line.worth_tax_cents,
        refunded_net_cents=-line.net_cents,
        refunded_tax_cents=-line.tax_cents,
    )
    over = (line.exchanged_net_cents, line.exchanged_tax_cents)
    if any(over):
        batch.change(sold.swaps[row.pk], credited_net_cents=-over[0], credited_tax_cents=-over[1])
    sale_line = sold.lines.get(row.sale_line_id)
    if sale_line is not None:
        batch.change(
            sale_line,
            refunded_e4=-line.quantity_e4,
            refunded_net_cents=over[0] - line.worth_net_cents,
            refunded_tax_cents=over[1] - line.worth_tax_cents,
        )
        if rma.row.type == "allowance":
            batch.change(
                sale_line, allowed_net_cents=-line.worth_net_cents, allowed_tax_cents=-line.worth_tax_cents
            )  # fmt: skip
