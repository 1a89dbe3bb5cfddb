"""Who may settle up to what: levels of the flow by amount and role, and four eyes above the limit of the policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from backstock.core.amounts import to_base_cents
from backstock.core.models import UserRole
from backstock.core.permissions import Actor
from backstock.flows.engine import levels_needed
from backstock.refunds.errors import RefundLimitExceeded
from backstock.refunds.settlement import SaleShare
from backstock.refunds.sold import SoldMoney, rate_of
from backstock.returns.deciding.approving import Given, approvals_of
from backstock.returns.deciding.errors import FourEyesRequired
from backstock.returns.loading import LoadedReturn

SETTLE_LEVELS = "settle_levels"


@dataclass(slots=True)
class Limits:
    """What a settlement is checked against; reads only what flows and policies ask for."""

    actor: Actor
    digits: int
    roles: set[str] = field(default_factory=set)
    approvals: Mapping[int, list[Given]] = field(default_factory=dict)

    def check(self, rma: LoadedReturn, shares: Iterable[SaleShare], sold: SoldMoney) -> None:
        """Refuse what is above the limit of this person; what was given before counts, all in the company's currency."""
        total = given_base_cents(rma, sold) + sum(
            to_base_cents(share.total_cents, rate_of(sold, share.sale_id)) for share in shares
        )
        self._check_role(rma, total)
        self._check_four_eyes(rma, total)

    def _check_role(self, rma: LoadedReturn, total_cents: int) -> None:
        needed = levels_needed(rma.row.flow, total_cents, SETTLE_LEVELS)
        if not needed or "*" in self.actor.permissions:
            return
        # A higher level stands in for a lower one.
        if not self.roles & set(levels_needed(rma.row.flow, MOST, SETTLE_LEVELS)[len(needed) - 1 :]):
            raise RefundLimitExceeded(
                document=rma.row.number, role=needed[-1], amount_cents=total_cents, digits=self.digits
            )

    def _check_four_eyes(self, rma: LoadedReturn, total_cents: int) -> None:
        limit, user_id = four_eyes_limit(rma), self.actor.user_id
        if limit is None or total_cents <= limit or not user_id:
            return
        if user_id in {rma.row.approved_by_id, *(each.user_id for each in self.approvals.get(rma.row.pk, ()))}:
            raise FourEyesRequired(
                document=rma.row.number, actor=self.actor.name, done="approve", step="settle", limit_cents=limit,
                digits=self.digits,
            )  # fmt: skip


MOST = 10**18


def limits_of(actor: Actor, digits: int, returns: Iterable[LoadedReturn]) -> Limits:
    """Read the roles and approvals that settlements of returns are checked against."""
    returns = list(returns)
    leveled = any(rma.row.flow.get(SETTLE_LEVELS) for rma in returns) and actor.user_id is not None
    roles = (
        set(UserRole.objects.filter(user_id=actor.user_id or 0).values_list("role", flat=True)) if leveled else set()
    )
    watched = [rma.row.pk for rma in returns if rma.row.flow.get("levels") and four_eyes_limit(rma) is not None]
    return Limits(actor, digits, roles, approvals_of(watched) if watched else {})


def four_eyes_limit(rma: LoadedReturn) -> int | None:
    """Return the amount above which who approved may not settle, in the company's currency."""
    known = [line.terms.four_eyes_above_cents for line in rma.lines if line.terms.four_eyes_above_cents is not None]
    return min(known, default=None)


def given_base_cents(rma: LoadedReturn, sold: SoldMoney) -> int:
    """Return what a return was given so far, in the company's currency."""
    return sum(
        to_base_cents(line.row.refunded_net_cents + line.row.refunded_tax_cents, rate_of(sold, line.row.sale_id))
        for line in rma.lines
    )
