"""Recompute the goods ledger's balances from its rows and name every row that offends (DESIGN §9.2, 5, 6, 10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

from backstock.core.problems import Problem, described, found_by
from backstock.stock import rollup
from backstock.stock.models import Place, PoolBalance, StockBalance, StockMove, StockRollUp
from backstock.stock.places import PHYSICAL

MOVES, STOCK, POOLS, PLACES = (m._meta.db_table for m in (StockMove, StockBalance, PoolBalance, Place))


def _problems(check: str, statement: str, words: Callable[[tuple[Any, ...]], str]) -> list[Problem]:
    return [Problem(check, words(row)) for row in found_by(statement)]


def check_stock() -> list[Problem]:
    """Return what does not hold in the goods ledger."""
    return [*_balances(), *_pools(), *_zero_sums(), *_impossible(), *_rolled_up()]


def _balances() -> list[Problem]:
    moved = f"""
        SELECT product_id, lot_id, place_id, SUM(q) AS q FROM (
            SELECT product_id, lot_id, target_id AS place_id, quantity_e4 AS q FROM {MOVES}
            UNION ALL SELECT product_id, lot_id, source_id, -quantity_e4 FROM {MOVES}
        ) AS moved GROUP BY product_id, lot_id, place_id"""
    statement = f"""
        SELECT product_id, lot_id, place_id, SUM(a), SUM(b) FROM (
            SELECT product_id, lot_id, place_id, q AS a, 0 AS b FROM ({moved}) AS m
            UNION ALL SELECT product_id, lot_id, place_id, 0, quantity_e4 FROM {STOCK}
        ) AS both_sides GROUP BY product_id, lot_id, place_id HAVING SUM(a) <> SUM(b)"""
    return _problems(
        "stock balance equals its moves",
        statement,
        lambda r: f"product {r[0]} lot {r[1]} place {r[2]}: moves {r[3]}, balance {r[4]}",
    )


def _pools() -> list[Problem]:
    moved = f"""
        SELECT product_id, target_pool AS pool, target_ref AS ref, quantity_e4 AS q, target_value_cents AS v
            FROM {MOVES} WHERE target_pool <> ''
        UNION ALL SELECT product_id, source_pool, source_ref, -quantity_e4, -source_value_cents
            FROM {MOVES} WHERE source_pool <> ''"""
    statement = f"""
        SELECT product_id, pool, ref, SUM(q), SUM(v), SUM(bq), SUM(bv) FROM (
            SELECT product_id, pool, ref, q, v, 0 AS bq, 0 AS bv FROM ({moved}) AS m
            UNION ALL SELECT product_id, pool, ref, 0, 0, quantity_e4, value_cents FROM {POOLS}
        ) AS both_sides GROUP BY product_id, pool, ref HAVING SUM(q) <> SUM(bq) OR SUM(v) <> SUM(bv)"""
    return _problems(
        "pool balance equals its moves",
        statement,
        lambda r: f"product {r[0]} pool {r[1]}/{r[2]}: moves {r[3]} worth {r[4]}, balance {r[5]} worth {r[6]}",
    )


def _zero_sums() -> list[Problem]:
    statement = f"SELECT product_id, SUM(quantity_e4) FROM {STOCK} GROUP BY product_id HAVING SUM(quantity_e4) <> 0"
    return _problems("a product sums to zero over all places", statement, lambda r: f"product {r[0]}: {r[1]}")


def _impossible() -> list[Problem]:
    kinds = ", ".join(f"'{kind}'" for kind in sorted(PHYSICAL))
    negative = f"""
        SELECT s.product_id, s.lot_id, s.place_id, s.quantity_e4 FROM {STOCK} s JOIN {PLACES} p ON p.id = s.place_id
        WHERE s.quantity_e4 < 0 AND p.kind IN ({kinds})"""
    empty = f"""
        SELECT product_id, pool, ref, quantity_e4, value_cents FROM {POOLS}
        WHERE quantity_e4 < 0 OR value_cents < 0 OR (quantity_e4 = 0 AND value_cents <> 0)"""
    # A serial number is one piece: it is at one place, and never more than one piece of it.
    serials = f"""
        SELECT s.product_id, s.lot_id, MAX(s.quantity_e4), SUM(CASE WHEN s.quantity_e4 > 0 THEN 1 ELSE 0 END)
        FROM {STOCK} s JOIN catalog_product c ON c.id = s.product_id
        WHERE c.tracking = 'serial' AND s.lot_id <> 0 AND s.quantity_e4 > 0
        GROUP BY s.product_id, s.lot_id
        HAVING MAX(s.quantity_e4) > 10000 OR SUM(CASE WHEN s.quantity_e4 > 0 THEN 1 ELSE 0 END) > 1"""
    return [
        *_problems(
            "nothing is below zero where goods are",
            negative,
            lambda r: f"product {r[0]} lot {r[1]} place {r[2]}: {r[3]}",
        ),
        *_problems(
            "no pool is negative, or has value without pieces",
            empty,
            lambda r: f"product {r[0]} pool {r[1]}/{r[2]}: {r[3]} worth {r[4]}",
        ),
        *_problems(
            "a serial number is one piece", serials, lambda r: f"product {r[0]} serial {r[1]}: {r[2]}, {r[3]} places"
        ),
    ]


def _rolled_up() -> list[Problem]:
    """Compare rolled-up months and years with the rows up to the watermark."""
    through = StockRollUp.objects.values_list("through_log_id", flat=True).first() or 0
    return [problem for span, table in rollup.SPANS for problem in _span(span, table, through)]


def _span(span: str, table: str, through: int) -> list[Problem]:
    keys = "product_id, starts, source_id, target_id, paper"
    start = f"SUBSTR(CAST({{}} AS TEXT), 1, {7 if span == 'month' else 4})"
    statement = f"""
        SELECT {keys}, SUM(q), SUM(bq), SUM(sv), SUM(bsv), SUM(tv), SUM(btv) FROM (
            SELECT product_id, {start.format("business_on")} AS starts, {rollup.SOURCE} AS source_id,
                {rollup.TARGET} AS target_id, {rollup.PAPER} AS paper, {rollup.QUANTITY} AS q, {rollup.SOURCE_VALUE} AS sv,
                {rollup.TARGET_VALUE} AS tv, 0 AS bq, 0 AS bsv, 0 AS btv FROM {MOVES} WHERE log_id <= {through}
            UNION ALL SELECT product_id, {start.format("starts_on")}, source_id, target_id, paper, 0, 0, 0, quantity_e4,
                source_value_cents, target_value_cents FROM {table}
        ) AS both_sides GROUP BY {keys} HAVING SUM(q) <> SUM(bq) OR SUM(sv) <> SUM(bsv) OR SUM(tv) <> SUM(btv)"""
    return _problems(
        f"stock {span} equals its moves",
        statement,
        lambda r: f"product {r[0]} {r[1]} {r[2]} → {r[3]}: moves {r[5]}/{r[7]}/{r[9]}, rolled up {r[6]}/{r[8]}/{r[10]}",
    )


def value_by_kind() -> dict[str, int]:
    """Return what all pools of a kind are worth: sellable, quarantine, repair, vendor, transit."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pool, SUM(value_cents) FROM {POOLS} GROUP BY pool")
        found: dict[str, int] = {}
        for pool, value in cursor.fetchall():
            kind = "sellable" if pool in ("new", "layer", "lot") or pool.startswith("grade:") else pool
            found[kind] = found.get(kind, 0) + int(value)
    return found


def canonical_moves() -> Iterator[bytes]:
    """Describe every move by what it means, without row ids or instants, for the ledger hash."""
    statement = f"""
        SELECT m.business_on, p.sku, COALESCE(l.code, ''), m.quantity_e4, s.kind, s.grade, COALESCE(ws.code, ''), t.kind, t.grade,
               COALESCE(wt.code, ''), m.source_value_cents, m.target_value_cents, m.mirrors_log_id <> 0
        FROM {MOVES} m JOIN catalog_product p ON p.id = m.product_id
        JOIN {PLACES} s ON s.id = m.source_id JOIN {PLACES} t ON t.id = m.target_id
        LEFT JOIN catalog_lot l ON l.id = m.lot_id
        LEFT JOIN warehouse_warehouse ws ON ws.id = s.warehouse_id LEFT JOIN warehouse_warehouse wt ON wt.id = t.warehouse_id
    """
    yield from described(statement, "move")
