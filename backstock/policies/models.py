"""The return policy as versioned data; a version is never edited, only followed by another."""

from __future__ import annotations

from django.db import models


class PolicyVersion(models.Model):
    """The terms in force from a day on; documents keep the version they started with."""

    valid_from = models.DateField(db_index=True)
    terms = models.JSONField()
    published_at = models.DateTimeField()
    published_by_id = models.BigIntegerField(default=0)


class PolicyDraft(models.Model):
    """Terms that people work on; nothing is decided by them until they are published. How it stands is told by its instants."""

    name = models.CharField(max_length=100, blank=True)
    terms = models.JSONField()
    # The version that it was begun from; 0 is the product's own.
    based_on_id = models.BigIntegerField(default=0)
    # Counts what was saved, so that nobody writes over, or approves, what they have not seen.
    revision = models.PositiveIntegerField(default=1)
    valid_from = models.DateField(null=True)
    # Everybody who wrote in it: none of them is the second pair of eyes.
    writers = models.JSONField(default=list)
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by_id = models.BigIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, db_index=True)
    closed_by_id = models.BigIntegerField(default=0)
    # What was published of it; 0 while it is open, and where it was put aside.
    version_id = models.BigIntegerField(default=0, db_index=True)

    @property
    def number(self) -> str:
        """The document number."""
        return f"PD{self.pk:06d}"

    @property
    def state(self) -> str:
        """Say open, submitted, published or discarded."""
        if self.closed_at is not None:
            return "published" if self.version_id else "discarded"
        return "submitted" if self.submitted_at is not None else "open"


class LawVersion(models.Model):
    """What a company says of the law from a day on: its markets, what it corrected, its days off; never edited."""

    valid_from = models.DateField(db_index=True)
    terms = models.JSONField()
    published_at = models.DateTimeField()
    published_by_id = models.BigIntegerField(default=0)
