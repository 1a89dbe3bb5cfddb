"""Trade over some years in any order of days, and its figures added up by hand, for the reports."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from random import Random

from backstock.core.errors import DomainError
from backstock.stock.figures import Scope
from backstock.stock.models import StockMove
from backstock.stock.rollup import roll_up
from tests import build

FIRST, LAST = date(2024, 2, 1), date(2026, 3, 31)


def any_day(rng: Random) -> date:
    """Draw a business day."""
    return FIRST + timedelta(days=rng.randrange((LAST - FIRST).days + 1))


def period(rng: Random) -> tuple[date, date]:
    """Draw a period, often of whole months."""
    first, last = sorted((any_day(rng), any_day(rng)))
    return (first.replace(day=1) if rng.random() < 0.4 else first), last


def traded(rng: Random, steps: int = 12) -> None:
    """Buy, sell, take back, place and take back again, on days in no order, rolling up in between."""
    build.found(warehouses=("N", "S"))
    build.customer("SUN")
    build.supplier("JIN")
    for sku in ("A", "B"):
        build.product(sku, "33.33", tax="0.13")
        for warehouse in ("N", "S"):
            build.bought(sku, 20, "7.01", warehouse=warehouse, on=FIRST)
    for _ in range(steps):
        try:
            rng.choice([_buy, _sell, _sell, _return, _roll_up])(rng)
        except DomainError:
            continue  # the shelf was empty


def _buy(rng: Random) -> None:
    build.bought(
        rng.choice("AB"), rng.randint(1, 9), f"{rng.randint(1, 20)}.37", warehouse=rng.choice("NS"), on=any_day(rng)
    )


def _sell(rng: Random) -> None:
    build.sold(
        rng.choice("AB"), rng.randint(1, 3), warehouse=rng.choice("NS"), on=any_day(rng), shipping_cents=rng.choice([0, 500])
    )  # fmt: skip


def _return(rng: Random) -> None:
    sku, on = rng.choice("AB"), any_day(rng)
    rma = build.requested(build.sold(sku, 2, on=on), 2, sku, on=on)
    rma = build.inspected(build.received(build.approved(rma, on=on), 2, sku, on=any_day(rng)), 2, sku, on=on)
    to = rng.choice(["restock", "restock_discounted", "scrap", "repair", "send_back"])
    value = {"value_cents": 300} if to == "restock_discounted" else {}
    build.disposed(rma, 1, sku, to, on=any_day(rng), **value)
    if rng.random() < 0.7:
        build.settled(rma, on=any_day(rng))


def _roll_up(rng: Random) -> None:
    roll_up()


def held_by_hand(day: date, scope: Scope) -> dict[int, list[int]]:
    """Add up from every row what products hold at the end of a day: {product: [quantity, value]}, all of them."""
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for move in StockMove.objects.filter(business_on__lte=day):
        for sign, place, pool, cents in (
            (-1, move.source_id, move.source_pool, move.source_value_cents),
            (1, move.target_id, move.target_pool, move.target_value_cents),
        ):
            if scope.holds(place):
                found[move.product_id][0] += sign * move.quantity_e4
                found[move.product_id][1] += sign * cents if pool else 0
    return found
