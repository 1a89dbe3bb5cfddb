"""Step 1: a customer asks, and the policy answers. Next is `approve`, or `receive` when the policy approved at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from backstock.catalog.queries import Catalogue, load_catalogue, load_lots
from backstock.core.commands import Batch, Item, command
from backstock.core.errors import InvalidInput, QuantityRequired, UnknownDocument
from backstock.core.files import is_hash
from backstock.core.numbers import row_id
from backstock.core.reading import prepared
from backstock.evidence.writing import find_kept
from backstock.partners.queries import known, partner_ids
from backstock.policies.engine import Outcome
from backstock.policies.law import LawBook
from backstock.policies.queries import Policy
from backstock.returns.deciding import table_facts
from backstock.returns.deciding.flowing import Wanted, sold_cents
from backstock.returns.deciding.notices import has_notice, note
from backstock.returns.deciding.rules import Rules, rules_on
from backstock.returns.errors import CurrencyMismatch, WrongCustomer
from backstock.returns.recall.progress import called_back_by, refuse_not_recalled
from backstock.returns.recall.quotas import apply_quotas, has_quota
from backstock.returns.requests import requesting as check
from backstock.returns.requests.blind import plan_blind
from backstock.returns.requests.duplicates import taken_before, warn
from backstock.returns.requests.planning import Plan, RequestLine, RequestReturn, take_flow
from backstock.returns.requests.requesting import Asked, Matched, Sold, SoldLine
from backstock.returns.requests.wishing import add_wishes, wished_items
from backstock.returns.requests.writing import write_requests
from backstock.sales.models import SalePiece

__all__ = ["RequestLine", "RequestReturn", "request_return"]


@command("returns.request", RequestReturn)
def request_return(batch: Batch[RequestReturn]) -> None:
    """Take a request: match it to sales, check it, decide by policy, and hold its quantities open."""
    inputs = [item.input for item in batch.open]
    sales = lock_sales(number for each in inputs for number in _sales_named(each))
    taken, catalogue = taken_before(sales.values()), _catalogue(inputs, sales.values())
    customers = partner_ids(each.customer for each in inputs if each.customer)
    rules = rules_on(item.on for item in batch.open)
    called_back = called_back_by(each.recall for each in inputs)
    add_histories(sales.values(), rules)
    for item in batch.open:
        with batch.attempt(item):
            known = rules[item.on]
            refuse_not_recalled(item.input, called_back)
            if _sales_named(item.input):
                item.plan = plan_sold(batch, item, sales, catalogue, customers, known)
            else:
                item.plan = _plan_blind(batch, item, catalogue, customers, known)
            item.plan.files = find_kept(name for name in item.input.evidence if is_hash(name))
    apply_quotas(batch, sales.values())
    warn(batch, taken)
    write_requests(batch)


def add_histories(sales: Iterable[Sold], rules: Mapping[date, Rules]) -> None:
    """Write on sales what the tables of the policies ask about their customers; nothing is read where they ask nothing."""
    sales = list(sales)
    for on, each in rules.items():
        found = table_facts.of_customers(
            {sold.row.customer_id for sold in sales}, on, table_facts.asked_by(each.policy.terms)
        )
        for sold in sales:
            sold.history[on] = found.get(sold.row.customer_id, {})


def _sales_named(wanted: RequestReturn) -> list[str]:
    return [number for number in (wanted.sale, *(line.sale for line in wanted.lines)) if number]


def _pieces(ids: Collection[int]) -> QuerySet[SalePiece]:
    pieces = SalePiece.objects.filter(line__sale_id__in=ids).select_related(
        "product", "line", "line__product", "line__sale", "line__sale__customer"
    )
    return (
        pieces.annotate(has_quota=has_quota(), has_notice=has_notice()).select_for_update(of=("self",)).order_by("pk")
    )


def lock_sales(numbers: Iterable[str]) -> dict[str, Sold]:
    """Lock the pieces of sales in the order of their ids and read everything a request looks at, in one statement."""
    ids: dict[int, str] = {}
    for number in set(numbers):
        try:
            ids[row_id("S", number)] = number
        except UnknownDocument:
            continue
    if not ids:
        return {}
    found: dict[str, Sold] = {}
    lines: dict[int, SoldLine] = {}
    for piece in prepared(_pieces, ids):
        sale = piece.line.sale
        sold = found.setdefault(ids[sale.pk], Sold(sale))
        if piece.line_id not in lines:
            lines[piece.line_id] = SoldLine(piece.line)
            sold.lines.append(lines[piece.line_id])
        lines[piece.line_id].pieces.append(piece)
    note(found.values())
    return found


def _catalogue(inputs: Sequence[RequestReturn], sales: Iterable[Sold]) -> Catalogue:
    asked = [line for each in inputs for line in each.lines]
    in_sales = [line.row.product for sold in sales for line in sold.lines]
    in_sales += [piece.product for sold in sales for line in sold.lines for piece in line.pieces]
    there = {product.sku: product for product in in_sales}
    plain = all(line.sku in there and not there[line.sku].is_kit and line.unit is None for line in asked)
    wished = {line.exchange_for.sku for line in asked if line.exchange_for}
    if plain and not wished:
        catalogue = Catalogue.of(there.values())
    else:
        catalogue = load_catalogue({line.sku for line in asked} | there.keys() | wished)
    named = [
        (catalogue.by_sku[line.sku].id, code)
        for line in asked
        if line.sku in catalogue.by_sku
        for code in (*((line.lot,) if line.lot else ()), *line.serials)
    ]
    load_lots(catalogue, named)
    return catalogue


def plan_sold(
    batch: Batch[RequestReturn], item: Item[RequestReturn], sales: dict[str, Sold], catalogue: Catalogue,
    customers: dict[str, int], rules: Rules,
) -> Plan:  # fmt: skip
    """Check a request over sales: match it, hold its quantities open, and let the policy decide."""
    wanted = item.input
    if not wanted.lines:
        raise QuantityRequired(document=_sold(sales, wanted.sale).row.number)
    solds = [_sold(sales, line.sale or wanted.sale) for line in wanted.lines]
    products = [catalogue.item(line.sku) for line in wanted.lines]
    wished_items(catalogue, wanted)
    first = solds[0].row
    _check_customer(wanted, solds, customers)
    lines = [
        check.candidate_lines(sold, product, line.line)
        for sold, product, line in zip(solds, products, wanted.lines, strict=True)
    ]
    check.refuse_twice(
        [
            # A product that stands on one line of the sale means that line, named or not.
            (s.row.pk, found[0].row.position if len(found) == 1 else line.line, line.sku, line.lot or "")
            for s, found, line in zip(solds, lines, wanted.lines, strict=True)
        ]
    )
    asked = [
        Asked(
            p,
            catalogue.base_quantity(p, line.quantity_e4, line.unit),
            line.reason,
            line.lot,
            line.serials,
            line.opened,
            line.condition,
        )
        for p, line in zip(products, wanted.lines, strict=True)
    ]
    _check_lines(item, rules.policy, solds, lines, asked)
    plan = Plan(first.customer_id, wanted.channel or first.channel, first.currency, first.currency_digits, rules)
    plan.matched = _match(batch, item, catalogue, plan, solds, lines, asked)
    return plan


def _check_customer(wanted: RequestReturn, solds: list[Sold], customers: dict[str, int]) -> None:
    """Refuse what somebody else bought, and sales in several currencies."""
    first = solds[0].row
    asking = customers.get(wanted.customer, 0) if wanted.customer else first.customer_id
    for sold in solds:
        if sold.row.customer_id != asking:
            raise WrongCustomer(document=sold.row.number, customer=wanted.customer or first.customer.code)
    for sold in solds:
        if sold.row.currency != first.currency:
            raise CurrencyMismatch(wanted=first.currency, found=sold.row.currency)


def _sold(sales: dict[str, Sold], number: str | None) -> Sold:
    if number is None or number not in sales:
        raise UnknownDocument(document=(number or "")[:60])
    return sales[number]


def _check_lines(
    item: Item[RequestReturn], policy: Policy, solds: list[Sold], lines: list[list[SoldLine]], asked: list[Asked]
) -> None:
    """Check every line by one rule before the next rule, in the order that the scenario language fixes."""
    for each, found in zip(asked, lines, strict=True):
        check.check_dates(found, each.item, item.on)
    for sold, each, found in zip(solds, asked, lines, strict=True):
        check.check_shipped(sold, found, each.item)
    if item.input.recall:
        return
    # Money off goods that may not come back is what they are refused with.
    for each, found in zip(asked, lines, strict=True) if item.input.type != "allowance" else ():
        check.check_returnable(found, each.item)
    for each in asked:
        check.check_reason(policy, each.item, each.reason)
    for each in asked:
        check.check_evidence(policy, each.item, each.reason, item.input.evidence)


def _match(
    batch: Batch[RequestReturn], item: Item[RequestReturn], catalogue: Catalogue, plan: Plan,
    solds: list[Sold], lines: list[list[SoldLine]], asked: list[Asked],
) -> list[Matched]:  # fmt: skip
    lots = [check.named_lots(catalogue, s, found, a) for s, found, a in zip(solds, lines, asked, strict=True)]
    parts, counts = [], []
    for sold, found, each, lot_ids in zip(solds, lines, asked, lots, strict=True):
        fitting = check.match_pieces(found, each, lot_ids)
        for line, quantity_e4, pieces in fitting:
            # Held open at once, so that a second line of the same request cannot take the same piece.
            for piece, part_e4 in pieces:
                batch.change(piece, open_e4=part_e4)
            parts.append((sold, line, each, quantity_e4, pieces))
        counts.append(len(fitting))
    take_flow(plan, item.input, [_wanted(*part) for part in parts])
    matched, law = list[Matched](), LawBook(batch.company.law, plan.rules.law)
    for sold, line, each, quantity_e4, pieces in parts:
        facts = {
            "type": item.input.type,
            "channel": plan.channel,
            "reason": each.reason,
            "more": _more(item, plan, sold, line, each, quantity_e4, law),
        }
        # A recall knows no window: it is judged as on the day of delivery.
        day = (line.row.delivered_last_on or item.on) if item.input.recall else item.on
        terms, decision = check.decide_line(plan.rules.policy, sold, line, each.item, facts, day, law, plan.flow)
        if decision.outcome is Outcome.reject:
            for piece, part_e4 in pieces:
                batch.change(piece, open_e4=-part_e4)
        matched.append(Matched(sold, line, each.item.product, quantity_e4, pieces, each.reason, terms, decision))
    by_line = iter(matched)
    add_wishes(catalogue, item.input, item.on, [[next(by_line) for _ in range(count)] for count in counts])
    return matched


def _more(
    item: Item[RequestReturn], plan: Plan, sold: Sold, line: SoldLine, each: Asked, quantity_e4: int, law: LawBook
) -> dict[str, Any]:
    """Return the facts that the policy's table asks about a line."""
    if not (asked := table_facts.asked_by(plan.rules.policy.terms)):
        return {}
    delivered_on = line.row.delivered_last_on
    found = table_facts.of_line(
        amount_cents=sold_cents(line.row, quantity_e4, sold.row.rate_e9), quantity_e4=quantity_e4,
        evidence=bool(item.input.evidence), opened=each.opened, condition=each.condition,
        country=law.market(plan.channel).country, days_since_delivery=(item.on - delivered_on).days if delivered_on else None,
        exceptions=line.exceptions, customer=sold.history.get(item.on),
    )  # fmt: skip
    return table_facts.only({*asked, "evidence"}, found)


def _wanted(sold: Sold, line: SoldLine, each: Asked, quantity_e4: int, pieces: list[tuple[SalePiece, int]]) -> Wanted:
    """Return a line as the choice of a flow sees it."""
    return Wanted(
        category=each.item.product.category or line.row.product.category,
        reason=each.reason,
        base_cents=sold_cents(line.row, quantity_e4, sold.row.rate_e9),
        shipped=any(piece.shipped_e4 for piece, _ in pieces),
        rate_e9=sold.row.rate_e9,
    )


def _plan_blind(
    batch: Batch[RequestReturn],
    item: Item[RequestReturn],
    catalogue: Catalogue,
    customers: dict[str, int],
    rules: Rules,
) -> Plan:
    wanted = item.input
    if wanted.customer is None:
        raise InvalidInput(field="customer", problem="needed for a return without a sale")
    customer_id = known(customers, wanted.customer)
    if any(line.exchange_for for line in wanted.lines):
        raise InvalidInput(field="exchange_for", problem="needs the sale: find it, or take the goods back for money")
    company = batch.company
    plan = Plan(customer_id, wanted.channel or "shop", company.currency, company.currency_digits, rules)
    plan_blind(catalogue, plan, wanted, company.cost_method)
    return plan
