"""Figures of any period and day from rolled-up years and months, the days at both ends, and the tail behind the watermark.

`known` asks as of an instant: only rows recorded up to it count, read one by one. With it the answer never changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Any, Final, NamedTuple

from django.db import connection

from backstock.core.spans import EVER, Piece, cover, day_before
from backstock.stock import rollup
from backstock.stock.models import StockMonth, StockMove, StockRollUp, StockYear
from backstock.stock.places import (
    COMPANY_WIDE,
    CUSTOMER,
    OUTSIDE,
    PER_WAREHOUSE,
    SCRAP,
    SUPPLIER,
    VENDOR,
    kind_of,
    warehouse_of,
)  # fmt: skip
from backstock.stock.queries import share_by_quantity

# What is ours and on the accounts of stock; goods at the supplier are a claim, and can be asked for.
OWNED: Final = ("sellable", "quarantine", "repair", "transit")
KINDS: Final = (*OWNED, "vendor")
TABLES: Final = {"year": StockYear._meta.db_table, "month": StockMonth._meta.db_table, "day": StockMove._meta.db_table}
ASSEMBLY: Final = "B"
# Documents of returns send to outside only the parts of repairs.
REPAIRS: Final = "R"


class Way(IntEnum):
    """How pieces came into what is looked at, or left it."""

    opening = 0
    purchased = 1
    returned = 2
    counted_up = 3
    assembled = 4
    other_in = 5
    sold = 6
    sent_back = 7
    to_supplier = 8
    scrapped = 9
    counted_down = 10
    used = 11
    other_out = 12
    revalued = 13


IN: Final = (Way.purchased, Way.returned, Way.counted_up, Way.assembled, Way.other_in)
OUT: Final = (
    Way.sold, Way.sent_back, Way.to_supplier, Way.scrapped, Way.counted_down, Way.used, Way.other_out,
)  # fmt: skip


class Held(NamedTuple):
    """A quantity and what it is worth."""

    quantity_e4: int
    value_cents: int


@dataclass(frozen=True, slots=True)
class Scope:
    """Which places are looked at: kinds of stock, of all warehouses or one. Transit and vendor belong to none."""

    kinds: Sequence[str] = OWNED
    warehouse_id: int = 0

    def holds(self, place: int) -> bool:
        """Tell whether a place belongs to it."""
        return kind_of(place) in self.kinds and self.warehouse_id in (0, warehouse_of(place))

    def sql(self, column: str) -> str:
        """Return 1 for a place that belongs to it, else 0, in SQL."""
        parts = []
        for kind in self.kinds:
            if kind in COMPANY_WIDE:
                parts += [] if self.warehouse_id else [f"{column} = {COMPANY_WIDE[kind]}"]
            elif self.warehouse_id:
                first = self.warehouse_id * 100 + PER_WAREHOUSE[kind]
                parts.append(f"{column} BETWEEN {first} AND {first + 9}")
            else:
                parts.append(f"{column} >= 100 AND {column} % 100 / 10 = {PER_WAREHOUSE[kind] // 10}")
        return f"CASE WHEN {' OR '.join(f'({part})' for part in parts) or '1 = 0'} THEN 1 ELSE 0 END"


SELLABLE: Final = Scope(("sellable",)).sql("source_id")
# Which way a move between a place inside (s, t: source, target) and one outside belongs to.
WAY: Final = f"""CASE
    WHEN phase = 0 THEN {Way.opening:d}
    WHEN s = 1 AND t = 1 THEN {Way.revalued:d}
    WHEN t = 1 THEN CASE source_id WHEN {SUPPLIER} THEN {Way.purchased:d} WHEN {CUSTOMER} THEN {Way.returned:d}
        WHEN {OUTSIDE} THEN CASE paper WHEN '{ASSEMBLY}' THEN {Way.assembled:d} ELSE {Way.counted_up:d} END
        ELSE {Way.other_in:d} END
    ELSE CASE target_id WHEN {CUSTOMER} THEN CASE WHEN {SELLABLE} = 1 THEN {Way.sold:d} ELSE {Way.sent_back:d} END
        WHEN {SUPPLIER} THEN {Way.to_supplier:d} WHEN {VENDOR} THEN {Way.to_supplier:d} WHEN {SCRAP} THEN {Way.scrapped:d}
        WHEN {OUTSIDE} THEN CASE WHEN paper IN ('{ASSEMBLY}', '{REPAIRS}') THEN {Way.used:d} ELSE {Way.counted_down:d} END
        ELSE {Way.other_out:d} END
    END"""


def read(statement: Callable[[int], str]) -> list[tuple[Any, ...]]:
    """Run a statement that is made for a watermark; once more when the roll-up came in between."""
    while True:
        through = _through()
        with connection.cursor() as cursor:
            cursor.execute(statement(through))
            found = list(cursor.fetchall())
        if _through() == through:
            return found


def _through() -> int:
    return StockRollUp.objects.values_list("through_log_id", flat=True).first() or 0


def instant(known: datetime) -> str:
    """Write an instant as this database compares it."""
    return f"'{connection.ops.adapt_datetimefield_value(known)}'"


def flows(first: date, last: date, through: int, known: datetime | None = None, where: str = "1 = 1") -> str:
    """Return the SQL of signed moves (product_id, source_id, target_id, paper, q, sv, tv) of the days from first to last."""
    days = f"business_on >= '{first}' AND business_on <= '{last}' AND {where}"
    if known is not None:
        return _rows(f"{days} AND recorded_at <= {instant(known)}", 1)
    pieces = [_piece(piece, through, where) for piece in cover(first, last)]
    return " UNION ALL ".join([*pieces, _rows(f"{days} AND log_id > {through}", 1)])


def _piece(piece: Piece, through: int, where: str) -> str:
    if piece.unit == "day":
        days = f"business_on >= '{piece.first}' AND business_on < '{piece.end}'"
        return _rows(f"{days} AND log_id <= {through} AND {where}", piece.sign)
    sign = "" if piece.sign > 0 else "-"
    return (
        f"SELECT product_id, source_id, target_id, paper, {sign}quantity_e4 AS q, {sign}source_value_cents AS sv, "
        f"{sign}target_value_cents AS tv FROM {TABLES[piece.unit]} "
        f"WHERE starts_on >= '{piece.first}' AND starts_on < '{piece.end}' AND {where}"
    )


def _rows(condition: str, sign: int) -> str:
    minus = "" if sign > 0 else "-"
    return (
        f"SELECT product_id, {rollup.SOURCE} AS source_id, {rollup.TARGET} AS target_id, {rollup.PAPER} AS paper, "
        f"{minus}({rollup.QUANTITY}) AS q, {minus}({rollup.SOURCE_VALUE}) AS sv, {minus}({rollup.TARGET_VALUE}) AS tv "
        f"FROM {TABLES['day']} WHERE {condition}"
    )


def movements(
    first: date, last: date, scope: Scope, known: datetime | None = None, product_id: int = 0
) -> dict[int, dict[Way, Held]]:
    """Return what products held before a period and how they moved in it: {product: {way: what came, or left (below zero)}}."""
    where = f"product_id = {product_id}" if product_id else "1 = 1"

    def statement(through: int) -> str:
        before = flows(EVER, day_before(first), through, known, where)
        within = flows(first, last, through, known, where)
        return f"""
            SELECT product_id, way, SUM(q * (t - s)), SUM(t * tv - s * sv) FROM (
                SELECT product_id, {WAY} AS way, q, sv, tv, s, t FROM (
                    SELECT moved.*, {scope.sql("source_id")} AS s, {scope.sql("target_id")} AS t FROM (
                        SELECT 0 AS phase, b.* FROM ({before}) AS b UNION ALL SELECT 1, w.* FROM ({within}) AS w
                    ) AS moved
                ) AS seen WHERE s + t > 0
            ) AS sorted GROUP BY product_id, way"""

    found: dict[int, dict[Way, Held]] = defaultdict(dict)
    for product, way, quantity_e4, cents in read(statement):
        found[product][Way(way)] = Held(int(quantity_e4), int(cents))
    return found


def balances(day: date, known: datetime | None = None, since: date = EVER) -> dict[int, dict[int, Held]]:
    """Return what lay where at the end of a day: {product: {place of ours: quantity, and the value of the moves there}}.

    With `since`: what the days from then on added to it.
    """

    def statement(through: int) -> str:
        return f"""
            SELECT product_id, source_id, target_id, SUM(q), SUM(sv), SUM(tv)
            FROM ({flows(since, day, through, known)}) AS moved GROUP BY product_id, source_id, target_id"""

    found: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for product, source, target, quantity_e4, left, entered in read(statement):
        places = found[product]
        places[source][0] -= int(quantity_e4)
        places[source][1] -= int(left)
        places[target][0] += int(quantity_e4)
        places[target][1] += int(entered)
    ours = {place for places in found.values() for place in places}
    ours = {place for place in ours if Scope(KINDS).holds(place)}
    return {
        product: {place: Held(*held) for place, held in places.items() if place in ours and any(held)}
        for product, places in found.items()
    }


def together(one: Mapping[int, Held], other: Mapping[int, Held]) -> dict[int, Held]:
    """Add what lies at places up."""
    nothing = Held(0, 0)
    return {
        place: Held(*(a + b for a, b in zip(one.get(place, nothing), other.get(place, nothing), strict=True)))
        for place in (*one, *(place for place in other if place not in one))
    }


def by_warehouse(places: Mapping[int, Held]) -> dict[tuple[str, int], Held]:
    """Return what a product is worth per kind of stock and warehouse: sellable value is shared by quantity."""
    quantities: dict[tuple[str, int], int] = defaultdict(int)
    values: dict[tuple[str, int], int] = defaultdict(int)
    for place, held in places.items():
        key = kind_of(place), warehouse_of(place)
        quantities[key] += held.quantity_e4
        values[key] += held.value_cents
    pool = sum(value for (kind, _), value in values.items() if kind == "sellable")
    shared = share_by_quantity(pool, {house: held for (kind, house), held in quantities.items() if kind == "sellable"})
    return {
        (kind, house): Held(quantity, shared[house] if kind == "sellable" else values[kind, house])
        for (kind, house), quantity in quantities.items()
    }


def worth(places: Mapping[int, Held], scope: Scope) -> Held:
    """Return what a product holds within a scope."""
    held = [
        each
        for (kind, house), each in by_warehouse(places).items()
        if kind in scope.kinds and scope.warehouse_id in (0, house)
    ]
    return Held(sum(each.quantity_e4 for each in held), sum(each.value_cents for each in held))
