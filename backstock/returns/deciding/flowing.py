"""What the flow of a return asks of a step: chosen at the request, kept on the return, checked by every command.

Where the law sets a clock as well, the earlier of both is the one that runs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from backstock.core.amounts import E9, line_cents, share, to_base_cents
from backstock.core.commands import Batch, Input, Item
from backstock.core.models import CommandLog
from backstock.core.permissions import Actor
from backstock.evidence.queries import Given, evidence_given
from backstock.flows.engine import (
    Facts,
    Flow,
    choose,
    due,
    earliest,
    end_of,
    evidence_asked,
    others_of,
    starts_settling,
)
from backstock.policies.engine import Terms
from backstock.policies.law import Since, dues, rule_of
from backstock.returns.deciding.errors import FourEyesRequired, FreightAgreed, FreightIsOurs
from backstock.returns.errors import EvidenceRequired
from backstock.returns.loading import LoadedReturn
from backstock.returns.models import Return
from backstock.returns.recording import Event
from backstock.sales.models import SaleLine

# The commands by which a step is done.
COMMANDS: Final = {
    "request": "returns.request", "approve": "returns.approve", "receive": "returns.receive",
    "inspect": "returns.inspect", "dispose": "returns.dispose", "settle": "refunds.settle",
}  # fmt: skip
# Types whose customer gets goods, not money.
GOODS_FOR_GOODS: Final = ("exchange", "replacement", "repair")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One line of a request as the choice of a flow sees it."""

    category: str
    reason: str
    base_cents: int
    shipped: bool | None
    # Of the sale; a return without one is in the company's currency.
    rate_e9: int = E9


def flow_for(flows: Sequence[Flow], type_: str, channel: str, lines: Sequence[Wanted], amount_cents: int) -> Flow:
    """Choose the flow of a request."""
    known = {line.shipped for line in lines}
    facts = Facts(
        type=type_,
        channel=channel,
        sale="none" if known == {None} else "not_shipped" if True not in known else "shipped",
        categories=frozenset(line.category for line in lines),
        reasons=frozenset(line.reason for line in lines),
        amount_cents=amount_cents,
    )
    return choose(flows, facts)


def flow_of(row: Return) -> Flow:
    """Return the flow that a running return keeps, for lines that are added to it; its photos were asked for at first."""
    return Flow(row.flow_code, row.flow_version_id, {name: row.flow[name] for name in row.flow if name != "evidence"})


def check_given(flow: Flow, files: int, note: str) -> None:
    """Refuse a request without the photos, papers or note that its flow wants."""
    wanted, note_wanted = evidence_asked(flow.terms, "request")
    if files < wanted or (note_wanted and not note):
        raise EvidenceRequired(step="request", needed=max(wanted, 1), given=files)


def sold_cents(line: SaleLine, quantity_e4: int, rate_e9: int) -> int:
    """Return what units of a sale line were sold at, tax included, in the company's currency."""
    return to_base_cents(share(line.net_cents + line.tax_cents, quantity_e4, line.quantity_e4), rate_e9)


def worth_base_cents(returns: Iterable[LoadedReturn]) -> dict[int, int]:
    """Return what the goods asked back of each return were sold at, in the company's currency; one statement."""
    returns = list(returns)
    wanted = {line.row.sale_line_id for rma in returns for line in rma.lines} - {0}
    sold = SaleLine.objects.select_related("sale").in_bulk(wanted) if wanted else {}
    return {rma.row.pk: _allowance(rma, sold) or sum(_worth(rma, line, sold) for line in rma.lines) for rma in returns}


def _allowance(rma: LoadedReturn, sold: dict[int, SaleLine]) -> int:
    sales = [sold[line.row.sale_line_id].sale for line in rma.lines if line.row.sale_line_id in sold]
    return to_base_cents(rma.row.allowance_cents, sales[0].rate_e9 if sales else E9)


def _worth(rma: LoadedReturn, line: Any, sold: dict[int, SaleLine]) -> int:
    asked_e4, found = line.in_line_units("requested_e4"), sold.get(line.row.sale_line_id)
    if found is None:
        return line_cents(asked_e4, line.row.unit_price_e6 or 0, rma.row.currency_digits)
    return sold_cents(found, asked_e4, found.sale.rate_e9)


@dataclass(slots=True)
class Guard:
    """What stands between a person and a step of returns; reads only what their flows ask for."""

    step: str
    actor: Actor
    digits: int
    evidence: dict[str, Given]
    # Return number → steps that this person did.
    did: dict[str, set[str]]
    worth: dict[int, int]

    def check(self, row: Return, brought: Collection[str] = (), noted: bool = False) -> None:
        """Refuse a step without its evidence, and by somebody who did the step that another must have done.

        `brought` are the files that the step itself brings, by content.
        """
        files, note = evidence_asked(row.flow, self.step)
        if files or note:
            there = self.evidence.get(row.number, Given())
            given = len(there.files | set(brought))
            if given < files or (note and not there.notes and not noted):
                raise EvidenceRequired(step=self.step, needed=max(files, 1), given=given)
        for other, above_cents in others_of(row.flow, self.step).items():
            if other in self.did.get(row.number, ()) and self.worth[row.pk] > above_cents:
                raise FourEyesRequired(
                    document=row.number, actor=self.actor.name, done=other, step=self.step, limit_cents=above_cents,
                    digits=self.digits,
                )  # fmt: skip


