"""A message that may become a request: what somebody wrote in a chat or by mail, until a person has dealt with it."""

from __future__ import annotations

from django.db import models


class RequestDraft(models.Model):
    """Personal words: they are erased as soon as the draft is settled; the request keeps its own note."""

    # chat, mail
    source = models.CharField(max_length=10, default="chat")
    text = models.TextField(blank=True)
    # Names of what was attached, or content hashes of what was kept.
    files = models.JSONField(default=list)
    received_at = models.DateTimeField()
    # The return that it became; empty while it waits or when it was put aside.
    became = models.CharField(max_length=40, blank=True, default="")
    settled_at = models.DateTimeField(null=True, db_index=True)

    @property
    def number(self) -> str:
        """The document number."""
        return f"RD{self.pk:06d}"
