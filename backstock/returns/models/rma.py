"""The return: what was asked and decided, what came and what was found; goods and money are in the ledgers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from backstock.catalog.models import Product
from backstock.partners.models import Partner


class Return(models.Model):
    """A return request, and once authorised the RMA. `status` is the commercial decision, goods' progress is computed."""

    customer = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    type = models.CharField(max_length=20, default="return_refund")
    channel = models.CharField(max_length=20, default="shop")
    currency = models.CharField(max_length=3)
    currency_digits = models.PositiveSmallIntegerField(default=2)
    status = models.CharField(max_length=10, default="requested", db_index=True)
    requested_on = models.DateField(db_index=True)
    decided_on = models.DateField(null=True)
    # An authorisation lapses after this day.
    lapses_on = models.DateField(null=True)
    approved_by_id = models.BigIntegerField(default=0)
    policy_version_id = models.BigIntegerField(default=0)
    reference = models.CharField(max_length=60, blank=True, db_index=True)
    allowance_cents = models.BigIntegerField(default=0)
    # The flow with which it started: code, version (0: the product's own), and what that asks; never read again elsewhere.
    flow_code = models.CharField(max_length=40, default="", db_default="", blank=True)
    flow_version_id = models.BigIntegerField(default=0, db_default=0)
    flow = models.JSONField(default=dict, db_default={})
    # Until when it is to be decided, then until when goods are expected; and, where no goods come first, the money.
    due_at = models.DateTimeField(null=True)
    settle_due_at = models.DateTimeField(null=True)

    class Meta:
        """Only states of the lifecycle."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=["requested", "approved", "rejected", "cancelled", "closed"]),
                name="return_status",
            )
        ]

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"R{self.pk:06d}"


class ReturnLine(models.Model):
    """One line of a return: the sale line it is of, the reason, what the policy said, and its money counters."""

    rma = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    # 0 for a blind return.
    sale_id = models.BigIntegerField(default=0, db_index=True)
    sale_line_id = models.BigIntegerField(default=0, db_index=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=60, blank=True)
    # Set while a blind return states price and cost.
    unit_price_e6 = models.BigIntegerField(null=True)
    unit_cost_e6 = models.BigIntegerField(null=True)
    decision = models.CharField(max_length=8, default="review")
    # The codes and facts that decided, kept as they were.
    findings = models.JSONField(default=list)
    # The terms that hold for this line, fixed at the request.
    terms = models.JSONField(default=dict)
    # Units that were settled, what they are worth, and what of that was given (the rest may follow, or is waived).
    refunded_e4 = models.BigIntegerField(default=0)
    entitled_net_cents = models.BigIntegerField(default=0)
    entitled_tax_cents = models.BigIntegerField(default=0)
    refunded_net_cents = models.BigIntegerField(default=0)
    refunded_tax_cents = models.BigIntegerField(default=0)
    # Units for which other goods have left; written by `ship_replacement` and its undo only.
    replaced_e4 = models.BigIntegerField(default=0)

    class Meta:
        """Lines are numbered within their return and never give more than they are worth."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rma", "position"], name="return_line_position"),
            models.CheckConstraint(
                condition=models.Q(
                    refunded_net_cents__lte=models.F("entitled_net_cents"),
                    refunded_tax_cents__lte=models.F("entitled_tax_cents"),
                    refunded_net_cents__gte=0, refunded_tax_cents__gte=0,
                ),
                name="return_line_refunded",
            ),
        ]  # fmt: skip


