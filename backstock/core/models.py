"""The company, its people and what they may do, the command log and its seals."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class Company(models.Model):
    """The one company of this database and the settings that its figures depend on."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=200)
    currency = models.CharField(max_length=3, default="CNY")
    currency_digits = models.PositiveSmallIntegerField(default=2)
    # The smallest coin, in the currency's smallest unit: 5 where cash is rounded to 0.05.
    cash_rounding_cents = models.PositiveIntegerField(default=1)
    cost_method = models.CharField(max_length=10, default="average")
    return_cost = models.CharField(max_length=10, default="original")
    tax_mode = models.CharField(max_length=10, default="exclusive")
    timezone = models.CharField(max_length=40, default="Asia/Shanghai")
    law = models.CharField(max_length=8, default="none")
    size = models.CharField(max_length=8, default="large")
    # Who made this database: "user", "demo", "bench", "replay" or "import". Demo and bench touch only their own.
    made_by = models.CharField(max_length=10, default="user")
    # Days up to and including this one take no more postings.
    closed_through = models.DateField(null=True)
    # Means of payment → id of the account it moves, where it is not the usual one; written by money's commands only.
    tender_accounts = models.JSONField(default=dict)

    class Meta:
        """One row only."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="company_is_one"),
            models.CheckConstraint(
                condition=models.Q(cost_method__in=["average", "fifo", "specific"]), name="company_cost_method"
            ),
            models.CheckConstraint(
                condition=models.Q(return_cost__in=["original", "current"]), name="company_return_cost"
            ),
            models.CheckConstraint(
                condition=models.Q(tax_mode__in=["exclusive", "inclusive"]), name="company_tax_mode"
            ),
        ]


class UserManager(BaseUserManager["User"]):
    """Finds users by the name with which they log in."""


class User(AbstractBaseUser):
    """A person or service account that may run commands."""

    username = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.display_name or self.username


class UserRole(models.Model):
    """One role of one user."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=20)

    class Meta:
        """A role is held once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "role"], name="user_role_once")]


class RoleGrant(models.Model):
    """A command that a role may run; seeded from `core.permissions.DEFAULT_GRANTS`, then the company's own data."""

    role = models.CharField(max_length=20)
    permission = models.CharField(max_length=60)

    class Meta:
        """A grant is given once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["role", "permission"], name="role_grant_once")]


class CommandLog(models.Model):
    """What was done, by whom, under which key, with which answer; one row per item of a batch.

    Holds references, never personal data. Its id is given by the database at insertion, after the locks of the
    command are held, so ids order what happened to any one balance; ledger rows carry it (`log_id`, `position`).
    """

    name = models.CharField(max_length=60)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    key = models.CharField(max_length=200, unique=True)
    # SHA-256 of name and input: the same key with other content is refused.
    digest = models.CharField(max_length=64)
    payload = models.JSONField()
    answer = models.JSONField()
    events = models.JSONField(default=list)
    # A number, or the code of master data, which may be as long as its own.
    document = models.CharField(max_length=60, db_index=True)
    business_on = models.DateField()
    recorded_at = models.DateTimeField()


class SealBlock(models.Model):
    """A chained block over committed log rows: tampering with any of them breaks the chain."""

    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField(unique=True)
    rows = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()


class SecurityLog(models.Model):
    """Refused permissions and failed log-ins; lies outside the ledgers and may grow when nothing else does."""

    actor_name = models.CharField(max_length=60)
    what = models.CharField(max_length=60)
    code = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()

    class Meta:
        """Failed log-ins of one person are counted at every log-in."""

        indexes: ClassVar = [models.Index(fields=["actor_name", "recorded_at"], name="security_log_actor")]
