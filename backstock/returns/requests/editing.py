"""What a correction of a request works out: another reason, another quantity without a sale, and lines that are added."""

from __future__ import annotations

from typing import Any

from backstock.catalog.errors import SerialRequired
from backstock.catalog.queries import Catalogue, Item
from backstock.core.amounts import E4, line_cents
from backstock.core.commands import Batch
from backstock.core.commands import Item as BatchItem
from backstock.core.errors import DuplicateLine
from backstock.partners.queries import partner_codes
from backstock.policies.engine import Decision, Facts, Terms, decide, terms_for
from backstock.policies.law import LawBook
from backstock.policies.queries import Policy
from backstock.returns.commands.request import add_histories, plan_sold
from backstock.returns.deciding import table_facts
from backstock.returns.deciding.flowing import flow_of, sold_cents
from backstock.returns.deciding.rules import Rules
from backstock.returns.errors import CurrencyMismatch, WrongCustomer
from backstock.returns.loading import LoadedLine, LoadedReturn
from backstock.returns.requests.blind import plan_blind
from backstock.returns.requests.planning import Plan, RequestLine, RequestReturn
from backstock.returns.requests.requesting import Asked, BlindLine, Matched, Sold, decide_line
from backstock.sales.models import Sale


def decided_anew(
    policy: Policy, rma: LoadedReturn, line: LoadedLine, asked: Asked, sold: Sold | None, law: LawBook, proven: bool
) -> tuple[Terms, Decision]:
    """Ask the policy that a request started with about a line that has another reason, or is of more or fewer."""
    row, item, reason = rma.row, asked.item, asked.reason
    if sold is not None:
        sold_line = next(each for each in sold.lines if each.row.pk == line.row.sale_line_id)
        cents = sold_cents(sold_line.row, asked.quantity_e4, sold.row.rate_e9)
        more = table_facts.again(line, proven=proven, quantity_e4=asked.quantity_e4, amount_cents=cents)
        facts = {"type": row.type, "channel": row.channel, "reason": reason, "more": more}
        return decide_line(policy, sold, sold_line, item, facts, row.requested_on, law, flow_of(row))
    cents = line_cents(asked.quantity_e4, line.row.unit_price_e6 or 0, row.currency_digits)
    more = table_facts.again(line, proven=proven, quantity_e4=asked.quantity_e4, amount_cents=cents)
    known = Facts(
        customer=partner_codes([row.customer_id]).get(row.customer_id, ""), type=row.type, channel=row.channel,
        sku=item.sku, category=item.product.category, reason=reason, more=more,
    )  # fmt: skip
    terms = terms_for(policy.terms, known, flow_of(row).defaults())
    return terms, decide(policy.terms, terms, known)


def resize(batch: Batch[Any], line: LoadedLine, item: Item, quantity_e4: int) -> None:
    """Spread a new quantity over the pieces of a line without a sale; a known serial number is one piece."""
    left_e4 = quantity_e4
    for piece in line.pieces:
        single = item.product.tracking == "serial" and bool(piece.lot_id)
        part_e4 = min(left_e4, E4) if single else left_e4
        batch.change(piece, requested_e4=part_e4 - piece.requested_e4)
        left_e4 -= part_e4
    if left_e4:
        raise SerialRequired(sku=item.sku, needed_e4=quantity_e4, given=len(line.pieces))


def more_lines(
    batch: Batch[Any], item: BatchItem[Any], rma: LoadedReturn, added: tuple[RequestLine, ...], catalogue: Catalogue,
    sales: dict[str, Sold], policy: Policy, proven: set[str], law: LawBook,
) -> list[Matched | BlindLine]:  # fmt: skip
    """Check lines that are added to a request, as if they had been asked for with it."""
    row, number = rma.row, rma.row.number
    own = {line.row.sale_id for line in rma.lines}
    # A line that names no sale is of the one sale that the request is of.
    sale = Sale(pk=own.pop()).number if len(own) == 1 and own != {0} else None
    evidence, rules = tuple(proven & {number}), Rules(policy, [flow_of(row)], law.terms)
    wanted = RequestReturn(sale=sale, lines=added, type=row.type, channel=row.channel, evidence=evidence, on=item.on)  # type: ignore[arg-type]
    if sale is None and not any(line.sale for line in added):
        customer = partner_codes([row.customer_id]).get(row.customer_id)
        blind = RequestReturn(customer=customer, lines=added, type=wanted.type, channel=row.channel, evidence=evidence)
        plan = Plan(row.customer_id, row.channel, row.currency, row.currency_digits, rules)
        plan_blind(catalogue, plan, blind, batch.company.cost_method)
        return [*plan.blind]
    add_histories(sales.values(), {item.on: rules})
    asked = BatchItem(item.index, wanted, item.key, item.on)
    plan = plan_sold(batch, asked, sales, catalogue, {}, rules)
    if plan.customer_id != row.customer_id:
        raise WrongCustomer(
            document=plan.matched[0].sold.row.number, customer=partner_codes([row.customer_id])[row.customer_id]
        )
    if plan.currency != row.currency:
        raise CurrencyMismatch(wanted=row.currency, found=plan.currency)
    there = {line.row.sale_line_id for line in rma.lines if any(piece.requested_e4 for piece in line.pieces)}
    for matched in plan.matched:
        if matched.line.row.pk in there:
            raise DuplicateLine(sku=matched.product.sku)
    return [*plan.matched]