class ReturnPiece(models.Model):
    """The goods counters of a return line, per stocked product and lot or serial."""

    line = models.ForeignKey(ReturnLine, on_delete=models.PROTECT, related_name="pieces")
    # 0 for a blind return.
    sale_piece_id = models.BigIntegerField(default=0, db_index=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    lot_id = models.BigIntegerField(default=0)
    per_line_e4 = models.BigIntegerField(default=10**4)
    requested_e4 = models.BigIntegerField()
    authorized_e4 = models.BigIntegerField(default=0)
    received_e4 = models.BigIntegerField(default=0)
    missing_e4 = models.BigIntegerField(default=0)
    accepted_e4 = models.BigIntegerField(default=0)
    rejected_e4 = models.BigIntegerField(default=0)
    disposed_e4 = models.BigIntegerField(default=0)
    sent_back_e4 = models.BigIntegerField(default=0)
    # Of the disposed those that were rejected, and of the sent back those that were accepted: neither brings money.
    rejected_disposed_e4 = models.BigIntegerField(default=0)
    accepted_sent_back_e4 = models.BigIntegerField(default=0)
    # On the way to a supplier, who has not credited them yet.
    at_vendor_e4 = models.BigIntegerField(default=0, db_default=0)
    # In repair, and not finished yet.
    in_repair_e4 = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        """Σ disposed ≤ inspected ≤ received ≤ authorised: DESIGN §9.2, in the database too."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "product", "lot_id"], name="return_piece_once"),
            models.CheckConstraint(
                condition=models.Q(
                    received_e4__lte=models.F("authorized_e4"),
                    received_e4__gte=models.F("accepted_e4") + models.F("rejected_e4"),
                    disposed_e4__lte=models.F("accepted_e4") + models.F("rejected_e4"),
                    sent_back_e4__lte=models.F("disposed_e4"),
                    rejected_disposed_e4__lte=models.F("rejected_e4"),
                    accepted_sent_back_e4__lte=models.F("sent_back_e4"),
                    at_vendor_e4__lte=models.F("disposed_e4"), at_vendor_e4__gte=0,
                    in_repair_e4__lte=models.F("disposed_e4"), in_repair_e4__gte=0,
                    disposed_e4__gte=0, sent_back_e4__gte=0, accepted_e4__gte=0, rejected_e4__gte=0, missing_e4__gte=0,
                    requested_e4__gte=0, authorized_e4__gte=0,
                ),
                name="return_piece_counters",
            ),
        ]  # fmt: skip

    @property
    def to_receive_e4(self) -> int:
        """Authorised and not yet here."""
        return self.authorized_e4 - self.received_e4

    @property
    def to_inspect_e4(self) -> int:
        """Here and not yet inspected."""
        return self.received_e4 - self.accepted_e4 - self.rejected_e4

    @property
    def accepted_left_e4(self) -> int:
        """Accepted and not yet disposed of."""
        return self.accepted_e4 - (self.disposed_e4 - self.rejected_disposed_e4)

    @property
    def rejected_left_e4(self) -> int:
        """Rejected and not yet disposed of."""
        return self.rejected_e4 - self.rejected_disposed_e4

    @property
    def to_dispose_e4(self) -> int:
        """Inspected and not yet disposed of."""
        return self.accepted_left_e4 + self.rejected_left_e4

    def refundable_e4(self, refund_when: str) -> int:
        """Return how many units have come as far as the policy wants; rejected and sent-back ones bring no money."""
        reached = {
            "approved": self.authorized_e4 - self.rejected_e4,
            "received": self.received_e4 - self.rejected_e4,
            "inspected": self.accepted_e4,
            "disposed": self.disposed_e4 - self.rejected_disposed_e4,
        }
        return reached[refund_when] - self.accepted_sent_back_e4


class ReturnEvent(models.Model):
    """One thing that happened to pieces: received, inspected, disposed, repaired, credited; undone by a mirror row."""

    rma_id = models.BigIntegerField(db_index=True)
    log_id = models.BigIntegerField(db_index=True)
    piece_id = models.BigIntegerField(db_index=True)
    # receive, inspect, dispose, finish_repair, vendor_credit
    kind = models.CharField(max_length=20)
    # received, damaged, missing, wrong_item | accepted, rejected | restock, scrap, … (also after a repair) | credited
    verdict = models.CharField(max_length=20)
    quantity_e4 = models.BigIntegerField()
    grade = models.CharField(max_length=4, blank=True)
    place_id = models.BigIntegerField(default=0)
    value_cents = models.BigIntegerField(default=0)
    # Of goods that went back to a supplier: whom the claim is against.
    supplier_id = models.BigIntegerField(default=0)
    # For a wrong item: what lay in the parcel.
    found_product_id = models.BigIntegerField(default=0)
    # Set on a mirror row: the log row that it takes back.
    mirrors_log_id = models.BigIntegerField(default=0)
    business_on = models.DateField()
    # Until when the next step over these pieces is to be done, and until when money that this step makes due is to be paid.
    due_at = models.DateTimeField(null=True)
    settle_due_at = models.DateTimeField(null=True)

    class Meta:
        """Something happened to at least one piece."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(quantity_e4__gt=0), name="return_event_quantity"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["receive", "inspect", "dispose", "finish_repair", "vendor_credit"]),
                name="return_event_kind",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["supplier_id", "rma_id"], condition=models.Q(supplier_id__gt=0), name="return_event_claims"
            )
        ]
