"""What a buyer confirmed or was not told at the purchase, and the clocks of the law as they stand."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from backstock.returns.models.rma import Return


class PurchaseNotice(models.Model):
    """An exception that the buyer confirmed for a line of a sale, or that nobody told of the right; the last row counts."""

    sale_id = models.BigIntegerField(db_index=True)
    # 0: every line of the sale.
    sale_line_id = models.BigIntegerField(default=0)
    # Of the exception, or "uninformed".
    code = models.CharField(max_length=40)
    holds = models.BooleanField(default=True)
    confirmed_on = models.DateField()
    log_id = models.BigIntegerField()


class LegalClock(models.Model):
    """One clock of the law over a return, reckoned behind the commands from what they wrote (`deciding/legal.py`)."""

    rma = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="legal_clocks")
    # The pack's rule that sets it, and what it wants done.
    law = models.CharField(max_length=8)
    rule = models.CharField(max_length=40)
    what = models.CharField(max_length=20)
    article = models.CharField(max_length=200)
    is_verified = models.BooleanField(default=False)
    # What set it going (delivery, request, arrival, proof), on which day, and the document that proves it.
    starts = models.CharField(max_length=10)
    since_on = models.DateField()
    evidence = models.CharField(max_length=60, blank=True)
    due_on = models.DateField(db_index=True)
    done_on = models.DateField(null=True)
    # Still to be done; neither open nor done is what fell away, with a request that was withdrawn.
    is_open = models.BooleanField(default=True)
    # Money that may wait for the goods or a proof of dispatch is not late.
    waits = models.BooleanField(default=False)
    # 1: told that it is near, 2: told that it is late.
    told = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """A rule sets one clock for a return."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["rma", "law", "rule"], name="legal_clock_once")]
        indexes: ClassVar = [
            models.Index(fields=["due_on"], condition=models.Q(is_open=True), name="legal_clock_open"),
        ]


class LegalClocksKept(models.Model):
    """How far the log was turned into clocks."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    through_log_id = models.BigIntegerField(default=0)
