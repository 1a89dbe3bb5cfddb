"""Beside the process: goods left ahead and the old ones did not come in time: they are billed; a job runs this every day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Q, Subquery, Sum
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.models import Product
from backstock.catalog.prices import Prices, price_book
from backstock.catalog.queries import products_by_id
from backstock.core import rows
from backstock.core.commands import MAX_ITEMS, STRICT, Batch, Input, command
from backstock.core.errors import TransitionNotAllowed
from backstock.core.models import CommandLog
from backstock.core.numbers import row_id
from backstock.core.permissions import SYSTEM
from backstock.money.posting import Entry, post
from backstock.partners.models import Partner
from backstock.returns.after.charging import Charges, charge, targets
from backstock.returns.after.swapping import Swaps
from backstock.returns.commands.ship_replacement import STEP_COUNTERS
from backstock.returns.loading import LoadedReturn, load_returns, return_of
from backstock.returns.models import Replacement, Return, ReturnPiece, Swap, SwapStep
from backstock.sales.models import Invoice, InvoiceLine, Sale, SaleLine
from backstock.sales.postings import Money, invoice_transfers
from backstock.sales.replacing import write_due
from backstock.sales.writing import INVOICE_FIELDS, INVOICE_LINE_FIELDS


@typed(frozen=True, kw_only=True, config=STRICT)
class ChargeReplacement(Input):
    """Which return: what left ahead is billed where the old goods are late, and credited where they came after all."""

    document: str


@dataclass(slots=True)
class Plan:
    """The charges of one return, by sale."""

    rma: LoadedReturn
    charges: Charges = field(default_factory=Charges)
    invoices: dict[int, int] = field(default_factory=dict)


@command("returns.charge_replacement", ChargeReplacement)
def charge_replacement(batch: Batch[ChargeReplacement]) -> None:
    """Bring the bills of goods that left ahead in line with the old goods that came."""
    returns = load_returns(item.input.document for item in batch.open)
    goods = _goods(returns.values())
    swaps = Swaps(batch, returns.values())
    products = products_by_id({each.product_id for mine in goods.values() for each in mine})
    owners = {rma.row.customer_id for rma in returns.values()}
    levels = dict(Partner.objects.filter(pk__in=owners).values_list("pk", "level"))
    book = price_book(products, levels.values())
    for item in batch.open:
        with batch.attempt(item):
            rma = return_of(returns, item.input.document)
            item.plan = Plan(rma)
            prices = book.on(levels[rma.row.customer_id], item.on)
            _plan(batch, item.plan, goods, swaps, products, prices, item.on)
            billed = item.plan.charges.gross_cents
            item.document, item.answer = rma.row.number, {"document": rma.row.number, "billed_cents": billed}
            item.emit("ReplacementCharged", billed_cents=billed)
    batch.log()
    _write(batch)


def _goods(returns: Iterable[LoadedReturn]) -> dict[int, list[Replacement]]:
    found: dict[int, list[Replacement]] = defaultdict(list)
    ids = [rma.row.pk for rma in returns]
    for each in Replacement.objects.filter(rma_id__in=ids, undone_log_id=0).order_by("pk"):
        found[each.line_id].append(each)
    return found


def _plan(
    batch: Batch[Any], plan: Plan, goods: Mapping[int, list[Replacement]], swaps: Swaps, products: Mapping[int, Product],
    prices: Prices, on: date,
) -> None:  # fmt: skip
    rma = plan.rma
    for line in rma.lines:
        for each, target_e4 in targets(rma, line, goods.get(line.row.pk, []), on):
            if units_e4 := target_e4 - each.late_e4:
                charge(batch, swaps, rma, line, each, units_e4, prices, products, plan.charges)
    if not plan.charges.charges:
        raise TransitionNotAllowed(document=rma.row.number, current="complete", wanted="charged")


def _write(batch: Batch[ChargeReplacement]) -> None:
    """Write an invoice for each sale, below zero where goods came after all, and post it."""
    papers, sums = list[tuple[Any, int, Sale]](), list[tuple[object, ...]]()
    for item in batch.open:
        sales = {each.sale.row.pk: each.sale.row for each in item.plan.charges.charges}
        for pk, sale in sales.items():
            mine = [each.amounts for each in item.plan.charges.charges if each.sale.row.pk == pk]
            papers.append((item, pk, sale))
            sums.append((pk, item.on, sum(net for net, _ in mine), sum(tax for _, tax in mine), 0))
    entries = []
    for (item, pk, sale), paper, invoice_id in zip(
        papers, sums, rows.insert_returning(Invoice, INVOICE_FIELDS, sums), strict=True
    ):
        item.plan.invoices[pk] = invoice_id or 0
        money = Money(sale.customer_id, sale.currency, sale.rate_e9)
        transfers = invoice_transfers(money, int(str(paper[2])), int(str(paper[3])), 0)
        entries.append(Entry(item.log_id, item.on, sale.number, transfers))
    lines = [
        (item.plan.invoices[each.sale.row.pk], each.line.pk, each.quantity_e4, *each.amounts)
        for item in batch.open
        for each in item.plan.charges.charges
    ]
    rows.insert(InvoiceLine, INVOICE_LINE_FIELDS, lines)
    post(entries, base_currency=batch.company.currency, recorded_at=batch.recorded_at)
    write_due((sale, item.on) for item, _, sale in papers)
    steps = [
        (item.plan.rma.row.pk, item.log_id, line_id, *(step.get(n, 0) for n in STEP_COUNTERS), 0, item.on)
        for item in batch.open
        for line_id, step in item.plan.charges.steps.items()
    ]
    rows.insert(SwapStep, ("rma_id", "log_id", "line_id", *STEP_COUNTERS, "mirrors_log_id", "business_on"), steps)
    batch.write_changes(Replacement, Swap, SaleLine, Sale)


def charge_due(today: date) -> int:
    """Charge what left ahead of goods that are late or will not come, credit what came after all; return how many."""
    pieces = ReturnPiece.objects.filter(line=OuterRef("line_id")).values("line")
    gone, number = F("rejected_e4") + F("accepted_sent_back_e4"), BigIntegerField()
    here = Subquery(pieces.annotate(t=Sum(F("received_e4") - gone)).values("t"), output_field=number)
    promised = Subquery(pieces.annotate(t=Sum(F("authorized_e4") - gone)).values("t"), output_field=number)
    wanted = F("line__replaced_e4")
    late = Q(due_on__lt=today) | Q(line__rma__status="closed") | Q(promised__lt=wanted)
    to_bill = Q(here__lt=wanted, late_e4__lt=F("replaced_e4")) & late
    # A receipt credits at once; this finds what it could not, in a closed period for one.
    to_credit = Q(late_e4__gt=0, here__gt=wanted - F("late_e4"))
    found = Replacement.objects.filter(undone_log_id=0).annotate(here=here, promised=promised)
    ids = sorted(set(found.filter(to_bill | to_credit).values_list("rma_id", flat=True)))
    done = 0
    for start in range(0, len(ids), MAX_ITEMS):
        chunk = [ChargeReplacement(document=Return(pk=pk).number, on=today) for pk in ids[start : start + MAX_ITEMS]]
        outcomes = charge_replacement.batch(chunk, actor=SYSTEM, mode="each")
        done += sum(not hasattr(each, "error") for each in outcomes)
    return done


def old_goods_came(event: Mapping[str, Any]) -> None:
    """Credit at once what was billed because goods had not come; told after a receipt."""
    number = str(event["document"])
    if Replacement.objects.filter(rma_id=row_id("R", number), late_e4__gt=0).exists():
        on = CommandLog.objects.values_list("business_on", flat=True).get(pk=event["log_id"])
        charge_replacement.batch([ChargeReplacement(document=number, on=on)], actor=SYSTEM, mode="each")
