"""The papers of a sale: parcels, invoices and payments."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from backstock.sales.models.sale import Sale, SaleLine


class Shipment(models.Model):
    """A parcel that left for the customer; its goods are the moves that name it."""

    sale = models.ForeignKey(Sale, on_delete=models.PROTECT, related_name="shipments")
    warehouse_id = models.BigIntegerField()
    shipped_on = models.DateField()
    # The day the customer signed for it (签收), from which the law counts.
    signed_on = models.DateField(null=True)
    tracking_number = models.CharField(max_length=60, blank=True, db_index=True)
    carrier = models.CharField(max_length=60, blank=True)

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"D{self.pk:06d}"


class ShipmentLine(models.Model):
    """What lay in a parcel of one sale line, per stocked product and lot or serial."""

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="lines")
    sale_line = models.ForeignKey(SaleLine, on_delete=models.PROTECT, related_name="+")
    product_id = models.BigIntegerField()
    lot_id = models.BigIntegerField(default=0)
    quantity_e4 = models.BigIntegerField()


class Invoice(models.Model):
    """What was billed: shipped less returned, for what was not billed before; below zero where it takes an earlier one back."""

    sale = models.ForeignKey(Sale, on_delete=models.PROTECT, related_name="invoices")
    invoiced_on = models.DateField()
    net_cents = models.BigIntegerField()
    tax_cents = models.BigIntegerField()
    shipping_cents = models.BigIntegerField()

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"I{self.pk:06d}"


class InvoiceLine(models.Model):
    """What an invoice billed of one sale line; net of tax, in the sale's currency."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    sale_line = models.ForeignKey(SaleLine, on_delete=models.PROTECT, related_name="+")
    quantity_e4 = models.BigIntegerField()
    net_cents = models.BigIntegerField()
    tax_cents = models.BigIntegerField()


class SaleTender(models.Model):
    """What was paid for a sale by one means of payment, and what went back to it; locked by payments and refunds."""

    sale = models.ForeignKey(Sale, on_delete=models.PROTECT, related_name="tenders")
    tender = models.CharField(max_length=30)
    paid_cents = models.BigIntegerField(default=0)
    refunded_cents = models.BigIntegerField(default=0)

    class Meta:
        """Each tender gets back at most what it gave."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sale", "tender"], name="sale_tender_once"),
            models.CheckConstraint(
                condition=models.Q(refunded_cents__gte=0, refunded_cents__lte=models.F("paid_cents")),
                name="sale_tender_refunded",
            ),
        ]


class Payment(models.Model):
    """Money received for a sale by one tender; below zero a deposit that was given back."""

    sale = models.ForeignKey(Sale, on_delete=models.PROTECT, related_name="payments")
    tender = models.CharField(max_length=30)
    amount_cents = models.BigIntegerField()
    paid_on = models.DateField()

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"M{self.pk:06d}"
