"""What people said about a return because its flow asks for it: approvals by level, and papers that were waived."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ReturnApproval(models.Model):
    """One level of approval that somebody gave; a row of level -1 says that the request was changed: ask all again."""

    rma_id = models.BigIntegerField()
    log_id = models.BigIntegerField()
    level = models.SmallIntegerField()
    # 0: the system.
    user_id = models.BigIntegerField(default=0)
    business_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        """Read by return, in the order of recording."""

        indexes: ClassVar = [models.Index(fields=["rma_id"], name="return_approval_rma")]


class WaivedPaper(models.Model):
    """A paper that a return may be closed without, and why; the reason is free text and stays out of the log."""

    rma_id = models.BigIntegerField()
    log_id = models.BigIntegerField()
    paper = models.CharField(max_length=60)
    reason = models.CharField(max_length=200)
    user_id = models.BigIntegerField(default=0)
    business_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        """A paper is waived once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["rma_id", "paper"], name="waived_paper_once")]
