"""What a customer was offered, before it is an order."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from backstock.catalog.models import Product
from backstock.partners.models import Partner
from backstock.sales.models.sale import Discount


class Quote(models.Model):
    """An offer with its prices, good until a day; confirmed it becomes a sale."""

    customer = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    warehouse_id = models.BigIntegerField()
    channel = models.CharField(max_length=20, default="shop")
    currency = models.CharField(max_length=3)
    currency_digits = models.PositiveSmallIntegerField(default=2)
    rate_e9 = models.BigIntegerField(default=10**9)
    tax_mode = models.CharField(max_length=10, default="exclusive")
    quoted_on = models.DateField(db_index=True)
    valid_until = models.DateField(null=True)
    # open, confirmed or withdrawn; lapsed is what an open one is after its last day.
    status = models.CharField(max_length=12, default="open", db_index=True)
    reference = models.CharField(max_length=60, blank=True, db_index=True)
    shipping_cents = models.BigIntegerField(default=0)
    salesperson_id = models.BigIntegerField(default=0, db_index=True)
    # The sale that it became, 0 before.
    sale_id = models.BigIntegerField(default=0, db_index=True)

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"Q{self.pk:06d}"

    def standing_on(self, day: date) -> str:
        """Return open, lapsed, confirmed or withdrawn."""
        if self.status == "open" and self.valid_until is not None and day > self.valid_until:
            return "lapsed"
        return self.status


class QuoteLine(models.Model):
    """One line of an offer: quantity and price in the line's own unit, money as it was quoted."""

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    quantity_e4 = models.BigIntegerField()
    # Empty is the base unit.
    unit = models.CharField(max_length=20, blank=True)
    unit_price_e6 = models.BigIntegerField()
    discount_cents = models.BigIntegerField(default=0)
    is_gift = models.BooleanField(default=False)
    net_cents = models.BigIntegerField()
    tax_cents = models.BigIntegerField(default=0)
    tax_rate_e6 = models.BigIntegerField(default=0)

    class Meta:
        """Lines are numbered."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["quote", "position"], name="quote_line_position")]


class QuoteDiscount(Discount):
    """A discount that was offered on the whole."""

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="discounts")
