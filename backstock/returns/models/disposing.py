"""What speaks for a disposition: the ground on which a law allowed it, and who saw it."""

from __future__ import annotations

from django.db import models


class DisposalProof(models.Model):
    """One line of a disposition for which a ground was stated or a witness was there."""

    rma_id = models.BigIntegerField(db_index=True)
    log_id = models.BigIntegerField(db_index=True)
    product_id = models.BigIntegerField()
    to = models.CharField(max_length=20)
    # A code of `returns.quality.blocks`.
    ground = models.CharField(max_length=30, blank=True)
    # 0: nobody.
    witness_id = models.BigIntegerField(default=0)
