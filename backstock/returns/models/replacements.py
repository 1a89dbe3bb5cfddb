"""What the customer gets in place of goods: the wish of an exchange, what left for it, and whose value stands where."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from backstock.catalog.models import Product
from backstock.returns.models.rma import ReturnLine


class Swap(models.Model):
    """Of one return line: the goods wished for it with their list price, and the value that has changed places.

    Without a product any goods replace the old ones, and nobody pays anything.
    """

    rma_id = models.BigIntegerField(db_index=True)
    line = models.OneToOneField(ReturnLine, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", null=True)
    # So many are wished for so many of the line; at the list price of the day of the request, in the sale's currency.
    wished_e4 = models.BigIntegerField(default=0)
    for_e4 = models.BigIntegerField(default=0)
    unit_price_e6 = models.BigIntegerField(default=0)
    tax_rate_e6 = models.BigIntegerField(default=0)
    net_cents = models.BigIntegerField(default=0)
    tax_cents = models.BigIntegerField(default=0)
    shipped_e4 = models.BigIntegerField(default=0)
    # Of the units that were replaced: what was agreed for them, and what of that was billed: their refund value.
    agreed_cents = models.BigIntegerField(default=0)
    worth_net_cents = models.BigIntegerField(default=0)
    worth_tax_cents = models.BigIntegerField(default=0)
    # Of that value: what stands behind the new goods now, and the difference that was credited to the customer.
    moved_net_cents = models.BigIntegerField(default=0)
    moved_tax_cents = models.BigIntegerField(default=0)
    credited_net_cents = models.BigIntegerField(default=0)
    credited_tax_cents = models.BigIntegerField(default=0)
    # Whether the goods wished for wait on the shelf once the exchange is authorised; a supervisor may let others have them.
    reserves = models.BooleanField(default=True, db_default=True)

    class Meta:
        """Never more moved and credited than the old goods were worth; never more shipped than wished."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    worth_net_cents__gte=models.F("moved_net_cents") + models.F("credited_net_cents"),
                    worth_tax_cents__gte=models.F("moved_tax_cents") + models.F("credited_tax_cents"),
                    moved_net_cents__gte=0, moved_tax_cents__gte=0, credited_net_cents__gte=0, credited_tax_cents__gte=0,
                ),
                name="swap_value",
            ),
            models.CheckConstraint(
                condition=models.Q(product=None) | models.Q(shipped_e4__lte=models.F("wished_e4")), name="swap_wish"
            ),
        ]  # fmt: skip

    @property
    def left_net_cents(self) -> int:
        """What of the old goods' value neither stands behind new goods nor was credited."""
        return self.worth_net_cents - self.moved_net_cents - self.credited_net_cents

    @property
    def left_tax_cents(self) -> int:
        """The tax on that."""
        return self.worth_tax_cents - self.moved_tax_cents - self.credited_tax_cents


class SwapStep(models.Model):
    """What one command changed of a swap; the counters of swaps are the sums of these, an undo appends the opposite."""

    rma_id = models.BigIntegerField(db_index=True)
    log_id = models.BigIntegerField(db_index=True)
    line_id = models.BigIntegerField(db_index=True)
    shipped_e4 = models.BigIntegerField(default=0)
    replaced_e4 = models.BigIntegerField(default=0)
    agreed_cents = models.BigIntegerField(default=0)
    worth_net_cents = models.BigIntegerField(default=0)
    worth_tax_cents = models.BigIntegerField(default=0)
    moved_net_cents = models.BigIntegerField(default=0)
    moved_tax_cents = models.BigIntegerField(default=0)
    # Set on a mirror row: the log row that it takes back.
    mirrors_log_id = models.BigIntegerField(default=0)
    business_on = models.DateField()


class ExchangeFee(models.Model):
    """What a customer owes for an exchange, by the shipment of the other goods."""

    rma_id = models.BigIntegerField(db_index=True)
    log_id = models.BigIntegerField(unique=True)
    # In the company's currency, as its open item.
    fee_cents = models.BigIntegerField()
    debt_id = models.BigIntegerField()
    charged_on = models.DateField()
    undone_log_id = models.BigIntegerField(default=0)


class Replacement(models.Model):
    """Goods that left for a return line, as a further line of its sale."""

    rma_id = models.BigIntegerField(db_index=True)
    line = models.ForeignKey(ReturnLine, on_delete=models.PROTECT, related_name="+")
    log_id = models.BigIntegerField(db_index=True)
    sale_id = models.BigIntegerField()
    sale_line_id = models.BigIntegerField(unique=True)
    shipment_id = models.BigIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    quantity_e4 = models.BigIntegerField()
    # How many of the return line they replace.
    replaced_e4 = models.BigIntegerField()
    # The difference that was billed when they left.
    billed_net_cents = models.BigIntegerField(default=0)
    billed_tax_cents = models.BigIntegerField(default=0)
    # When they left: what they cost (the sale line's money), and of the old units what these were worth and what of all
    # lines' worth was moved behind them.
    price_net_cents = models.BigIntegerField(default=0, db_default=0)
    price_tax_cents = models.BigIntegerField(default=0, db_default=0)
    worth_net_cents = models.BigIntegerField(default=0, db_default=0)
    worth_tax_cents = models.BigIntegerField(default=0, db_default=0)
    moved_net_cents = models.BigIntegerField(default=0, db_default=0)
    moved_tax_cents = models.BigIntegerField(default=0, db_default=0)
    # Units whose old goods did not come: their new goods were billed, at this; credited when they come after all.
    late_e4 = models.BigIntegerField(default=0, db_default=0)
    late_net_cents = models.BigIntegerField(default=0, db_default=0)
    late_tax_cents = models.BigIntegerField(default=0, db_default=0)
    shipped_on = models.DateField()
    # Goods that left ahead of the old ones: the last day on which these may come.
    due_on = models.DateField(null=True)
    undone_log_id = models.BigIntegerField(default=0)

    class Meta:
        """Something left for at least a part of the line."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    quantity_e4__gt=0, replaced_e4__gte=0, late_e4__gte=0, late_e4__lte=models.F("replaced_e4")
                ),
                name="replacement_quantity",
            ),
        ]
