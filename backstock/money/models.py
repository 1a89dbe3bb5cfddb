"""The money ledger: accounts, transfers, and the balances that are caches of it.

Like goods: rows are appended and never changed, keyed by business day, ordered by `log_id`. General-ledger accounts
have no locked balance; their months are rolled up behind the commands and a figure is rolled-up months plus tail.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Account(models.Model):
    """An account of the company's chart; `role` is what the posting rules know it by, code and names are the company's.

    Below cash and bank stand the company's own tills and bank accounts: ids from 100, `role` as in `bank.ICBC`.
    """

    id = models.PositiveSmallIntegerField(primary_key=True)
    role = models.CharField(max_length=60, unique=True)
    code = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    # The role account of which this is a part; 0 for those accounts themselves.
    parent_id = models.PositiveSmallIntegerField(default=0)
    # Empty: the company's.
    currency = models.CharField(max_length=3, blank=True, default="")
    may_be_negative = models.BooleanField(default=False)


class Transfer(models.Model):
    """A positive amount goes from the credited to the debited account; balanced by construction."""

    pk = models.CompositePrimaryKey("business_on", "log_id", "position")
    business_on = models.DateField()
    log_id = models.BigIntegerField()
    position = models.IntegerField()
    recorded_at = models.DateTimeField()
    amount_cents = models.BigIntegerField()
    debit_id = models.PositiveSmallIntegerField()
    credit_id = models.PositiveSmallIntegerField()
    # 0 where no partner is concerned.
    partner_id = models.BigIntegerField(default=0)
    original_amount_cents = models.BigIntegerField()
    original_currency = models.CharField(max_length=3)
    document = models.CharField(max_length=40)
    line_id = models.BigIntegerField(default=0)
    mirrors_log_id = models.BigIntegerField(default=0)

    class Meta:
        """What no transfer can be, in words that every database understands."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(amount_cents__gt=0) | models.Q(amount_cents=0, original_amount_cents__gt=0),
                name="transfer_amount",
            ),
            models.CheckConstraint(condition=~models.Q(debit_id=models.F("credit_id")), name="transfer_accounts"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["document"], name="transfer_document"),
            models.Index(fields=["debit_id", "business_on"], name="transfer_debit"),
            models.Index(fields=["credit_id", "business_on"], name="transfer_credit"),
            models.Index(fields=["log_id"], name="transfer_log"),
            models.Index(
                fields=["partner_id", "business_on"], name="transfer_partner", condition=~models.Q(partner_id=0)
            ),
        ]


class AccountMove(models.Model):
    """Money moved between two accounts of our own."""

    moved_on = models.DateField()
    source_id = models.PositiveSmallIntegerField()
    target_id = models.PositiveSmallIntegerField()
    # What left the source; the fee is of it, what arrived may differ by the rate.
    amount_cents = models.BigIntegerField()
    fee_cents = models.BigIntegerField(default=0)
    arrived_cents = models.BigIntegerField()
    memo = models.CharField(max_length=200, blank=True)

    class Meta:
        """Money moves somewhere else."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(amount_cents__gt=0, fee_cents__gte=0, arrived_cents__gt=0)
                & ~models.Q(source_id=models.F("target_id")),
                name="account_move_amounts",
            )
        ]

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"AT{self.pk:06d}"


class Booking(models.Model):
    """Income or expense that belongs to no sale and no purchase."""

    kind = models.CharField(max_length=10)
    booked_on = models.DateField()
    account_id = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=60)
    amount_cents = models.BigIntegerField()
    partner_id = models.BigIntegerField(default=0)
    memo = models.CharField(max_length=200, blank=True)

    class Meta:
        """Income or expense of something."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=["income", "expense"]), name="booking_kind"),
            models.CheckConstraint(condition=models.Q(amount_cents__gt=0), name="booking_amount"),
        ]

    @property
    def number(self) -> str:
        """The document number; numbers come from the row's sequence and may have gaps."""
        return f"EX{self.pk:06d}"


class PartnerBalance(models.Model):
    """What one partner owes or is owed on one account and in one currency (debit minus credit): a locked cache."""

    partner_id = models.BigIntegerField()
    account_id = models.PositiveSmallIntegerField()
    currency = models.CharField(max_length=3)
    amount_cents = models.BigIntegerField()
    original_cents = models.BigIntegerField()

    class Meta:
        """One balance per partner, account and currency."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partner_id", "account_id", "currency"], name="partner_balance_once")
        ]


class AccountMonth(models.Model):
    """Debits and credits of one account in one month, of rows up to the watermark: written by the roll-up only."""

    account_id = models.PositiveSmallIntegerField()
    month = models.DateField()
    debit_cents = models.BigIntegerField(default=0)
    credit_cents = models.BigIntegerField(default=0)

    class Meta:
        """One row per account and month."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["account_id", "month"], name="account_month_once")]


class RollUp(models.Model):
    """How far the roll-up has come: transfers with a log id up to this are in the months."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    through_log_id = models.BigIntegerField(default=0)
