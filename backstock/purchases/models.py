"""What was ordered from suppliers, what they delivered and billed, and what went back to them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from backstock.catalog.models import Product
from backstock.partners.models import Partner


class PurchaseOrder(models.Model):
    """Goods asked of a supplier; how far it has come is computed from its lines."""

    supplier = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    warehouse_id = models.BigIntegerField()
    ordered_on = models.DateField(db_index=True)
    expected_on = models.DateField(null=True, db_index=True)
    # How much more than ordered is taken without asking: 0.05 as 50000.
    tolerance_e6 = models.BigIntegerField(default=0)
    reference = models.CharField(max_length=60, blank=True, db_index=True)
    # Set when somebody says that the rest will not come.
    closed_on = models.DateField(null=True)

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"PO{self.pk:06d}"


class PurchaseOrderLine(models.Model):
    """One product of an order. Quantities are in the base unit; 0 is a line that was dropped."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    quantity_e4 = models.BigIntegerField()
    # The same quantity in the unit that it was ordered in, and that unit's price.
    unit = models.CharField(max_length=20, blank=True)
    unit_quantity_e4 = models.BigIntegerField()
    unit_cost_e6 = models.BigIntegerField()
    tax_rate_e6 = models.BigIntegerField(default=0)
    received_e4 = models.BigIntegerField(default=0)

    class Meta:
        """Lines are numbered within their order and hold possible figures."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "position"], name="purchase_order_line_position"),
            models.CheckConstraint(
                condition=models.Q(
                    quantity_e4__gte=0, unit_quantity_e4__gte=0, unit_cost_e6__gte=0, tax_rate_e6__gte=0,
                    received_e4__gte=0,
                ),
                name="purchase_order_line_figures",
            ),
        ]  # fmt: skip

    @property
    def left_e4(self) -> int:
        """Ordered and not yet here."""
        return max(0, self.quantity_e4 - self.received_e4)


class PurchaseReceipt(models.Model):
    """Goods received from a supplier into sellable stock, on account: what is owed for it until it is paid."""

    supplier_id = models.BigIntegerField(db_index=True)
    warehouse_id = models.BigIntegerField()
    received_on = models.DateField()
    reference = models.CharField(max_length=60, blank=True)
    # 0 for a delivery that nobody ordered.
    order_id = models.BigIntegerField(default=0, db_index=True)
    # An opening stock is owed to nobody.
    opening = models.BooleanField(default=False)
    due_on = models.DateField(null=True, db_index=True)
    # What was received or, where it differs, billed, tax included; what of it is still open, after payments and goods
    # that went back (below zero the supplier owes us); and what goods that went back took off it.
    gross_cents = models.BigIntegerField(default=0)
    owed_cents = models.BigIntegerField(default=0)
    returned_cents = models.BigIntegerField(default=0)
    # The log row that took it back, 0 while it stands.
    undone_log_id = models.BigIntegerField(default=0)

    class Meta:
        """What is still owed is found by supplier and by day."""

        indexes: ClassVar = [
            models.Index(
                fields=["supplier_id", "due_on"], condition=~models.Q(owed_cents=0), name="purchase_receipt_owed"
            )
        ]

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"P{self.pk:06d}"

    @property
    def paid_cents(self) -> int:
        """What payments took off."""
        return self.gross_cents - self.returned_cents - self.owed_cents


class PurchaseLine(models.Model):
    """One product (and lot) of a receipt at its unit cost, with what was billed of it and what went back."""

    receipt = models.ForeignKey(PurchaseReceipt, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField(default=1)
    product_id = models.BigIntegerField(db_index=True)
    # 0 for a line that nobody ordered.
    order_line_id = models.BigIntegerField(default=0, db_index=True)
    lot_code = models.CharField(max_length=60, blank=True)
    quantity_e4 = models.BigIntegerField()
    # Per the unit that it came in; its value is what went into stock, whatever is billed later.
    unit = models.CharField(max_length=20, blank=True)
    unit_cost_e6 = models.BigIntegerField()
    value_cents = models.BigIntegerField()
    tax_cents = models.BigIntegerField(default=0)
    invoiced_e4 = models.BigIntegerField(default=0)
    invoiced_net_cents = models.BigIntegerField(default=0)
    invoiced_tax_cents = models.BigIntegerField(default=0)
    # By how much invoices differ from the receipt.
    net_difference_cents = models.BigIntegerField(default=0)
    tax_difference_cents = models.BigIntegerField(default=0)
    sent_back_e4 = models.BigIntegerField(default=0)
    sent_back_net_cents = models.BigIntegerField(default=0)
    sent_back_tax_cents = models.BigIntegerField(default=0)

    class Meta:
        """A receipt brings something; no more of it is billed or sent back than came."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quantity_e4__gt=0, value_cents__gte=0), name="purchase_line_figures"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    invoiced_e4__gte=0, invoiced_e4__lte=models.F("quantity_e4"),
                    sent_back_e4__gte=0, sent_back_e4__lte=models.F("quantity_e4"),
                ),
                name="purchase_line_counters",
            ),
        ]  # fmt: skip

    @property
    def uninvoiced_e4(self) -> int:
        """Received, kept and not yet billed: what went back without a bill needs none."""
        return max(0, self.quantity_e4 - self.sent_back_e4 - self.invoiced_e4)

    @property
    def kept_e4(self) -> int:
        """Received and not sent back."""
        return self.quantity_e4 - self.sent_back_e4


class PurchaseInvoice(models.Model):
    """A supplier's invoice: its own number, and what it bills of which receipts."""

    supplier = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    supplier_number = models.CharField(max_length=60)
    invoiced_on = models.DateField()
    net_cents = models.BigIntegerField()
    tax_cents = models.BigIntegerField()
    undone_log_id = models.BigIntegerField(default=0)

    class Meta:
        """An invoice is entered once."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["supplier", "supplier_number"], condition=models.Q(undone_log_id=0), name="purchase_invoice_once"
            )
        ]  # fmt: skip

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"PI{self.pk:06d}"


class PurchaseInvoiceLine(models.Model):
    """What an invoice bills of one line of a receipt, beside what the receipt had said."""

    invoice = models.ForeignKey(PurchaseInvoice, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(PurchaseLine, on_delete=models.PROTECT, related_name="invoice_lines")
    quantity_e4 = models.BigIntegerField()
    net_cents = models.BigIntegerField()
    tax_cents = models.BigIntegerField()
    net_difference_cents = models.BigIntegerField()
    tax_difference_cents = models.BigIntegerField()


class PurchaseReturn(models.Model):
    """Goods of a receipt that went back to the supplier from our shelf."""

    receipt = models.ForeignKey(PurchaseReceipt, on_delete=models.PROTECT, related_name="returns")
    supplier_id = models.BigIntegerField(db_index=True)
    returned_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    net_cents = models.BigIntegerField()
    tax_cents = models.BigIntegerField()
    undone_log_id = models.BigIntegerField(default=0)

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"PR{self.pk:06d}"


class PurchaseReturnLine(models.Model):
    """What went back of one line of a receipt: at which price, and at which cost it left our stock."""

    purchase_return = models.ForeignKey(PurchaseReturn, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(PurchaseLine, on_delete=models.PROTECT, related_name="return_lines")
    quantity_e4 = models.BigIntegerField()
    net_cents = models.BigIntegerField()
    tax_cents = models.BigIntegerField()
    cost_cents = models.BigIntegerField()
