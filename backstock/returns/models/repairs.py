"""What was done in the workshop: who repaired, what it cost, and where the goods went."""

from __future__ import annotations

from django.db import models


class Repair(models.Model):
    """A finished repair of goods of a return; which pieces stands in the events of its log row."""

    rma_id = models.BigIntegerField(db_index=True)
    log_id = models.BigIntegerField(unique=True)
    # restock, send_back, scrap
    outcome = models.CharField(max_length=20)
    # Labour and other cost, the parts at what they cost us, and what of both the value of the goods took up.
    labour_cents = models.BigIntegerField(default=0)
    parts_cents = models.BigIntegerField(default=0)
    added_cents = models.BigIntegerField(default=0)
    # Who repaired and is owed for it, with the open item; 0: our own people, paid in cash.
    repairer_id = models.BigIntegerField(default=0)
    debt_id = models.BigIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    finished_on = models.DateField(db_index=True)
    undone_log_id = models.BigIntegerField(default=0)
