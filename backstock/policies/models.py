"""The return policy as versioned data; a version is never edited, only followed by another."""

from __future__ import annotations

from django.db import models


class PolicyVersion(models.Model):
    """The terms in force from a day on; documents keep the version they started with."""

    valid_from = models.DateField(db_index=True)
    terms = models.JSONField()
    published_at = models.DateTimeField()
    published_by_id = models.BigIntegerField(default=0)


class LawVersion(models.Model):
    """What a company says of the law from a day on: its markets, what it corrected, its days off; never edited."""

    valid_from = models.DateField(db_index=True)
    terms = models.JSONField()
    published_at = models.DateTimeField()
    published_by_id = models.BigIntegerField(default=0)
