"""Goods that leave in place of others of the same sale: further lines of it, so that they may come back like any other.

What was ordered stays as it was. A line of this kind names the return line that it is for; its money is what the goods
are worth now: the value of the old goods that moved to it, and what was billed on top.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from backstock.catalog.queries import Item
from backstock.core import rows
from backstock.core.amounts import E4
from backstock.core.commands import Batch, Input
from backstock.core.errors import TransitionNotAllowed
from backstock.money.transfers import Pay
from backstock.sales.loading import LoadedSale
from backstock.sales.models import Invoice, InvoiceLine, Sale, SaleLine, SalePiece, Shipment, ShipmentLine
from backstock.sales.postings import Money, cost_of_sale, invoice_transfers
from backstock.sales.shipping import Leaving
from backstock.sales.writing import (
    INVOICE_FIELDS,
    INVOICE_LINE_FIELDS,
    PIECE_FIELDS,
    SHIPMENT_FIELDS,
    SHIPMENT_LINE_FIELDS,
    parcel_rows,
)
from backstock.stock.moves import Move

# Net of tax, and the tax on it.
type Amounts = tuple[int, int]

LINE_FIELDS = (
    "sale", "position", "product_id", "quantity_e4", "unit", "entered_e4", "unit_price_e6", "discount_cents",
    "order_discount_cents", "is_gift", "cancelled_e4", "net_cents", "tax_cents", "tax_rate_e6", "delivered_first_on",
    "delivered_last_on", "invoiced_e4", "invoiced_net_cents", "invoiced_tax_cents", "refunded_e4", "refunded_net_cents",
    "refunded_tax_cents", "return_line_id", "moved_e4", "moved_net_cents", "moved_tax_cents",
)  # fmt: skip


@dataclass(slots=True)
class FreshLine:
    """Goods that leave for a return line. `worth` is agreed for them, `moved` was paid with the old goods, `billed` is new."""

    item: Item
    return_line_id: int
    quantity_e4: int
    unit_price_e6: int
    tax_rate_e6: int
    is_gift: bool
    leaving: Leaving
    worth: Amounts = (0, 0)
    moved: Amounts = (0, 0)
    billed: Amounts = (0, 0)
    invoiced_e4: int = 0
    # Known once it was written.
    pk: int = 0

    @property
    def is_billed(self) -> bool:
        """Whether an invoice bills something of it."""
        return self.billed != (0, 0)


@dataclass(slots=True)
class Parcel:
    """What leaves for one sale in one parcel, and the papers that it makes."""

    sale: LoadedSale
    warehouse_id: int
    on: date
    signed_on: date | None
    tracking_number: str = ""
    carrier: str = ""
    lines: list[FreshLine] = field(default_factory=list)
    shipment_id: int = 0
    invoice_id: int = 0

    @property
    def billed(self) -> Amounts:
        """What the customer is billed on top of the old goods."""
        return sum(line.billed[0] for line in self.lines), sum(line.billed[1] for line in self.lines)

    def moves(self) -> list[Move]:
        """Return the moves of its goods."""
        return [replace(move, line_id=line.pk) for line in self.lines for move in line.leaving.moves]

    def transfers(self) -> list[Pay]:
        """Return what it means for the money ledger: the goods at cost, and what is billed."""
        row = self.sale.row
        money = Money(row.customer_id, row.currency, row.rate_e9)
        return [cost_of_sale(self.moves(), row.customer_id), *invoice_transfers(money, *self.billed, 0)]


def write_parcels(parcels: Sequence[Parcel]) -> None:
    """Write parcels with their lines and pieces; the sales are locked, and the counters of the sale are the caller's."""
    if not parcels:
        return
    shipments = [
        (p.sale.row.pk, p.warehouse_id, p.on, p.signed_on, p.tracking_number, p.carrier) for p in parcels
    ]  # fmt: skip
    for parcel, pk in zip(parcels, rows.insert_returning(Shipment, SHIPMENT_FIELDS, shipments), strict=True):
        parcel.shipment_id = pk or 0
    _write_lines(parcels)
    pieces, inside = list[tuple[int, ...]](), list[tuple[int, ...]]()
    for parcel in parcels:
        for line in parcel.lines:
            pieces += _piece_rows(line)
            inside += parcel_rows(parcel.shipment_id, line.pk, line.leaving)
    rows.insert(SalePiece, PIECE_FIELDS, pieces)
    rows.insert(ShipmentLine, SHIPMENT_LINE_FIELDS, inside)


def _write_lines(parcels: Sequence[Parcel]) -> None:
    last: dict[int, int] = defaultdict(int)
    for parcel in parcels:
        positions = [line.row.position for line in parcel.sale.lines]
        last[parcel.sale.row.pk] = max(last[parcel.sale.row.pk], *positions)
    written, lines = list[tuple[object, ...]](), list[FreshLine]()
    for parcel in parcels:
        for line in parcel.lines:
            last[parcel.sale.row.pk] += 1
            written.append(_line_row(parcel, line, last[parcel.sale.row.pk]))
            lines.append(line)
    for line, pk in zip(lines, rows.insert_returning(SaleLine, LINE_FIELDS, written), strict=True):
        line.pk = pk or 0


def _line_row(parcel: Parcel, line: FreshLine, position: int) -> tuple[object, ...]:
    invoiced = [line.moved[n] + line.billed[n] for n in (0, 1)]
    return (
        parcel.sale.row.pk, position, line.item.id, line.quantity_e4, "", line.quantity_e4, line.unit_price_e6, 0, 0,
        line.is_gift, 0, *line.worth, line.tax_rate_e6, parcel.signed_on, parcel.signed_on, line.invoiced_e4, *invoiced,
        0, 0, 0, line.return_line_id, 0 if line.is_billed else line.invoiced_e4, *line.moved,
    )  # fmt: skip


