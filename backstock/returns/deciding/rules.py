"""The rules a request starts with: the policy and the flows of its day, read in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, F, Value

from backstock.flows.engine import Flow
from backstock.flows.models import FlowVersion
from backstock.flows.queries import in_force as flows_in_force
from backstock.policies.models import PolicyVersion
from backstock.policies.queries import Policy
from backstock.policies.queries import in_force as policies_in_force


@dataclass(frozen=True, slots=True)
class Rules:
    """What is agreed and what is asked on a day."""

    policy: Policy
    flows: Sequence[Flow]


def rules_on(days: Iterable[date]) -> dict[date, Rules]:
    """Return the rules of each day."""
    wanted = set(days)
    if not wanted:
        return {}
    columns, last = ("valid_from", "pk", "named", "terms"), max(wanted)
    none = Value("", output_field=CharField())
    policies = PolicyVersion.objects.filter(valid_from__lte=last).annotate(named=none).values_list(*columns)
    flows = FlowVersion.objects.filter(valid_from__lte=last).annotate(named=F("code")).values_list(*columns)
    versions = sorted(policies.union(flows, all=True), key=lambda version: version[:2])
    agreed = policies_in_force(((begins, pk, terms) for begins, pk, code, terms in versions if not code), wanted)
    return {
        day: Rules(
            agreed[day],
            flows_in_force((pk, code, terms) for begins, pk, code, terms in versions if code and begins <= day),
        )
        for day in wanted
    }
