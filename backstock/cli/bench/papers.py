"""The documents of the bulk trade, each row as its command would have left it in the end, written a day at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import models

from backstock.core import rows
from backstock.core.amounts import E4, E6, share
from backstock.core.models import CommandLog
from backstock.purchases.models import PurchaseLine, PurchaseReceipt
from backstock.refunds.models import CreditNote, CreditNoteLine, Refund
from backstock.returns.models import Return, ReturnEvent, ReturnLine, ReturnPiece
from backstock.returns.postings import returning_cost
from backstock.sales.models import Invoice, InvoiceLine, Sale, SaleLine, SalePiece, Shipment, ShipmentLine

# In the order in which they refer to each other.
WRITTEN: Sequence[type[models.Model]] = (
    CommandLog, PurchaseReceipt, PurchaseLine, Sale, SaleLine, SalePiece, Shipment, ShipmentLine, Invoice, InvoiceLine, Return, ReturnLine,
    ReturnPiece, ReturnEvent, CreditNote, CreditNoteLine, Refund,
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Sold:
    """One line of a sale, and whether a piece of it comes back."""

    line_id: int
    product_id: int
    pieces: int
    net_cents: int
    tax_cents: int
    cost_cents: int
    comes_back: bool
    shelf: int = 0

    @property
    def back_e4(self) -> int:
        return E4 if self.comes_back else 0

    def part(self, cents: int) -> int:
        """Return the share of the piece that comes back."""
        return share(cents, self.back_e4, self.pieces * E4)

    @property
    def cost_back_cents(self) -> int:
        if not self.comes_back:
            return 0
        return returning_cost(self.cost_cents, self.pieces * E4, 0, E4, 0)


@dataclass(slots=True)
class SaleOf:
    """A sale with its lines, on its way into the books."""

    papers: Papers
    pk: int
    customer_id: int
    warehouse_id: int
    on: date
    lines: list[Sold] = field(default_factory=list)

    @property
    def number(self) -> str:
        return Sale(pk=self.pk).number

    @property
    def net_cents(self) -> int:
        return sum(line.net_cents for line in self.lines)

    @property
    def tax_cents(self) -> int:
        return sum(line.tax_cents for line in self.lines)

    @property
    def credited_cents(self) -> int:
        return sum(line.part(line.net_cents) + line.part(line.tax_cents) for line in self.lines)

    def line(self, product_id: int, pieces: int, net: int, tax: int, cost: int, comes_back: bool) -> Sold:
        """Add a line."""
        sold = Sold(
            line_id=self.papers.next(SaleLine), product_id=product_id, pieces=pieces, net_cents=net, tax_cents=tax,
            cost_cents=cost, comes_back=comes_back,
        )  # fmt: skip
        self.lines.append(sold)
        return sold


@dataclass(frozen=True, slots=True)
class Back:
    """A line of a return."""

    line_id: int
    piece_id: int
    sold: Sold


@dataclass(slots=True)
class Papers:
    """Gathers rows with ids of their own, and writes them; what a row does not say is its model's default."""

    products: Sequence[int]
    customers: Sequence[int]
    suppliers: Sequence[int]
    kept: dict[type[models.Model], list[dict[str, Any]]] = field(default_factory=lambda: {each: [] for each in WRITTEN})
    last: dict[type[models.Model], int] = field(default_factory=dict)
    houses: int = 0

    def next(self, model: type[models.Model]) -> int:
        """Give the next id of a model."""
        if model not in self.last:
            self.last[model] = model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0
        self.last[model] += 1
        return self.last[model]

    def add(self, model: type[models.Model], **values: Any) -> int:
        """Keep a row for the end of the day; return its id."""
        pk = values.setdefault("id", 0) or self.next(model)
        values["id"] = pk
        self.kept[model].append(values)
        return int(pk)

    def flush(self) -> None:
        """Write the rows that were gathered."""
        for model in WRITTEN:
            gathered = self.kept[model]
            fields: list[Any] = list(model._meta.concrete_fields)
            usual = {each.attname: None if each.primary_key else each.get_default() for each in fields}
            names = [each.name for each in fields]
            rows.insert(model, names, [tuple({**usual, **row}.values()) for row in gathered])
            self.kept[model] = []

    def log(self, name: str, on: date, document: str) -> int:
        """Note that a command ran."""
        pk = self.next(CommandLog)
        at = datetime.combine(on, time(12), UTC)
        return self.add(
            CommandLog, id=pk, name=name, key=f"bench-{pk}", digest="", payload={}, answer={}, events=[],
            document=document, business_on=on, recorded_at=at,
        )  # fmt: skip

    def house(self, letter: str) -> str:
        """Number a paper of the house, whose rows no report reads."""
        self.houses += 1
        return f"{letter}{self.houses:06d}"

    def receipt(self, supplier: int, on: date, lines: int) -> tuple[str, list[int]]:
        """Number a delivery and its lines."""
        pk = self.add(
            PurchaseReceipt, supplier_id=supplier, warehouse_id=1, received_on=on, gross_cents=0, owed_cents=0
        )
        return PurchaseReceipt(pk=pk).number, [self.next(PurchaseLine) for _ in range(lines)]

    def receipt_line(self, pk: int, product_id: int, pieces: int, cents: int, tax_cents: int) -> None:
        """Keep a line of the last delivery, which is owed."""
        receipt = self.kept[PurchaseReceipt][-1]
        receipt["gross_cents"] += cents + tax_cents
        receipt["owed_cents"] += cents + tax_cents
        self.add(
            PurchaseLine, id=pk, receipt_id=receipt["id"], product_id=product_id, quantity_e4=pieces * E4,
            unit_cost_e6=cents * 10_000 // pieces, value_cents=cents, tax_cents=tax_cents,
        )  # fmt: skip

    def sale(self, customer: int, warehouse_id: int, on: date) -> SaleOf:
        """Begin a sale."""
        return SaleOf(self, self.next(Sale), self.customers[customer], warehouse_id, on)

    def sold(self, sale: SaleOf) -> None:
        """Keep a sale with its lines, pieces and invoice: on account, and less what comes back of it."""
        billed, credited = sale.net_cents + sale.tax_cents, sale.credited_cents
        self.add(
            Sale, id=sale.pk, customer_id=sale.customer_id, warehouse_id=sale.warehouse_id, currency="CNY",
            ordered_on=sale.on, invoiced_cents=billed, credited_cents=credited, refunded_cents=credited,
            owed_cents=billed - credited,
        )  # fmt: skip
        invoice = self.add(
            Invoice, sale_id=sale.pk, invoiced_on=sale.on, net_cents=sale.net_cents, tax_cents=sale.tax_cents,
            shipping_cents=0,
        )  # fmt: skip
        parcel = self.add(
            Shipment, sale_id=sale.pk, warehouse_id=sale.warehouse_id, shipped_on=sale.on, signed_on=sale.on
        )  # fmt: skip
        for position, line in enumerate(sale.lines, 1):
            self._line(sale, position, line)
            self.add(
                ShipmentLine, shipment_id=parcel, sale_line_id=line.line_id, product_id=line.product_id,
                quantity_e4=line.pieces * E4,
            )  # fmt: skip
            self.add(
                InvoiceLine, invoice_id=invoice, sale_line_id=line.line_id, quantity_e4=line.pieces * E4,
                net_cents=line.net_cents, tax_cents=line.tax_cents,
            )  # fmt: skip

    def _line(self, sale: SaleOf, position: int, line: Sold) -> None:
        quantity_e4 = line.pieces * E4
        self.add(
            SaleLine, id=line.line_id, sale_id=sale.pk, position=position, product_id=line.product_id,
            quantity_e4=quantity_e4, unit_price_e6=line.net_cents * (E6 // 100) // line.pieces, net_cents=line.net_cents,
            tax_cents=line.tax_cents, tax_rate_e6=130_000, delivered_first_on=sale.on, delivered_last_on=sale.on,
            invoiced_e4=quantity_e4, invoiced_net_cents=line.net_cents, invoiced_tax_cents=line.tax_cents,
            refunded_e4=line.back_e4, refunded_net_cents=line.part(line.net_cents),
            refunded_tax_cents=line.part(line.tax_cents),
        )  # fmt: skip
        self.add(
            SalePiece, line_id=line.line_id, product_id=line.product_id, shipped_e4=quantity_e4,
            received_e4=line.back_e4, cost_cents=line.cost_cents, cost_back_cents=line.cost_back_cents,
        )  # fmt: skip

    def rma(self, sale: SaleOf, on: date) -> tuple[int, list[Back]]:
        """Keep a return that went all the way."""
        pk = self.add(
            Return, customer_id=sale.customer_id, currency="CNY", status="closed", requested_on=on, decided_on=on
        )  # fmt: skip
        found = []
        for position, line in enumerate((each for each in sale.lines if each.comes_back), 1):
            net, tax = line.part(line.net_cents), line.part(line.tax_cents)
            line_id = self.add(
                ReturnLine, rma_id=pk, position=position, sale_id=sale.pk, sale_line_id=line.line_id,
                product_id=line.product_id, decision="approve", refunded_e4=E4, entitled_net_cents=net,
                entitled_tax_cents=tax, refunded_net_cents=net, refunded_tax_cents=tax,
            )  # fmt: skip
            piece = self.add(
                ReturnPiece, line_id=line_id, sale_piece_id=self._piece_of(line), product_id=line.product_id,
                requested_e4=E4, authorized_e4=E4, received_e4=E4, accepted_e4=E4, disposed_e4=E4,
            )  # fmt: skip
            found.append(Back(line_id, piece, line))
        return pk, found

    @staticmethod
    def _piece_of(line: Sold) -> int:
        """One piece per line, made in the same order: their ids are the same."""
        return line.line_id

    def events(self, rma_id: int, lines: Sequence[Back], on: date, received: int, placed: int, to: str) -> None:
        """Keep what happened to the pieces of a return."""
        for line in lines:
            for kind, verdict, log_id in (
                ("receive", "received", received), ("inspect", "accepted", received), ("dispose", to, placed),
            ):  # fmt: skip
                self.add(
                    ReturnEvent, rma_id=rma_id, log_id=log_id, piece_id=line.piece_id, kind=kind, verdict=verdict,
                    quantity_e4=E4, business_on=on,
                )  # fmt: skip

    @staticmethod
    def credited(lines: Sequence[Back]) -> tuple[int, int]:
        """Return the net and tax that lines give back."""
        return (
            sum(each.sold.part(each.sold.net_cents) for each in lines),
            sum(each.sold.part(each.sold.tax_cents) for each in lines),
        )

    def note(self, sale: SaleOf, lines: Sequence[Back], on: date, log_id: int, rma_id: int) -> None:
        """Keep the credit note, set off against what the customer owes."""
        goods, tax = self.credited(lines)
        note = self.add(
            CreditNote, rma_id=rma_id, customer_id=sale.customer_id, log_id=log_id, issued_on=on, currency="CNY",
            goods_cents=goods, tax_cents=tax,
        )  # fmt: skip
        for line in lines:
            net, tax_part = line.sold.part(line.sold.net_cents), line.sold.part(line.sold.tax_cents)
            self.add(
                CreditNoteLine, note_id=note, return_line_id=line.line_id, quantity_e4=E4, worth_net_cents=net,
                worth_tax_cents=tax_part, net_cents=net, tax_cents=tax_part,
            )  # fmt: skip
        self.add(
            Refund, note_id=note, rma_id=rma_id, sale_id=sale.pk, tender="receivable", amount_cents=goods + tax,
            status="paid", paid_on=on, paid_log_id=log_id,
        )  # fmt: skip
