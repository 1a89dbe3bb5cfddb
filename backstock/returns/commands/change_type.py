"""Beside the process: the customer wants something else than at first: 退货退款 → 仅退款, 换货 → 退货 …"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import PermissionDenied, TransitionNotAllowed
from backstock.evidence.queries import documents_with_evidence
from backstock.flows.engine import Flow
from backstock.partners.queries import partner_codes
from backstock.policies.engine import Decision, Facts, Outcome, decide, terms_for
from backstock.policies.law import never_less, with_right
from backstock.policies.queries import Policy, policies_by_id
from backstock.returns.after.reserving import keep_reserved
from backstock.returns.deciding.approving import ask_again
from backstock.returns.deciding.flowing import first_clocks
from backstock.returns.deciding.reflowing import FlowFacts
from backstock.returns.deciding.rights import RightsAnew
from backstock.returns.deciding.table_facts import again
from backstock.returns.lifecycle import Status
from backstock.returns.loading import LoadedLine, LoadedReturn, load_returns, return_of
from backstock.returns.models import Return, ReturnLine, Swap
from backstock.returns.requests.errors import TypeChangeNotPossible
from backstock.returns.requests.planning import Type
from backstock.returns.requests.requesting import check_offered


@typed(frozen=True, kw_only=True, config=STRICT)
class ChangeType(Input):
    """Which return, what the customer wants now, and why."""

    document: str
    type: Type
    reason: Annotated[str, Field(max_length=200)] = ""


@dataclass(slots=True)
class Plan:
    """A change that was checked: what the policy says to the lines now."""

    rma: LoadedReturn
    type: str
    before: str
    decisions: list[tuple[LoadedLine, Decision]] = field(default_factory=list)
    # Another flow, while nothing is decided; afterwards a return keeps the one it has.
    flow: Flow | None = None


@command("returns.change_type", ChangeType)
def change_type(batch: Batch[ChangeType]) -> None:
    """Change what returns are about; who decided keeps the say over what was decided."""
    returns = load_returns(item.input.document for item in batch.open)
    policies = policies_by_id(rma.row.policy_version_id for rma in returns.values())
    customers = partner_codes(rma.row.customer_id for rma in returns.values())
    rights = RightsAnew(batch, (rma for rma in returns.values() if rma.row.status == Status.REQUESTED))
    facts = FlowFacts(rma for rma in returns.values() if rma.row.status == Status.REQUESTED)
    proven = _proven(returns.values(), policies)
    for item in batch.open:
        with batch.attempt(item):
            rma, wanted = return_of(returns, item.input.document), item.input.type
            _check(batch, rma, wanted)
            item.plan = Plan(rma, wanted, rma.row.type)
            if rma.row.status == Status.REQUESTED:
                item.plan.flow = facts.flow(rma, wanted)
                item.plan.decisions = _decide(item.plan, policies, customers, rights, proven)
            before, rma.row.type = rma.row.type, wanted
            batch.journal.append(partial(setattr, rma.row, "type", before))
            item.document = rma.row.number
            item.answer = {"document": rma.row.number, "type": wanted}
            item.emit("ReturnTypeChanged", before=before, after=wanted)
    batch.log()
    plans: list[Plan] = [item.plan for item in batch.open]
    _take_flows(batch)
    if plans:
        Return.objects.bulk_update([plan.rma.row for plan in plans], ["type"])
    _keep([each for plan in plans for each in plan.decisions])
    # Who wants the same goods anew or mended wishes for no others: nothing is paid, and any goods may leave.
    if unwished := [plan.rma.row.pk for plan in plans if plan.type in ("replacement", "repair")]:
        Swap.objects.filter(rma_id__in=unwished, shipped_e4=0).update(product=None)
    keep_reserved(returns.values(), was={plan.before for plan in plans})


def _take_flows(batch: Batch[ChangeType]) -> None:
    """Let undecided returns ask what the flow of their new type asks; approvals under the old one count no longer."""
    changed = [
        (item, item.plan.rma)
        for item in batch.open
        if item.plan.flow and item.plan.flow.code != item.plan.rma.row.flow_code
    ]
    ask_again(batch, changed)
    for item, rma in changed:
        row, flow = rma.row, item.plan.flow
        row.flow_code, row.flow_version_id, row.flow = flow.code, flow.version_id, flow.kept()
        terms = [line.terms for line in rma.lines]
        row.due_at, row.settle_due_at = first_clocks(
            batch, item, row.flow, item.plan.type, False, terms, row.requested_on
        )
    fields = ["flow_code", "flow_version_id", "flow", "due_at", "settle_due_at"]
    if changed:
        Return.objects.bulk_update([rma.row for _, rma in changed], fields)


def _check(batch: Batch[ChangeType], rma: LoadedReturn, wanted: str) -> None:
    """Refuse what is over, what is so already, and what goods or money that moved contradict."""
    row = rma.row
    if row.status not in (Status.REQUESTED, Status.APPROVED) or wanted == row.type:
        raise TransitionNotAllowed(document=row.number, current=row.status, wanted=wanted)
    if row.status == Status.APPROVED and not batch.actor.may("returns.approve"):
        raise PermissionDenied(permission="returns.approve", actor=batch.actor.name)
    if step := contradiction(rma, wanted):
        raise TypeChangeNotPossible(document=row.number, current=row.type, wanted=wanted, step=step)


def contradiction(rma: LoadedReturn, wanted: str) -> str:
    """Name the step that stands against a type; nothing does before goods or money have moved."""
    types = {rma.row.type, wanted}
    if "allowance" in types:
        # Goods that stay and goods that come back hold different things open.
        return "request"
    if any(line.row.refunded_e4 or line.row.refunded_net_cents for line in rma.lines):
        return "settle"
    if any(line.row.replaced_e4 for line in rma.lines):
        return "ship_replacement"
    if wanted == "refund_only" and any(piece.received_e4 for piece in rma.pieces):
        return "receive"
    if "repair" in types and any(piece.disposed_e4 for piece in rma.pieces):
        return "dispose"
    return ""


def _proven(returns: Iterable[LoadedReturn], policies: dict[int, Policy]) -> set[str]:
    """Return which undecided returns have evidence by now; read only where a row of a table may ask."""
    asking = [
        rma.row.number
        for rma in returns
        if rma.row.status == Status.REQUESTED and policies[rma.row.policy_version_id].terms.get("table")
    ]
    return documents_with_evidence(asking) if asking else set()


def _decide(
    plan: Plan, policies: dict[int, Policy], customers: dict[int, str], rights: RightsAnew, proven: set[str]
) -> list[tuple[LoadedLine, Decision]]:
    """Ask the policy that the request started with what it says to the other type; what it turned down stays so."""
    rma, wanted = plan.rma, plan.type
    row, found, policy = rma.row, list[tuple[LoadedLine, Decision]](), policies[rma.row.policy_version_id]
    for line in rma.lines:
        if line.row.decision == Outcome.reject.name:
            continue
        product = line.row.product
        facts = Facts(
            customer=customers.get(row.customer_id, ""), type=wanted, channel=row.channel, sku=product.sku,
            category=product.category, reason=line.row.reason,
            more=again(line, proven=row.number in proven),
        )  # fmt: skip
        right = rights.of(rma, line, wanted, policy)
        if policy.terms.get("table") and plan.flow and (right is not None or not line.terms.law):
            # Another row may count for this type: what follows from it holds, not only what it decides.
            line.terms = terms_for(policy.terms, facts, plan.flow.defaults())
        if right is not None:
            line.terms = with_right(line.terms, right)
        check_offered(line.terms, facts)
        decision = decide(policy.terms, line.terms, facts)
        decision = never_less(decision, right) if right is not None else decision
        if decision.outcome is Outcome.reject:
            raise TypeChangeNotPossible(document=row.number, current=row.type, wanted=wanted, step="policy")
        found.append((line, decision))
    return found


def _keep(decided: list[tuple[LoadedLine, Decision]]) -> None:
    for line, decision in decided:
        line.row.decision, line.row.findings = decision.outcome.name, decision.kept()
        line.row.terms = line.terms.kept()
    if decided:
        ReturnLine.objects.bulk_update([line.row for line, _ in decided], ["decision", "findings", "terms"])
