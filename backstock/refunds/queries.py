"""Read money back: what a settlement would be, what was credited and refunded."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from backstock.core import clock
from backstock.core.commands import Batch, Item, lock_company
from backstock.core.numbers import row_id
from backstock.core.permissions import SYSTEM
from backstock.refunds.commands.settle import Plan, SettleReturn, plan_settlement
from backstock.refunds.gateways.routes import AT_ONCE
from backstock.refunds.models import CreditNote, CreditNoteLine, Refund
from backstock.refunds.notes import standing_notes
from backstock.refunds.settlement import SaleShare
from backstock.refunds.sold import read_sales
from backstock.returns.queries import loaded_return


@dataclass(slots=True)
class RefundFigures:
    """Money back for a return, all settlements together, in its currency."""

    total_cents: int = 0
    goods_cents: int = 0
    tax_cents: int = 0
    shipping_cents: int = 0
    fee_cents: int = 0
    by: dict[str, int] = field(default_factory=dict)
    status: str = ""
    # Whether none of the last settlement has been sent or paid, so that it may be taken back.
    is_untouched: bool = field(default=False, compare=False)
    # The log row of the last settlement that stands, 0 when there is none.
    last_log_id: int = field(default=0, compare=False)
    # Those that money moves for, beyond the till.
    on_their_way: list[Refund] = field(default_factory=list, compare=False)


def preview(wanted: SettleReturn) -> list[SaleShare]:
    """Return what `settle` would give back now, per sale."""
    return previewed(wanted).shares


def previewed(wanted: SettleReturn) -> Plan:
    """Work out what `settle` would do now; writes nothing and raises what `settle` would raise."""
    rma = loaded_return(wanted.document)
    company = lock_company()
    item = Item(0, wanted, "", wanted.on or clock.today(company.timezone))
    batch = Batch("refunds.settle", SYSTEM, company, [item], "all")
    return plan_settlement(batch, wanted, rma, read_sales([rma], lock=False), item)


def figures_of(shares: list[SaleShare]) -> RefundFigures:
    """Sum a settlement over its sales."""
    by: dict[str, int] = defaultdict(int)
    for share in shares:
        for tender, cents in share.by.items():
            by[tender] += cents
    return RefundFigures(
        total_cents=sum(share.total_cents for share in shares),
        goods_cents=sum(share.goods_cents for share in shares),
        tax_cents=sum(share.tax_cents for share in shares),
        shipping_cents=sum(share.shipping_cents for share in shares),
        fee_cents=sum(share.fee_cents for share in shares),
        by=dict(by),
    )


def refund_figures(number: str) -> RefundFigures:
    """Return what a return has brought back so far."""
    notes = standing_notes(row_id("R", number))
    by: dict[str, int] = defaultdict(int)
    statuses, untouched, moving = [], bool(notes), list[Refund]()
    for refund in Refund.objects.filter(note__in=notes).order_by("pk"):
        by[refund.tender] += refund.amount_cents
        statuses.append(refund.status)
        if refund.tender not in AT_ONCE:
            moving.append(refund)
        if refund.note_id == notes[-1].pk and refund.tender != "receivable":
            untouched = untouched and refund.status in ("granted", "failed")
    order = ("failed", "unknown", "sent", "granted", "paid")
    return RefundFigures(
        total_cents=sum(by.values()),
        goods_cents=sum(note.goods_cents for note in notes),
        tax_cents=sum(note.tax_cents for note in notes),
        shipping_cents=sum(note.shipping_cents for note in notes),
        fee_cents=sum(note.fee_cents for note in notes),
        by=dict(by),
        status=min(statuses, key=order.index) if statuses else "",
        is_untouched=untouched,
        on_their_way=moving,
        last_log_id=max((note.log_id for note in notes), default=0),
    )


def notes_with_lines(rma_id: int) -> list[tuple[CreditNote, list[CreditNoteLine]]]:
    """Return the credit notes of a return that stand, in order, each with its lines."""
    notes, lines = standing_notes(rma_id), defaultdict[int, list[CreditNoteLine]](list)
    for line in CreditNoteLine.objects.filter(note__in=notes).order_by("pk") if notes else ():
        lines[line.note_id].append(line)
    return [(note, lines[note.pk]) for note in notes]


def settled_by(rma_id: int) -> int:
    """Return the log row of the last settlement of a return that stands, 0 when there is none."""
    return max((note.log_id for note in standing_notes(rma_id)), default=0)


@dataclass(frozen=True, slots=True)
class NoteFigures:
    """The credit notes of a return, all together."""

    net_cents: int
    tax_cents: int
    lines: int
    count: int


def note_figures(number: str) -> NoteFigures:
    """Return the figures of a return's credit notes; net is with the shipping."""
    notes = standing_notes(row_id("R", number))
    lines = CreditNoteLine.objects.filter(note__in=notes).values("return_line_id").distinct().count()
    net = sum(note.goods_cents + note.shipping_cents for note in notes)
    return NoteFigures(net, sum(note.tax_cents for note in notes), lines, len(notes))


def credited_net_of_sale(rma_ids: list[int], sale_line_ids: dict[int, int]) -> int:
    """Return the net of credit note lines of returns whose return lines belong to a sale."""
    notes = [note for rma_id in rma_ids for note in standing_notes(rma_id)]
    found = CreditNoteLine.objects.filter(note__in=notes, return_line_id__in=sale_line_ids)
    return sum(found.values_list("net_cents", flat=True))
