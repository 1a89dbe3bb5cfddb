"""Take a receipt, a supplier's invoice or a return to a supplier back by its mirror, while that is still possible."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pydantic.dataclasses import dataclass as typed

from backstock.catalog.queries import Catalogue, load_catalogue
from backstock.core.commands import STRICT, Batch, Input, Item, command
from backstock.core.errors import TransitionNotAllowed, UnknownDocument
from backstock.core.models import CommandLog
from backstock.core.numbers import row_id
from backstock.money.posting import Entry as MoneyEntry
from backstock.money.posting import post as post_money
from backstock.money.queries import transfers_of_logs
from backstock.money.transfers import Pay
from backstock.purchases.loading import LoadedReceipt, load_receipts_by_id
from backstock.purchases.models import (
    PurchaseInvoice,
    PurchaseInvoiceLine,
    PurchaseLine,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseReceipt,
    PurchaseReturn,
    PurchaseReturnLine,
)
from backstock.stock.moves import Move
from backstock.stock.places import PHYSICAL, SUPPLIER, kind_of
from backstock.stock.posting import Entry as StockEntry
from backstock.stock.posting import post as post_stock
from backstock.stock.queries import moves_of_logs
from backstock.stock.sheet import Sheet

type Document = PurchaseReceipt | PurchaseInvoice | PurchaseReturn
# Beginning of the number → what it is, and who may take it back: whoever may make it. Longer beginnings come first.
KINDS: tuple[tuple[str, type[Any], str], ...] = (
    ("PI", PurchaseInvoice, "purchases.invoice"),
    ("PR", PurchaseReturn, "purchases.send_back"),
    ("P", PurchaseReceipt, "purchases.receive"),
)


@typed(frozen=True, kw_only=True, config=STRICT)
class UndoPurchase(Input):
    """Which receipt (P…), invoice (PI…) or return to a supplier (PR…) is taken back."""

    document: str


def undo_needs(number: str) -> str:
    """Return the permission for taking a document back; what is no document at all nobody may but who receives."""
    return next((need for prefix, _, need in KINDS if number.startswith(prefix)), "purchases.receive")


@dataclass(slots=True)
class Plan:
    """A document that can be taken back, with the receipts that it changed."""

    row: Document
    moves: list[Move] = field(default_factory=list)
    transfers: list[Pay] = field(default_factory=list)


@dataclass(slots=True)
class Past:
    """The documents of a batch and what they did, read once."""

    documents: dict[str, Document]
    receipts: dict[int, LoadedReceipt]
    invoice_lines: dict[int, list[PurchaseInvoiceLine]]
    return_lines: dict[int, list[PurchaseReturnLine]]
    order_lines: dict[int, PurchaseOrderLine]
    logs: dict[str, int]
    moves: dict[int, list[Move]]
    transfers: dict[int, list[Pay]]
    sheet: Sheet
    catalogue: Catalogue

    def line(self, pk: int) -> tuple[LoadedReceipt, PurchaseLine]:
        """Return the received line that an invoice or a return is about."""
        return next((r, line) for r in self.receipts.values() for line in r.lines if line.pk == pk)


@command("purchases.undo", UndoPurchase, permission=lambda wanted: undo_needs(wanted.document))
def undo_purchase(batch: Batch[UndoPurchase]) -> None:
    """Take documents of purchases back; raise what stands in the way."""
    past = _read_past(batch)
    for item in batch.open:
        with batch.attempt(item):
            row = past.documents.get(item.input.document)
            if row is None:
                raise UnknownDocument(document=item.input.document[:60])
            if row.undone_log_id:
                raise _refusal(row, "undone")
            _TAKE_BACK[type(row)](batch, row, past)
            item.plan = _mirrored(row, past)
            batch.change(row, undone_log_id=1)  # its log row is not known before everything is decided
            item.document, item.answer = row.number, {"document": row.number}
            item.emit("PurchaseUndone")
    batch.log()
    for item in batch.open:
        batch.change(item.plan.row, undone_log_id=item.log_id - 1)
    goods = [StockEntry(i.log_id, i.on, i.document, i.plan.moves) for i in batch.open]
    post_stock(goods, recorded_at=batch.recorded_at)
    money = [MoneyEntry(i.log_id, i.on, i.document, i.plan.transfers) for i in batch.open]
    post_money(money, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    batch.write_changes(PurchaseOrderLine, PurchaseReceipt, PurchaseLine, PurchaseInvoice, PurchaseReturn)


def _refusal(row: Document, current: str) -> TransitionNotAllowed:
    return TransitionNotAllowed(document=row.number, current=current, wanted="undo")


def _find(items: Iterable[Item[UndoPurchase]]) -> dict[str, Document]:
    """Read documents by number, whatever their kind."""
    ids: dict[type[Any], dict[int, str]] = defaultdict(dict)
    for item in items:
        number = item.input.document
        for prefix, model, _ in KINDS:
            if number.startswith(prefix):
                with suppress(UnknownDocument):
                    ids[model][row_id(prefix, number)] = number
                break
    return {
        numbers[row.pk]: row for model, numbers in ids.items() for row in model.objects.filter(pk__in=numbers)
    }  # fmt: skip


def _read_past(batch: Batch[UndoPurchase]) -> Past:
    """Lock orders, then receipts, then read what hangs on them."""
    found = _find(batch.open)
    of = {model: [row.pk for row in found.values() if isinstance(row, model)] for _, model, _ in KINDS}
    billed = list(PurchaseInvoiceLine.objects.filter(invoice_id__in=of[PurchaseInvoice]).select_related("line"))
    gone = list(PurchaseReturnLine.objects.filter(purchase_return_id__in=of[PurchaseReturn]).select_related("line"))
    orders = sorted({row.order_id for row in found.values() if isinstance(row, PurchaseReceipt)} - {0})
    if orders:
        list(PurchaseOrder.objects.filter(pk__in=orders).order_by("pk").select_for_update())
    touched = [*(each.line.receipt_id for each in billed), *(each.line.receipt_id for each in gone)]
    receipts = load_receipts_by_id([*of[PurchaseReceipt], *touched])
    # What was read before the receipts were locked may be out of date; they guard their invoices and returns.
    found = {
        number: receipts[row.pk].row if isinstance(row, PurchaseReceipt) else row
        for number, row in _find(batch.open).items()
    }
    lines = {line.order_line_id for loaded in receipts.values() for line in loaded.lines} - {0}
    logs = _logs(found)
    past = Past(
        found, receipts, defaultdict(list), defaultdict(list), PurchaseOrderLine.objects.in_bulk(lines) if lines else {},
        logs, moves_of_logs(logs.values()), transfers_of_logs(logs.values()),
        Sheet(batch.journal, batch.company.cost_method),
        load_catalogue(ids={line.product_id for loaded in receipts.values() for line in loaded.lines}, units=False),
    )  # fmt: skip
    for each in billed:
        past.invoice_lines[each.invoice_id].append(each)
    for each_gone in gone:
        past.return_lines[each_gone.purchase_return_id].append(each_gone)
    back = [move.mirror(1) for moves in past.moves.values() for move in moves]
    counted = [move for move in back if kind_of(move.source_id) in PHYSICAL]
    if counted:
        past.sheet.lock_stock((move.product_id for move in counted), (move.source_id for move in counted))
        past.sheet.lock_pools_of(counted)
    given = [move for move in back if move.source_id == SUPPLIER and move.lot_id]
    if given:
        past.sheet.lock_pieces((move.product_id for move in given), (move.lot_id for move in given))
    return past


def _logs(documents: dict[str, Document]) -> dict[str, int]:
    """Return the log row that made each document."""
    made = ("purchases.receive", "purchases.receive_order", "purchases.invoice", "purchases.send_back")
    found = CommandLog.objects.filter(document__in=[row.number for row in documents.values()], name__in=made)
    return dict(found.values_list("document", "pk"))


def _mirrored(row: Document, past: Past) -> Plan:
    """Return the opposite of what a document posted; refuse when the pieces are gone."""
    log_id = past.logs[row.number]
    moves = [move.mirror(log_id) for move in past.moves.get(log_id, [])]
    _check_stock(moves, past)
    return Plan(row, moves, [pay.mirror(log_id) for pay in past.transfers.get(log_id, [])])


def _check_stock(moves: Sequence[Move], past: Past) -> None:
    for move in moves:
        if kind_of(move.source_id) in PHYSICAL:
            sku = past.catalogue.sku(move.product_id)
            past.sheet.require(sku, move.product_id, move.lot_id, move.source_id, move.quantity_e4)
            past.sheet.require_pool(sku, move)
        elif move.source_id == SUPPLIER and past.catalogue.by_id[move.product_id].product.tracking == "serial":
            past.sheet.require_with_supplier(past.catalogue.sku(move.product_id), move)
        past.sheet.apply([move])


def _unreceive(batch: Batch[Any], row: Any, past: Past) -> None:
    receipt = past.receipts[row.pk]
    if any(line.sent_back_e4 for line in receipt.lines):
        raise _refusal(row, "sent back")
    if any(line.invoiced_e4 for line in receipt.lines):
        raise _refusal(row, "invoiced")
    if row.paid_cents:
        raise _refusal(row, "paid")
    batch.change(row, gross_cents=-row.gross_cents, owed_cents=-row.owed_cents)
    for line in receipt.lines:
        if line.order_line_id:
            batch.change(past.order_lines[line.order_line_id], received_e4=-line.quantity_e4)


def _uninvoice(batch: Batch[Any], row: Any, past: Past) -> None:
    for each in past.invoice_lines[row.pk]:
        receipt, line = past.line(each.line_id)
        net, tax = each.net_difference_cents, each.tax_difference_cents
        batch.change(
            line, invoiced_e4=-each.quantity_e4, invoiced_net_cents=-each.net_cents, invoiced_tax_cents=-each.tax_cents,
            net_difference_cents=-net, tax_difference_cents=-tax,
        )  # fmt: skip
        batch.change(receipt.row, gross_cents=-net - tax, owed_cents=-net - tax)
        if receipt.row.owed_cents < 0 < receipt.row.paid_cents:
            raise _refusal(row, "paid")
        if line.sent_back_e4 and (net or tax):
            # What went back was credited at the billed price.
            raise _refusal(row, "sent back")


def _unsend(batch: Batch[Any], row: Any, past: Past) -> None:
    for each in past.return_lines[row.pk]:
        receipt, line = past.line(each.line_id)
        net, tax = each.net_cents, each.tax_cents
        batch.change(
            line, sent_back_e4=-each.quantity_e4, sent_back_net_cents=-net, sent_back_tax_cents=-tax
        )  # fmt: skip
        batch.change(receipt.row, owed_cents=net + tax, returned_cents=-net - tax)


_TAKE_BACK = {PurchaseReceipt: _unreceive, PurchaseInvoice: _uninvoice, PurchaseReturn: _unsend}
