"""Time every report on a ledger of many moves, through the pages themselves."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.test import Client

from backstock.books.rollup import roll_up as roll_profit_up
from backstock.catalog.models import Product
from backstock.cli.bench.lifecycle import counting
from backstock.cli.bench.trade import DAYS, FIRST, Made, trade
from backstock.core.models import User
from backstock.core.people import AddUser, add_user
from backstock.core.permissions import SYSTEM
from backstock.money.queries import transfer_count
from backstock.money.rollup import roll_up as roll_money_up
from backstock.stock.queries import move_count
from backstock.stock.rollup import roll_up as roll_goods_up

# From the first day to the last, and what the pages show when nothing is asked for.
ALL = f"from={FIRST}&to={date.fromordinal(FIRST.toordinal() + DAYS - 1)}"
TIMES = 5


def pages(made: Made) -> Sequence[tuple[str, str]]:
    """Name the addresses that are opened."""
    product = Product.objects.order_by("pk")[0].sku
    return [
        ("movements", "/reports/movements/"),
        ("movements, whole range", f"/reports/movements/?{ALL}"),
        ("movements, by kind of move", f"/reports/movements/?{ALL}&detail=kinds"),
        ("movements, one warehouse", f"/reports/movements/?{ALL}&warehouse=1"),
        (
            "movements, odd days",
            f"/reports/movements/?from={FIRST.replace(day=9)}&to={FIRST.replace(month=12, day=21)}",
        ),
        ("stock card", f"/reports/card/?product={product}"),
        ("stock card, whole range", f"/reports/card/?product={product}&{ALL}"),
        ("stock value", "/reports/value/"),
        ("stock value, of an odd day", f"/reports/value/?on={FIRST.replace(month=11, day=17)}&by=warehouse"),
        *(
            (f"gross profit by {by}{', whole range' if span else ''}", f"/reports/profit/?by={by}&{span}")
            for by in ("product", "customer", "category", "salesperson", "month")
            for span in ("", ALL)
        ),
        ("trial balance", "/reports/balance/"),
        ("trial balance, whole range", f"/reports/balance/?{ALL}"),
        ("account ledger", "/reports/ledger/?account=1"),
        ("account ledger, whole range", f"/reports/ledger/?account=1&{ALL}"),
        ("vouchers", "/reports/vouchers/"),
        ("vouchers of an account, whole range", f"/reports/vouchers/?{ALL}&account=15"),
    ]


def measure(moves: int) -> dict[str, Any]:
    """Make the trade, roll it up, and open each report several times."""
    start = time.perf_counter()
    made = trade(moves)
    built = time.perf_counter()
    roll_goods_up()
    roll_money_up()
    roll_profit_up()
    rolled = time.perf_counter()
    add_user(AddUser(username="bench", roles=("admin",)), actor=SYSTEM, key="bench-user")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(username="bench"))
    found = {name: timed(client, address) for name, address in pages(made)}
    return {
        "database": connection.vendor,
        "moves": move_count(),
        "transfers": transfer_count(),
        "build_seconds": round(built - start, 1),
        "roll_up_seconds": round(rolled - built, 1),
        "slowest_ms": max(each["median_ms"] for each in found.values()),
        "reports": found,
    }


def timed(client: Client, address: str) -> dict[str, Any]:
    """Open a page some times; return the median and how many statements it took."""
    seconds = []
    for _ in range(TIMES):
        with counting() as counted:
            start = time.perf_counter()
            answer = client.get(address)
            seconds.append(time.perf_counter() - start)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: status {answer.status_code}")
    return {"median_ms": round(statistics.median(seconds) * 1000, 1), "statements": counted.statements}
