"""Photos, papers and free text that prove or explain something; erasable without touching a ledger."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Evidence(models.Model):
    """One piece of evidence of a document: a file named by its content hash, or a note."""

    document = models.CharField(max_length=40, db_index=True)
    kind = models.CharField(max_length=10)
    content_hash = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        """A file or a note, nothing else."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=["file", "note"]), name="evidence_kind")
        ]
