"""How goods went back to the customer, and who pays the freight."""

from __future__ import annotations

from django.db import models


class SentBack(models.Model):
    """A parcel with goods that went back to the customer; which goods stands in the events of its log row."""

    rma_id = models.BigIntegerField(db_index=True)
    log_id = models.BigIntegerField(unique=True)
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    # ours, customer (on account), on_delivery (the carrier takes it)
    freight = models.CharField(max_length=12)
    freight_cents = models.BigIntegerField(default=0)
    # The open item by which the customer owes it; 0 where nothing is owed.
    debt_id = models.BigIntegerField(default=0)
    sent_on = models.DateField()
    undone_log_id = models.BigIntegerField(default=0)