def _piece_rows(line: FreshLine) -> list[tuple[int, ...]]:
    per = dict(line.item.components)
    return [
        (line.pk, product_id, lot_id, per.get(product_id, E4), quantity_e4, 0, 0, 0, cost, 0)
        for (product_id, lot_id), (quantity_e4, cost) in line.leaving.pieces.items()
    ]


def write_differences(parcels: Sequence[Parcel]) -> None:
    """Bill what new goods cost more than the old ones, on an invoice of the sale."""
    billed = [parcel for parcel in parcels if any(line.is_billed for line in parcel.lines)]
    papers = [(p.sale.row.pk, p.on, *p.billed, 0) for p in billed]
    for parcel, pk in zip(billed, rows.insert_returning(Invoice, INVOICE_FIELDS, papers), strict=True):
        parcel.invoice_id = pk or 0
    lines = [
        (p.invoice_id, line.pk, line.invoiced_e4, *line.billed) for p in billed for line in p.lines if line.is_billed
    ]
    rows.insert(InvoiceLine, INVOICE_LINE_FIELDS, lines)
    write_due({parcel.sale.row.pk: (parcel.sale.row, parcel.on) for parcel in billed}.values())


def write_due(billed: Iterable[tuple[Sale, date]]) -> None:
    """Count the days to pay anew from a new invoice: (sale, day)."""
    changed = []
    for sale, on in billed:
        sale.due_on = max(sale.due_on or on, on + timedelta(days=sale.payment_days))
        changed.append(sale)
    Sale.objects.bulk_update(changed, ["due_on"])


@dataclass(slots=True)
class Undone:
    """What is taken back of one sale: per line of it (quantity, billed), and what lay in parcels."""

    sale: LoadedSale
    log_id: int
    billed: dict[int, tuple[int, Amounts]] = field(default_factory=dict)
    parcel_rows: list[tuple[int, ...]] = field(default_factory=list)

    @property
    def gross(self) -> Amounts:
        """What is no longer billed."""
        return sum(each[0] for _, each in self.billed.values()), sum(each[1] for _, each in self.billed.values())

    def transfers(self, mirrored: Sequence[Move]) -> list[Pay]:
        """Return the opposite of what the shipment meant for the money ledger."""
        row = self.sale.row
        money = Money(row.customer_id, row.currency, row.rate_e9)
        cost = cost_of_sale(
            [replace(move, source_value_cents=move.target_value_cents) for move in mirrored], row.customer_id
        )
        return [pay.mirror(self.log_id) for pay in (cost, *invoice_transfers(money, *self.gross, 0))]


def undo_line[In: Input](
    batch: Batch[In], undone: Undone, line_id: int, shipment_id: int, billed: Amounts
) -> None:  # fmt: skip
    """Take goods that left in place of others off their sale; refuse what came back, was billed since, or is paid."""
    sale = undone.sale.row
    line = next(each for each in undone.sale.lines if each.row.pk == line_id)
    row, extra = line.row, (billed[0] + line.row.moved_net_cents, billed[1] + line.row.moved_tax_cents)
    if any(piece.open_e4 or piece.received_e4 for piece in line.pieces):
        raise TransitionNotAllowed(document=sale.number, current="asked for again", wanted="undo ship_replacement")
    if (row.invoiced_net_cents, row.invoiced_tax_cents) != extra:
        raise TransitionNotAllowed(document=sale.number, current="billed", wanted="undo ship_replacement")
    if sum(billed) > max(0, sale.owed_cents):
        raise TransitionNotAllowed(document=sale.number, current="paid", wanted="undo ship_replacement")
    batch.change(
        row, cancelled_e4=row.quantity_e4, invoiced_e4=-row.invoiced_e4, invoiced_net_cents=-row.invoiced_net_cents,
        invoiced_tax_cents=-row.invoiced_tax_cents, moved_e4=-row.moved_e4, moved_net_cents=-row.moved_net_cents,
        moved_tax_cents=-row.moved_tax_cents,
    )  # fmt: skip
    batch.change(sale, invoiced_cents=-sum(billed), owed_cents=-sum(billed))
    for piece in line.pieces:
        parcel = (shipment_id, line_id, piece.product_id, piece.lot_id, -piece.shipped_e4)
        undone.parcel_rows.append(parcel)
        batch.change(piece, shipped_e4=-piece.shipped_e4, cost_cents=-piece.cost_cents)
    if billed != (0, 0):
        undone.billed[line_id] = (row.quantity_e4, billed)


def write_undone(undone: Sequence[tuple[date, Undone]]) -> None:
    """Write red invoices for what was billed, and what no longer lies in parcels."""
    billed = [(on, each) for on, each in undone if each.billed]
    papers = [(each.sale.row.pk, on, -each.gross[0], -each.gross[1], 0) for on, each in billed]
    ids = rows.insert_returning(Invoice, INVOICE_FIELDS, papers)
    lines = [
        (pk, line_id, -quantity_e4, -amounts[0], -amounts[1])
        for pk, (_, each) in zip(ids, billed, strict=True)
        for line_id, (quantity_e4, amounts) in each.billed.items()
    ]
    rows.insert(InvoiceLine, INVOICE_LINE_FIELDS, lines)
    rows.insert(ShipmentLine, SHIPMENT_LINE_FIELDS, [row for _, each in undone for row in each.parcel_rows])
