"""Which request came out of which: split off, or merged into another; rows are appended and never changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ReturnLink(models.Model):
    """Lines of one return went on in another one."""

    source_id = models.BigIntegerField(db_index=True)
    target_id = models.BigIntegerField(db_index=True)
    # split: a part went on in a new return; merge: all of it went on in one that was there.
    kind = models.CharField(max_length=10)
    log_id = models.BigIntegerField()
    recorded_at = models.DateTimeField()

    class Meta:
        """Split or merged, never into itself."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=["split", "merge"]), name="return_link_kind"),
            models.CheckConstraint(condition=~models.Q(source_id=models.F("target_id")), name="return_link_other"),
        ]
