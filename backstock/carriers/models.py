"""Carriers as the company knows them; a row stands in for the product's own of the same code."""

from __future__ import annotations

from django.db import models


class Carrier(models.Model):
    """What a carrier is called, where its parcels are followed, and how its waybills begin."""

    code = models.CharField(max_length=20, unique=True)
    words = models.JSONField(default=dict)
    # An address with {number} in it; empty: parcels of it are not followed by a link.
    tracking_url = models.CharField(max_length=300, blank=True)
    prefixes = models.JSONField(default=list)
    is_retired = models.BooleanField(default=False)
