"""Check the papers of the house against the goods ledger."""

from __future__ import annotations

from typing import Final

from backstock.core.problems import Problem, found_by
from backstock.stock.places import OUTSIDE, TRANSIT


def check_warehouse() -> list[Problem]:
    """Return what does not hold about transfers, adjustments, counts and assemblies."""
    return [Problem(check, words.format(*row)) for check, words, statement in CHECKS for row in found_by(statement)]


def _compared(key: str, moved: str, kept: str, sums: int = 1) -> str:
    """Return the statement that finds keys whose moves and papers differ."""
    names = [f"s{n}" for n in range(sums)]
    columns = ", ".join(f"SUM(a{n}) AS {name}, SUM(b{n}) AS k{n}" for n, name in enumerate(names))
    differ = " OR ".join(f"SUM(a{n}) <> SUM(b{n})" for n in range(sums))
    return f"SELECT {key}, {columns} FROM ({moved} UNION ALL {kept}) AS both_sides GROUP BY {key} HAVING {differ}"


# What a transfer sent on its way and what has come to an end, by line; documents of transfers begin with T.
ON_THE_WAY: Final = _compared(
    "line_id",
    f"SELECT line_id, quantity_e4 AS a0, 0 AS b0 FROM stock_stockmove WHERE target_id = {TRANSIT} "
    f"UNION ALL SELECT line_id, -quantity_e4, 0 FROM stock_stockmove WHERE source_id = {TRANSIT}",
    "SELECT id, 0, quantity_e4 - arrived_e4 - returned_e4 - lost_e4 FROM warehouse_transferline",
)
POOLS: Final = _compared(
    "ref",
    "SELECT ref, quantity_e4 AS a0, 0 AS b0 FROM stock_poolbalance WHERE pool = 'transit'",
    "SELECT id, 0, quantity_e4 - arrived_e4 - returned_e4 - lost_e4 FROM warehouse_transferline",
)


def _signed(letter: str) -> str:
    """Return what documents of a kind brought from outside and sent there, by line."""
    return (
        f"SELECT line_id, quantity_e4 AS a0, target_value_cents AS a1, 0 AS b0, 0 AS b1 FROM stock_stockmove "
        f"WHERE source_id = {OUTSIDE} AND document LIKE '{letter}0%' "
        f"UNION ALL SELECT line_id, -quantity_e4, -source_value_cents, 0, 0 FROM stock_stockmove "
        f"WHERE target_id = {OUTSIDE} AND document LIKE '{letter}0%'"
    )


ADJUSTED: Final = _compared(
    "line_id", _signed("A"), "SELECT id, 0, 0, quantity_e4, value_cents FROM warehouse_adjustmentline", 2
)
POSTED: Final = _compared(
    "line_id", _signed("C"), "SELECT id, 0, 0, posted_e4, posted_cents FROM warehouse_countline", 2
)
COUNTED: Final = _compared(
    "line_id",
    "SELECT line_id, quantity_e4 AS a0, 0 AS b0 FROM warehouse_countentry",
    "SELECT id, 0, counted_e4 FROM warehouse_countline",
)
# A product is worth its parts and the work; parts are worth the product that was taken apart.
ASSEMBLED: Final = """
    SELECT a.id, a.value_cents - a.work_cents, COALESCE(SUM(p.value_cents), 0) FROM warehouse_assembly a
    LEFT JOIN warehouse_assemblypart p ON p.assembly_id = a.id GROUP BY a.id, a.value_cents, a.work_cents
    HAVING a.value_cents - a.work_cents <> COALESCE(SUM(p.value_cents), 0)"""

CHECKS: Final = (
    ("on the way equals what was sent and has not ended", "transfer line {}: moves {}, counters {}", ON_THE_WAY),
    ("a pool on the way holds what its line has there", "transfer line {}: pool {}, counters {}", POOLS),
    ("an adjustment equals its moves", "adjustment line {}: quantity {} ≠ {}, value {} ≠ {}", ADJUSTED),
    ("a posted difference equals its moves", "count line {}: quantity {} ≠ {}, value {} ≠ {}", POSTED),
    ("counted equals what people entered", "count line {}: entries {}, counter {}", COUNTED),
    ("an assembly is worth its parts and the work", "assembly {}: {} ≠ {}", ASSEMBLED),
)
