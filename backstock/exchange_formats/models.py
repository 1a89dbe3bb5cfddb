"""One import from its file to its end, so that it survives a closed browser, a restart and a power cut."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from backstock.core.models import User


class ImportRun(models.Model):
    """A file on its way into the books: which columns it has, what a dry run said of it, how much of it is in.

    It is no ledger and posts nothing itself: what takes effect are commands, each with its own log row and key.
    """

    kind = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    # The file lies under this name in the home of the installation.
    content_hash = models.CharField(max_length=64)
    source = models.CharField(max_length=20)
    header_row = models.PositiveIntegerField(default=0)
    # {column: place in the row}
    places = models.JSONField(default=dict)
    business_on = models.DateField()
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # new → to_check → checking → checked → to_import → importing → done; stopped and failed say why.
    state = models.CharField(max_length=10, default="new", db_index=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # rows, ready, known (imported before), faulty, imported
    counts = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    message_en = models.TextField(blank=True)
    message_zh = models.TextField(blank=True)
    started_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-pk"]

    @property
    def number(self) -> str:
        """How people call it."""
        return f"IMP{self.pk:06d}"
