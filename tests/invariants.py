"""What must hold after every test that used a company; each check gives the sentences of what is broken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable


def verification() -> list[str]:
    """Ask the product itself."""
    from backstock.cli.verification import verify

    return [str(problem) for problem in verify().problems]


def goods_by_hand() -> list[str]:
    """Add the goods ledger up again without a line of the product's SQL, and compare it with both balances."""
    from backstock.stock.models import PoolBalance, StockBalance, StockMove
    from backstock.stock.places import PHYSICAL, kind_of

    places: dict[tuple[int, int, int], int] = defaultdict(int)
    pools: dict[tuple[int, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for move in StockMove.objects.all():
        places[move.product_id, move.lot_id, move.source_id] -= move.quantity_e4
        places[move.product_id, move.lot_id, move.target_id] += move.quantity_e4
        for sign, pool, ref, cents in (
            (-1, move.source_pool, move.source_ref, move.source_value_cents),
            (1, move.target_pool, move.target_ref, move.target_value_cents),
        ):
            if pool:
                pools[move.product_id, pool, ref][0] += sign * move.quantity_e4
                pools[move.product_id, pool, ref][1] += sign * cents
    kept = {(b.product_id, b.lot_id, b.place_id): b.quantity_e4 for b in StockBalance.objects.exclude(quantity_e4=0)}
    worth = {(b.product_id, b.pool, b.ref): [b.quantity_e4, b.value_cents] for b in PoolBalance.objects.all()}
    found = []
    if kept != {key: quantity for key, quantity in places.items() if quantity}:
        found.append("a stock balance is not the sum of its moves")
    if {key: each for key, each in worth.items() if any(each)} != {
        key: each for key, each in pools.items() if any(each)
    }:
        found.append("a pool is not the sum of its moves")
    found += [f"{key} is negative" for key, q in places.items() if q < 0 and kind_of(key[2]) in PHYSICAL]
    found += [f"pool {key} is {each}" for key, each in pools.items() if min(each) < 0 or (not each[0] and each[1])]
    return found


def money_by_hand() -> list[str]:
    """Never more back than was paid by that means, never more credited than was billed, all routes together."""
    from backstock.refunds.models import CreditNote, CreditNoteLine, Refund
    from backstock.returns.models import ReturnLine
    from backstock.sales.models import Invoice, Payment, Sale

    paid: dict[tuple[int, str], int] = defaultdict(int)
    billed: dict[int, int] = defaultdict(int)
    for sale_id, tender, amount in Payment.objects.values_list("sale_id", "tender", "amount_cents"):
        paid[sale_id, tender] += amount
        paid[sale_id, "in all"] += amount
    for invoice in Invoice.objects.all():
        billed[invoice.sale_id] += invoice.net_cents + invoice.tax_cents + invoice.shipping_cents
    back: dict[tuple[int, str], int] = defaultdict(int)
    credited: dict[int, int] = defaultdict(int)
    standing = Refund.objects.exclude(sale_id=0).exclude(status="undone")
    for sale_id, tender, amount in standing.values_list("sale_id", "tender", "amount_cents"):
        credited[sale_id] += amount
        if tender == "receivable":
            continue
        back[sale_id, "in all"] += amount
        if tender != "store_credit":
            back[sale_id, tender] += amount
    found = [f"sale {key}: {cents} back of {paid[key]} paid" for key, cents in back.items() if cents > paid[key]]
    found += [
        f"sale {pk}: {cents} given of {billed[pk]} billed" for pk, cents in credited.items() if cents > billed[pk]
    ]
    mirrored = set(CreditNote.objects.exclude(mirrors_log_id=0).values_list("mirrors_log_id", flat=True))
    given: dict[int, int] = defaultdict(int)
    notes = CreditNoteLine.objects.exclude(note__log_id__in=mirrored)
    for line_id, net, tax in notes.values_list("return_line_id", "net_cents", "tax_cents"):
        given[line_id] += net + tax
    sales = {line.pk: line.sale_id for line in ReturnLine.objects.all()}
    noted: dict[int, int] = defaultdict(int)
    for line_id, cents in given.items():
        noted[sales[line_id]] += cents
    found += [
        f"sale {sale.pk}: {sale.credited_cents} credited, {noted[sale.pk]} on credit notes, {sale.shipping_refunded_cents} shipping"
        for sale in Sale.objects.all()
        if sale.credited_cents != noted[sale.pk] + sale.shipping_refunded_cents
    ]
    for line in ReturnLine.objects.all():
        if given[line.pk] != line.refunded_net_cents + line.refunded_tax_cents:
            found.append(f"return line {line.pk}: its credit notes do not add up to its counter")
    return found


# Add a check here and every test with `company_db` runs it when it ends (mark `breaks_ledgers` leaves it out).
CHECKS: list[Callable[[], list[str]]] = [verification, goods_by_hand, money_by_hand]


def broken_invariants() -> list[str]:
    """Run every check on the current company."""
    return [sentence for check in CHECKS for sentence in check()]
