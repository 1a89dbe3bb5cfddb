"""What a request is told, and the plan of one that was checked and is ready to be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code, GoodsLine
from backstock.core.amounts import MAX_CENTS, MAX_PRICE_E6, to_base_cents
from backstock.core.errors import InvalidInput
from backstock.core.inputs import STRICT, Input
from backstock.evidence.keeping import Kept
from backstock.flows.engine import PLAIN, Flow, levels_needed
from backstock.policies.engine import Outcome
from backstock.returns.deciding.flowing import Wanted, check_given, flow_for
from backstock.returns.deciding.rules import Rules
from backstock.returns.requests.requesting import BlindLine, Matched

Type = Literal["return_refund", "refund_only", "exchange", "replacement", "repair", "rejected_delivery", "allowance"]


@typed(frozen=True, kw_only=True, config=STRICT)
class ExchangeFor:
    """What the customer wants for the goods of a line, at its list price."""

    sku: Code
    quantity_e4: int
    unit: str | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class RequestLine(GoodsLine):
    """What comes back of which sale, and why. Without any sale it is a blind return and states its price."""

    sale: str | None = None
    line: int | None = None
    reason: Annotated[str, Field(max_length=60)] = ""
    unit_price_e6: Annotated[int, Field(ge=0, le=MAX_PRICE_E6)] | None = None
    unit_cost_e6: Annotated[int, Field(ge=0, le=MAX_PRICE_E6)] | None = None
    exchange_for: ExchangeFor | None = None
    # As the customer says; rows of the policy's table may ask.
    opened: bool | None = None
    condition: Annotated[str, Field(max_length=60)] = ""


@typed(frozen=True, kw_only=True, config=STRICT)
class RequestReturn(Input):
    """A customer's wish. `evidence` names uploaded files by their hash, or what lies elsewhere by a name or link.

    `note` is free text and may hold personal data: it is kept as erasable evidence.
    """

    PERSONAL: ClassVar = frozenset({"note"})

    sale: str | None = None
    customer: Code | None = None
    channel: Annotated[str, Field(min_length=1, max_length=20)] | None = None
    type: Type = "return_refund"
    lines: tuple[RequestLine, ...]
    amount_cents: Annotated[int, Field(ge=0, le=MAX_CENTS)] = 0
    evidence: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = ()
    note: Annotated[str, Field(max_length=2000)] = ""
    reference: Annotated[str, Field(max_length=60)] = ""
    # Names an open recall: what it calls back comes back whatever the policy says about windows, reasons and products.
    recall: str | None = None


@dataclass(slots=True)
class Plan:
    """A request that was checked: whose it is, what it matches, under which policy."""

    customer_id: int
    channel: str
    currency: str
    digits: int
    rules: Rules
    flow: Flow = PLAIN
    matched: list[Matched] = field(default_factory=list)
    blind: list[BlindLine] = field(default_factory=list)
    # The photos and papers that were uploaded, by content; other evidence is only named.
    files: dict[str, Kept] = field(default_factory=dict)
    # What whoever asks should know, and may do nonetheless.
    warnings: list[dict[str, Any]] = field(default_factory=list)
    # What was paid for the goods asked back, in the company's currency.
    worth_cents: int = 0

    @property
    def outcome(self) -> Outcome:
        """The header's decision: a person is asked when any line needs one; rejected only when every line is."""
        outcomes = {each.decision.outcome for each in self.matched} | {each.decision.outcome for each in self.blind}
        if outcomes == {Outcome.reject}:
            return Outcome.reject
        return Outcome.review if Outcome.review in outcomes or self.several_levels else Outcome.approve

    @property
    def several_levels(self) -> bool:
        """Tell whether more than one level must approve: then the policy does not approve by itself."""
        return len(levels_needed(self.flow.terms, self.worth_cents)) > 1


def take_flow(plan: Plan, wanted: RequestReturn, lines: Sequence[Wanted]) -> None:
    """Choose the flow of a request, and refuse one that lacks what the flow wants at once."""
    sold = wanted.sale or any(line.sale for line in wanted.lines)
    if wanted.type == "allowance" and not (wanted.amount_cents and sold):
        problem = "an allowance is an amount off the price of goods that were sold: name the sale and the amount"
        raise InvalidInput(field="amount_cents", problem=problem)
    agreed_cents = to_base_cents(wanted.amount_cents, lines[0].rate_e9) if wanted.amount_cents else 0
    plan.worth_cents = agreed_cents or sum(line.base_cents for line in lines)
    plan.flow = flow_for(plan.rules.flows, wanted.type, plan.channel, lines, plan.worth_cents)
    check_given(plan.flow, len(set(wanted.evidence)), wanted.note)
