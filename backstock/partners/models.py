"""Customers and suppliers; the one place for their names, phones and addresses, which can be erased."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Partner(models.Model):
    """Somebody we buy from or sell to. Ledgers and logs refer to the id; personal data lives only here."""

    code = models.CharField(max_length=60, unique=True)
    is_customer = models.BooleanField(default=False)
    is_supplier = models.BooleanField(default=False)
    name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True, db_index=True)
    email = models.CharField(max_length=200, blank=True)
    address = models.TextField(blank=True)
    # The number under which a company pays taxes (统一社会信用代码).
    tax_number = models.CharField(max_length=40, blank=True, default="", db_index=True)
    # Where money is transferred to: whose account, at which bank, and its number.
    bank_holder = models.CharField(max_length=100, blank=True, default="", db_default="")
    bank_name = models.CharField(max_length=100, blank=True, default="", db_default="")
    bank_account = models.CharField(max_length=40, blank=True, default="", db_default="")
    # What duplicates are told by: see `partners.duplicates`.
    name_key = models.CharField(max_length=200, blank=True, default="", db_index=True)
    phone_key = models.CharField(max_length=40, blank=True, default="", db_index=True)
    # The code of a price level: its prices are ours for this customer.
    level = models.CharField(max_length=60, blank=True, default="", db_index=True)
    # None: no limit was set.
    credit_limit_cents = models.BigIntegerField(null=True)
    payment_days = models.PositiveIntegerField(default=0)
    notes = models.TextField(blank=True, default="")
    # A duplicate stays, so that its code and its documents lead to the survivor.
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    archived_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        """Named by code."""

        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name or self.code


class Contact(models.Model):
    """Somebody who answers for a partner; erased with it."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=60, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    email = models.CharField(max_length=200, blank=True, default="")
    is_default = models.BooleanField(default=False)


class Address(models.Model):
    """Where a partner's goods go; erased with it."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="addresses")
    label = models.CharField(max_length=60, blank=True, default="")
    recipient = models.CharField(max_length=100, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    text = models.CharField(max_length=400)
    is_default = models.BooleanField(default=False)
