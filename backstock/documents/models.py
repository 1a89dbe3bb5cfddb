"""What stands at the head and foot of every paper."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Letterhead(models.Model):
    """The company as its papers show it; one row, and where a field is empty the paper leaves it out."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name_zh = models.CharField(max_length=200, blank=True, default="")
    name_en = models.CharField(max_length=200, blank=True, default="")
    address_zh = models.CharField(max_length=300, blank=True, default="")
    address_en = models.CharField(max_length=300, blank=True, default="")
    # Where returned goods are sent, when it is not the address above.
    returns_to_zh = models.CharField(max_length=300, blank=True, default="")
    returns_to_en = models.CharField(max_length=300, blank=True, default="")
    phone = models.CharField(max_length=60, blank=True, default="")
    email = models.CharField(max_length=200, blank=True, default="")
    tax_number = models.CharField(max_length=40, blank=True, default="")
    footer_zh = models.CharField(max_length=300, blank=True, default="")
    footer_en = models.CharField(max_length=300, blank=True, default="")
    # The content of a picture that was kept; empty for none.
    logo_hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        """One row only."""

        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="letterhead_is_one")]

    def said(self, name: str, language: str) -> str:
        """Return a text in a language, else in the other one."""
        order = ("zh", "en") if language.startswith("zh") else ("en", "zh")
        return next((text for each in order if (text := str(getattr(self, f"{name}_{each}")))), "")


def letterhead() -> Letterhead:
    """Return what was set, or an empty one."""
    return Letterhead.objects.first() or Letterhead()
