"""Warehouses; what lies in them is the goods ledger's affair."""

from __future__ import annotations

from django.db import models


class Warehouse(models.Model):
    """A building with its places for sellable goods, quarantine and repair."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100, blank=True)
    archived_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name or self.code
