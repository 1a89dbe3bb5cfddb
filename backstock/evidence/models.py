"""Photos, papers and free text that prove or explain something; erasable without touching a ledger."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

STEPS = ("request", "receive", "inspect", "dispose")
WHOSE = ("customer", "ours")


class Evidence(models.Model):
    """One piece of evidence of a document: a file named by its content hash, or a note.

    Rows are appended and never replaced. Erasing one takes its file, name and text; row and hash stay and say that it was.
    """

    document = models.CharField(max_length=40, db_index=True)
    kind = models.CharField(max_length=10)
    content_hash = models.CharField(max_length=64, blank=True, db_index=True)
    name = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    # In which step it came, and whether the customer or we made it.
    step = models.CharField(max_length=10, default="request", db_default="request")
    whose = models.CharField(max_length=10, default="customer", db_default="customer")
    # Which line of the document, and which lot or serial number; 0 and empty: the document as a whole.
    line = models.PositiveIntegerField(default=0, db_default=0)
    lot = models.CharField(max_length=60, default="", db_default="", blank=True)
    media_type = models.CharField(max_length=40, default="", db_default="", blank=True)
    size_bytes = models.BigIntegerField(default=0, db_default=0)
    log_id = models.BigIntegerField(default=0, db_default=0)
    recorded_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        """A file or a note of a step, nothing else."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=["file", "note"]), name="evidence_kind"),
            models.CheckConstraint(condition=models.Q(step__in=STEPS, whose__in=WHOSE), name="evidence_step"),
        ]

    @property
    def is_picture(self) -> bool:
        """Whether it can be shown small."""
        return self.media_type.startswith("image/")

    @property
    def format(self) -> str:
        """What people call this kind of file."""
        return {"video/quicktime": "MOV", "application/pdf": "PDF"}.get(
            self.media_type, self.media_type.rpartition("/")[2].upper()
        )

    @property
    def is_video(self) -> bool:
        """Whether it is played."""
        return self.media_type.startswith("video/")