def guard[T: Input](batch: Batch[T], step: str, returns: Iterable[LoadedReturn]) -> Guard:
    """Read what a step of returns is checked against."""
    asking = [rma for rma in returns if rma.row.flow]
    proving = [rma.row.number for rma in asking if any(evidence_asked(rma.row.flow, step))]
    paired = [rma for rma in asking if others_of(rma.row.flow, step)]
    evidence = evidence_given(proving, step) if proving else {}
    return Guard(step, batch.actor, batch.digits, evidence, _did(batch.actor, paired), worth_base_cents(paired))


def _did(actor: Actor, returns: Sequence[LoadedReturn]) -> dict[str, set[str]]:
    """Return which steps of returns somebody did; the system is nobody."""
    if not returns or actor.user_id is None:
        return {}
    names = {name: step for step, name in COMMANDS.items()}
    rows = CommandLog.objects.filter(document__in=[rma.row.number for rma in returns], actor_id=actor.user_id)
    found: dict[str, set[str]] = {}
    for document, name in rows.filter(name__in=names).values_list("document", "name"):
        found.setdefault(document, set()).add(names[name])
    return found


def settle_clock(type_: str) -> str:
    """Name the clock that runs until the customer has what is due."""
    return "replace" if type_ in GOODS_FOR_GOODS else "settle"


def settles_after(type_: str, terms: Terms) -> str:
    """Return the step with whose end a line is due."""
    if type_ in ("refund_only", "allowance"):
        return "approve"
    return starts_settling("received" if type_ in GOODS_FOR_GOODS else terms.refund_when, terms.inspection)


def start_clocks[T: Input](
    batch: Batch[T], item: Item[T], rma: LoadedReturn, step: str, events: Sequence[Event]
) -> list[Event]:
    """Write on each event until when what it makes possible is to be done."""
    asks, row = rma.row.flow, rma.row
    if not asks.get("deadlines") and not any(line.terms.law for line in rma.lines):
        return list(events)
    zone, at = batch.company.timezone, batch.recorded_at
    settle = due(asks, settle_clock(row.type), item.on, at, zone)
    by_piece = {piece.pk: line for line in rma.lines for piece in line.pieces}
    timed = []
    for event in events:
        line = by_piece.get(event.piece_id)
        if line is None or event.verdict == "missing":
            timed.append(event)
            continue
        following = {"receive": "dispose" if line.terms.inspection == "none" else "inspect", "inspect": "dispose"}
        money = settle if settles_after(row.type, line.terms) == step else None
        if step == "receive":
            money = earliest(money, lawful(line.terms, "refund", row.requested_on, item.on, zone, row.type))
        further = due(asks, following[step], item.on, at, zone) if step in following else None
        timed.append(replace(event, due_at=further, settle_due_at=money))
    return timed


def first_clocks[T: Input](
    batch: Batch[T], item: Item[T], asks: dict[str, Any], type_: str, approved: bool, terms: Collection[Terms],
    requested_on: date | None = None,
) -> tuple[datetime | None, datetime | None]:  # fmt: skip
    """Return until when a request is to be decided, or its goods and its money are due once it is approved."""
    zone, at, since = batch.company.timezone, batch.recorded_at, requested_on or item.on
    if not approved:
        law = earliest(*(lawful(each, "decide", since, None, zone, type_) for each in terms))
        return earliest(due(asks, "approve", item.on, at, zone), law), None
    goods = None if type_ in ("refund_only", "allowance") else due(asks, "receive", item.on, at, zone)
    at_once = any(settles_after(type_, each) == "approve" for each in terms)
    money = due(asks, settle_clock(type_), item.on, at, zone) if at_once else None
    return goods, earliest(money, *(lawful(each, "refund", since, None, zone, type_) for each in terms))


def lawful(
    terms: Terms, what: str, requested_on: date, arrived_on: date | None, zone: str, type_: str
) -> datetime | None:
    """Return until when the law wants something done for a line, None where it sets no clock for it."""
    if not terms.law:
        return None
    found = dues(terms, Since(requested_on=requested_on, arrived_on=arrived_on), type_)
    day = min((each.on for each in found if each.what == what), default=None)
    return end_of(day, zone) if day else None


def refuse_freight(rma: LoadedReturn, cents: int) -> None:
    """Refuse to take the way back off the money where the law, or all that comes back by the policy, lets the seller bear it."""
    borne = next((line for line in rma.lines if line.terms.legal_freight == "company"), None)
    if cents and borne:
        rule = rule_of(borne.terms, "seller_freight")
        raise FreightIsOurs(document=rma.row.number, article=rule.article if rule else borne.terms.law or "")
    if cents and rma.lines and all(line.terms.freight == "company" for line in rma.lines):
        raise FreightAgreed(document=rma.row.number, sku=rma.lines[0].row.product.sku)
