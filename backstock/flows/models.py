"""Flows as versioned data; a version is never edited, only followed by another of the same code."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class FlowVersion(models.Model):
    """What a flow asks from a day on; a return keeps what the version asked with which it started."""

    code = models.CharField(max_length=40)
    valid_from = models.DateField()
    terms = models.JSONField()
    published_at = models.DateTimeField()
    published_by_id = models.BigIntegerField(default=0)

    class Meta:
        """Versions of a flow are read by its code."""

        indexes: ClassVar = [models.Index(fields=["code", "valid_from"], name="flow_version_code")]
