"""A return without a sale: it states its price and comes in at a stated cost or today's average."""

from __future__ import annotations

from collections import Counter
from typing import Any

from backstock.catalog.errors import SerialRequired
from backstock.catalog.queries import Catalogue, Item, unique
from backstock.core.amounts import E4, line_cents
from backstock.core.errors import InvalidInput, QuantityRequired
from backstock.policies.engine import Facts, decide, terms_for
from backstock.returns.deciding import table_facts
from backstock.returns.deciding.flowing import Wanted
from backstock.returns.dock.blind_limits import for_a_person, needs_a_person
from backstock.returns.requests import requesting as check
from backstock.returns.requests.planning import Plan, RequestLine, RequestReturn, take_flow
from backstock.returns.requests.requesting import BlindLine
from backstock.stock.errors import CostRequired
from backstock.stock.sheet import Sheet


def plan_blind(catalogue: Catalogue, plan: Plan, wanted: RequestReturn, cost_method: str) -> None:
    """Plan the lines of a blind return; raise CostRequired when neither history nor the line tells a cost."""
    policy = plan.rules.policy
    if not wanted.lines:
        raise QuantityRequired()
    items = [catalogue.item(line.sku) for line in wanted.lines]
    check.refuse_twice([(0, line.line, line.sku, line.lot or "") for line in wanted.lines])
    quantities = [
        catalogue.base_quantity(item, line.quantity_e4, line.unit)
        for item, line in zip(items, wanted.lines, strict=True)
    ]
    for item, line in zip(items, wanted.lines, strict=True):
        check.check_returnable([], item)
        check.check_reason(policy, item, line.reason)
        check.check_evidence(policy, item, line.reason, wanted.evidence)
        if line.unit_price_e6 is None:
            raise InvalidInput(field="unit_price", problem=f"needed for {item.sku}, which names no sale")
    _require_cost(items, wanted, cost_method)
    asked = list(zip(items, wanted.lines, quantities, strict=True))
    take_flow(plan, wanted, [_wanted(item, line, quantity_e4, plan.digits) for item, line, quantity_e4 in asked])
    person = needs_a_person()
    plan.blind = [
        _blind_line(catalogue, plan, wanted, line, item, quantity_e4, person) for item, line, quantity_e4 in asked
    ]


def _wanted(item: Item, line: RequestLine, quantity_e4: int, digits: int) -> Wanted:
    worth = line_cents(quantity_e4, line.unit_price_e6 or 0, digits)
    return Wanted(category=item.product.category, reason=line.reason, base_cents=worth, shipped=None)


def _blind_line(
    catalogue: Catalogue, plan: Plan, wanted: RequestReturn, line: RequestLine, item: Item, quantity_e4: int,
    person: bool,
) -> BlindLine:  # fmt: skip
    facts = Facts(
        customer=wanted.customer or "",
        type=wanted.type,
        channel=wanted.channel or "shop",
        sku=item.sku,
        category=item.product.category,
        reason=line.reason,
        more=_more(plan, wanted, line, quantity_e4),
    )
    terms = terms_for(plan.rules.policy.terms, facts, plan.flow.defaults())
    lots = _lots(catalogue, item, quantity_e4, line.lot, line.serials)
    check.check_offered(terms, facts)
    decision = decide(plan.rules.policy.terms, terms, facts)
    if person:
        decision = for_a_person(decision)
    return BlindLine(item, quantity_e4, lots, line.reason, line.unit_price_e6 or 0, line.unit_cost_e6, terms, decision)


def _more(plan: Plan, wanted: RequestReturn, line: RequestLine, quantity_e4: int) -> dict[str, Any]:
    """Return what the policy's table asks of what was brought; a person looks at the customer."""
    if not (asked := table_facts.asked_by(plan.rules.policy.terms)):
        return {}
    worth = line_cents(quantity_e4, line.unit_price_e6 or 0, plan.digits)
    found = table_facts.of_line(
        amount_cents=worth, quantity_e4=quantity_e4, evidence=bool(wanted.evidence), opened=line.opened,
        condition=line.condition,
    )  # fmt: skip
    return table_facts.only({*asked, "evidence"}, found)


def _require_cost(items: list[Item], wanted: RequestReturn, cost_method: str) -> None:
    unknown = [item for item, line in zip(items, wanted.lines, strict=True) if line.unit_cost_e6 is None]
    if not unknown:
        return
    sheet = Sheet([], cost_method)
    sheet.lock_sellable_pools(item.id for item in unknown)
    for item in unknown:
        if not sheet.sellable_worth(item.id)[0]:
            raise CostRequired(sku=item.sku)


def _lots(
    catalogue: Catalogue, item: Item, quantity_e4: int, lot: str | None, serials: tuple[str, ...]
) -> list[tuple[int, int]]:
    """Return (lot, quantity) for lots and serials we know; goods that carry none, or one we never saw, have lot 0."""
    if item.product.tracking == "serial" and serials:
        if len(unique(item.sku, serials)) * E4 != quantity_e4:
            raise SerialRequired(sku=item.sku, needed_e4=quantity_e4, given=len(serials))
        counted = Counter(catalogue.lots.get((item.id, code), 0) for code in serials)
        return [(lot_id, count * E4) for lot_id, count in counted.items()]
    return [(catalogue.lots.get((item.id, lot or ""), 0), quantity_e4)]
