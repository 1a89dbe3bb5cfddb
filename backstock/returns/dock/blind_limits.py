"""Who may let in how much without a sale (无单退货): as soon as a role has a limit, a person decides every such return."""

from __future__ import annotations

from backstock.core.amounts import line_cents
from backstock.core.models import RoleGrant, UserRole
from backstock.core.permissions import Actor
from backstock.policies.engine import Decision, Finding, Outcome
from backstock.returns.dock.errors import BlindLimitExceeded
from backstock.returns.loading import LoadedReturn
from backstock.returns.models import BlindLimit

APPROVE = ("returns.approve", "*")


def needs_a_person() -> bool:
    """Tell whether the company keeps limits, so that no policy lets goods without a sale in by itself."""
    return BlindLimit.objects.exists()


def for_a_person(decision: Decision) -> Decision:
    """Leave to a person what the policy would have approved."""
    if decision.outcome is not Outcome.approve:
        return decision
    return Decision(Outcome.review, (*decision.findings, Finding("blind_return", Outcome.review)))


def refuse_above_limit(rma: LoadedReturn, actor: Actor) -> None:
    """Refuse an approval of goods without a sale that is worth more than the best of the actor's roles may let in."""
    blind = [line for line in rma.lines if not line.row.sale_id]
    if not blind:
        return
    limits = dict(BlindLimit.objects.values_list("role", "limit_cents"))
    if not limits or actor.user_id is None:
        return
    digits = rma.row.currency_digits
    amount = sum(line_cents(line.in_line_units("authorized_e4"), line.row.unit_price_e6 or 0, digits) for line in blind)
    holding = set(RoleGrant.objects.filter(permission__in=APPROVE).values_list("role", flat=True))
    mine = holding & set(UserRole.objects.filter(user_id=actor.user_id).values_list("role", flat=True))
    if any(role not in limits or limits[role] >= amount for role in mine):
        return
    able = sorted(role for role in holding if role not in limits or limits[role] >= amount)
    most = max((limits[role] for role in mine), default=0)
    raise BlindLimitExceeded(
        document=rma.row.number, amount_cents=amount, limit_cents=most, choices=", ".join(able) or "–", digits=digits
    )
