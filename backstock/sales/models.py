"""What was sold, shipped, billed and paid: everything a return has to fit to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from backstock.catalog.models import Product
from backstock.partners.models import Partner


class Sale(models.Model):
    """An order with its terms; its status is computed from the counters of its pieces."""

    customer = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    warehouse_id = models.BigIntegerField()
    channel = models.CharField(max_length=20, default="shop")
    currency = models.CharField(max_length=3)
    currency_digits = models.PositiveSmallIntegerField(default=2)
    # Company currency per one of the sale's, in 1/1,000,000,000.
    rate_e9 = models.BigIntegerField(default=10**9)
    tax_mode = models.CharField(max_length=10, default="exclusive")
    ordered_on = models.DateField(db_index=True)
    # The number the sale has elsewhere: shop, marketplace, cash register.
    reference = models.CharField(max_length=60, blank=True, db_index=True)
    shipping_cents = models.BigIntegerField(default=0)
    policy_version_id = models.BigIntegerField(default=0)
    # Money counters, in the sale's currency; written by sales and refunds commands only.
    invoiced_cents = models.BigIntegerField(default=0)
    paid_cents = models.BigIntegerField(default=0)
    credited_cents = models.BigIntegerField(default=0)
    refunded_cents = models.BigIntegerField(default=0)
    # Value that was due in coins less the coins that were given: so that many small refunds round like one.
    refund_rounding_cents = models.BigIntegerField(default=0)
    # Open receivable of this sale: billed less paid, credited and rounded off; negative is a deposit.
    owed_cents = models.BigIntegerField(default=0)
    shipping_invoiced_cents = models.BigIntegerField(default=0)
    shipping_refunded_cents = models.BigIntegerField(default=0)

    class Meta:
        """Money given back never exceeds money paid or billed."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(rate_e9__gt=0), name="sale_rate"),
            models.CheckConstraint(
                condition=models.Q(credited_cents__lte=models.F("invoiced_cents")), name="sale_credited_of_invoiced"
            ),
            models.CheckConstraint(
                condition=models.Q(shipping_refunded_cents__lte=models.F("shipping_invoiced_cents")),
                name="sale_shipping_refunded",
            ),
        ]

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"S{self.pk:06d}"


class SaleLine(models.Model):
    """One line of a sale: what was agreed never changes, the money counters only grow with papers."""

    sale = models.ForeignKey(Sale, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    quantity_e4 = models.BigIntegerField()
    unit_price_e6 = models.BigIntegerField()
    discount_cents = models.BigIntegerField(default=0)
    order_discount_cents = models.BigIntegerField(default=0)
    # Net of tax, after discounts, and the tax on it, for the whole line in the sale's currency.
    net_cents = models.BigIntegerField()
    tax_cents = models.BigIntegerField(default=0)
    tax_rate_e6 = models.BigIntegerField(default=0)
    # First and last day on which pieces of the line were signed for (签收); windows count from here.
    delivered_first_on = models.DateField(null=True)
    delivered_last_on = models.DateField(null=True)
    invoiced_e4 = models.BigIntegerField(default=0)
    invoiced_net_cents = models.BigIntegerField(default=0)
    invoiced_tax_cents = models.BigIntegerField(default=0)
    refunded_e4 = models.BigIntegerField(default=0)
    refunded_net_cents = models.BigIntegerField(default=0)
    refunded_tax_cents = models.BigIntegerField(default=0)

    class Meta:
        """A refund never exceeds its line."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sale", "position"], name="sale_line_position"),
            models.CheckConstraint(condition=models.Q(quantity_e4__gt=0), name="sale_line_quantity"),
            models.CheckConstraint(
                condition=models.Q(
                    refunded_net_cents__lte=models.F("invoiced_net_cents"),
                    refunded_tax_cents__lte=models.F("invoiced_tax_cents"),
                ),
                name="sale_line_refunded",
            ),
        ]


class SalePiece(models.Model):
    """The goods counters of a sale line, per stocked product and lot or serial; locked by everything that moves them.

    A plain line has one piece; a kit has one per component; a tracked product one per lot or serial that left.
    """

    line = models.ForeignKey(SaleLine, on_delete=models.PROTECT, related_name="pieces")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    lot_id = models.BigIntegerField(default=0)
    # Pieces of this product in one piece of the line, in 1/10,000: 10,000 but for kits.
    per_line_e4 = models.BigIntegerField(default=10**4)
    shipped_e4 = models.BigIntegerField(default=0)
    # Asked for or authorised and not yet received.
    open_e4 = models.BigIntegerField(default=0)
    received_e4 = models.BigIntegerField(default=0)
    sent_back_e4 = models.BigIntegerField(default=0)
    # Cost that left with the pieces, and how much of it came back and stayed.
    cost_cents = models.BigIntegerField(default=0)
    cost_back_cents = models.BigIntegerField(default=0)

    class Meta:
        """Never more back than out: DESIGN §9.1, in the database too."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "product", "lot_id"], name="sale_piece_once"),
            models.CheckConstraint(
                condition=models.Q(shipped_e4__gte=models.F("open_e4") + models.F("received_e4") - models.F("sent_back_e4")),
                name="sale_piece_returnable",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    open_e4__gte=0, received_e4__gte=models.F("sent_back_e4"), sent_back_e4__gte=0,
                    cost_back_cents__gte=0, cost_back_cents__lte=models.F("cost_cents"),
                ),
                name="sale_piece_counters",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["product", "lot_id"], name="sale_piece_product")]

    @property
    def returnable_e4(self) -> int:
        """What may still be asked back."""
        return self.shipped_e4 - self.open_e4 - self.received_e4 + self.sent_back_e4


class Shipment(models.Model):
    """A parcel that left for the customer; its goods are the moves that name it."""

    sale = models.ForeignKey(Sale, on_delete=models.PROTECT, related_name="shipments")
    warehouse_id = models.BigIntegerField()
    shipped_on = models.DateField()
    # The day the customer signed for it (签收), from which the law counts.
    signed_on = models.DateField(null=True)
    tracking_number = models.CharField(max_length=60, blank=True)

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"D{self.pk:06d}"


class Invoice(models.Model):
    """What was billed: shipped less returned, for what was not billed before."""

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
    """Money received for a sale by one tender."""

    sale = models.ForeignKey(Sale, on_delete=models.PROTECT, related_name="payments")
    tender = models.CharField(max_length=30)
    amount_cents = models.BigIntegerField()
    paid_on = models.DateField()

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"M{self.pk:06d}"
