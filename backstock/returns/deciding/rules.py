"""The rules a request starts with: the policy, the flows and the law of its day, read in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db.models import CharField, F, Value

from backstock.flows.engine import Flow
from backstock.flows.models import FlowVersion
from backstock.flows.queries import in_force as flows_in_force
from backstock.policies.models import LawVersion, PolicyVersion
from backstock.policies.queries import Policy
from backstock.policies.queries import in_force as policies_in_force

# Where the code of a flow stands, a version of the law has this: no flow is called so.
LAW: Final = "§law"


@dataclass(frozen=True, slots=True)
class Rules:
    """What is agreed and what is asked on a day; and what the company says of the law then."""

    policy: Policy
    flows: Sequence[Flow]
    law: Mapping[str, Any] = field(default_factory=dict)


def rules_on(days: Iterable[date]) -> dict[date, Rules]:
    """Return the rules of each day."""
    wanted = set(days)
    if not wanted:
        return {}
    columns, last = ("valid_from", "pk", "named", "terms"), max(wanted)
    none = Value("", output_field=CharField())
    policies = PolicyVersion.objects.filter(valid_from__lte=last).annotate(named=none).values_list(*columns)
    flows = FlowVersion.objects.filter(valid_from__lte=last).annotate(named=F("code")).values_list(*columns)
    named = Value(LAW, output_field=CharField())
    laws = LawVersion.objects.filter(valid_from__lte=last).annotate(named=named).values_list(*columns)
    versions = sorted(policies.union(flows, laws, all=True), key=lambda version: version[:2])
    agreed = policies_in_force(((begins, pk, terms) for begins, pk, code, terms in versions if not code), wanted)
    asked = [version for version in versions if version[2] not in ("", LAW)]
    said = [(begins, terms) for begins, _, code, terms in versions if code == LAW]
    return {
        day: Rules(
            agreed[day],
            flows_in_force((pk, code, terms) for begins, pk, code, terms in asked if begins <= day),
            next((terms for begins, terms in reversed(said) if begins <= day), {}),
        )
        for day in wanted
    }
