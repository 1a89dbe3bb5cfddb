"""What was agreed with a customer, and the counters of its goods and money."""

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
    # Who sold it: a user of the company, 0 where nobody was named.
    salesperson_id = models.BigIntegerField(default=0, db_index=True)
    # The customer's days to pay, and the day on which the money is due by them: counted anew from each invoice.
    payment_days = models.PositiveIntegerField(default=0)
    due_on = models.DateField(null=True, db_index=True)
    promised_on = models.DateField(null=True)
    # The row of partners that holds where the goods go; 0 is the customer's default address.
    address_id = models.BigIntegerField(default=0)
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
    # How it was ordered: so many of this unit; empty is the base unit. The price is for one of it.
    unit = models.CharField(max_length=20, blank=True)
    entered_e4 = models.BigIntegerField(default=0)
    unit_price_e6 = models.BigIntegerField()
    discount_cents = models.BigIntegerField(default=0)
    order_discount_cents = models.BigIntegerField(default=0)
    is_gift = models.BooleanField(default=False)
    # What the closed order will not ship any more.
    cancelled_e4 = models.BigIntegerField(default=0)
    # Net of tax, after discounts, and the tax on it, for the whole line in the sale's currency.
    net_cents = models.BigIntegerField()
    tax_cents = models.BigIntegerField(default=0)
    tax_rate_e6 = models.BigIntegerField(default=0)
    # First and last day on which pieces of the line were signed for (签收); windows count from here. Empty as long as
    # a parcel with pieces of it is on its way: a window that has not started can't be over.
    delivered_first_on = models.DateField(null=True)
    delivered_last_on = models.DateField(null=True)
    invoiced_e4 = models.BigIntegerField(default=0)
    invoiced_net_cents = models.BigIntegerField(default=0)
    invoiced_tax_cents = models.BigIntegerField(default=0)
    # Units that came back for money or for other goods, and the value that went with them.
    refunded_e4 = models.BigIntegerField(default=0)
    refunded_net_cents = models.BigIntegerField(default=0)
    refunded_tax_cents = models.BigIntegerField(default=0)
    # Of that, what was allowed off the price of goods that stay with the customer; their later return is worth less.
    allowed_net_cents = models.BigIntegerField(default=0, db_default=0)
    allowed_tax_cents = models.BigIntegerField(default=0, db_default=0)
    # Goods that left in place of others: the return line that they are for; 0 is what was ordered.
    return_line_id = models.BigIntegerField(default=0, db_default=0)
    # What of `invoiced` no invoice of its own bills: the value of the goods that these replace stands behind them.
    moved_e4 = models.BigIntegerField(default=0, db_default=0)
    moved_net_cents = models.BigIntegerField(default=0, db_default=0)
    moved_tax_cents = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        """A refund never exceeds its line."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sale", "position"], name="sale_line_position"),
            models.CheckConstraint(condition=models.Q(quantity_e4__gt=0), name="sale_line_quantity"),
            models.CheckConstraint(
                condition=models.Q(cancelled_e4__gte=0, cancelled_e4__lte=models.F("quantity_e4")),
                name="sale_line_cancelled",
            ),
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


class Discount(models.Model):
    """A part of an order's discount, with where it comes from: by hand, from a threshold (满减), or from a coupon."""

    kind = models.CharField(max_length=10, default="manual")
    code = models.CharField(max_length=60, blank=True)
    amount_cents = models.BigIntegerField()
    # Of a threshold: the amount of goods from which on it was given (满300减50: 300.00); 0 where nobody said so.
    from_cents = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        """Shared by sales and quotes."""

        abstract = True


class SaleDiscount(Discount):
    """A discount of a sale; together they are what its lines share."""

    sale = models.ForeignKey(Sale, on_delete=models.PROTECT, related_name="discounts")
