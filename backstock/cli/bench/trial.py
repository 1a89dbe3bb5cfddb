"""Time a policy table on made-up years of returns: facts from Parquet, one thread, money summed by category and reason."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb

from backstock.policies.table.model import FIELDS, Table
from backstock.policies.table.to_sql import counted

# What a year of returns of a middle-sized trader looks like, ten times and a hundred times over.
SMALLEST: Final = 100_000
MEMORY: Final = "2GB"
# A number that looks random and is the same at every run: the n-th of a column.
MIXED: Final = "(hash(i * {prime} + {prime}) % {most})"
TEXTS: Final = {
    "category": 24,
    "reason": 9,
    "channel": 3,
    "type": 5,
    "customer_level": 4,
    "sku": 5_000,
    "customer": 50_000,
}
NUMBERS: Final = {
    "days_since_delivery": 60, "amount_cents": 200_000, "quantity_e4": 90_000, "returns_90_days": 12,
    "return_rate_e6": 1_000_000, "quota_used_e6": 1_500_000,
}  # fmt: skip
REPORT: Final = ("category", "reason", "amount_cents")


def forty_rows() -> dict[str, Any]:
    """Return a table of forty rows of five conditions each, so that a good part of the facts meets none."""
    return {
        "hit": "first",
        "rows": [
            {
                "id": f"r{n}",
                "when": {
                    "category": {"is": [f"category{n % 24}", f"category{(n + 5) % 24}"]},
                    "reason": {"is": [f"reason{(n + step) % 9}" for step in range(4)]},
                    "days_since_delivery": {"min": n % 4, "max": 15 + n},
                    "amount_cents": {"max": 60_000 + 3_000 * n},
                    "opened": {"yes": n % 2 == 0},
                },
                "then": {
                    "decision": ("approve", "review", "reject")[n % 3],
                    "restocking_fee_e6": 25_000 * (n % 5),
                },
            }
            for n in range(40)
        ],
    }


def measure(rows: int, raw: dict[str, Any] | None, progress: Callable[[int], object]) -> dict[str, Any]:
    """Run the table over ever more rows up to this many; give how fast the last ones went and how it grows."""
    table = Table.load(raw or forty_rows())
    growth = []
    with tempfile.TemporaryDirectory(prefix="backstock-trial-") as folder:
        for count in _steps(rows):
            file = Path(folder) / f"{count}.parquet"
            _make(file, count, table)
            growth.append(_run(file, count, table))
            file.unlink()
            progress(count)
    last = growth[-1]
    return {
        "rows": rows,
        "table_rows": len(table.rows),
        "rows_per_second_per_core": last["rows_per_second"],
        "seconds": last["seconds"],
        "peak_mib": last["peak_mib"],
        "groups": last["groups"],
        "growth": growth,
    }


def _steps(rows: int) -> list[int]:
    found, count = [], min(SMALLEST, rows)
    while count < rows:
        found.append(count)
        count *= 10
    return [*found, rows]


def _column(name: str, prime: int) -> str:
    mixed = MIXED.format(prime=prime, most=TEXTS.get(name) or NUMBERS.get(name) or 100)
    if name in TEXTS:
        return f"'{name}' || {mixed} AS {name}"
    if name in NUMBERS:
        return f"CAST({mixed} AS INTEGER) AS {name}"
    if FIELDS[name].kind == "yesno":
        return f"{mixed} < 40 AS {name}"
    return f"CAST(NULL AS {'VARCHAR[]' if FIELDS[name].kind == 'set' else 'VARCHAR'}) AS {name}"


def _make(file: Path, count: int, table: Table) -> None:
    """Write the facts that the table and the report look at."""
    names = sorted({*table.asked, *REPORT})
    columns = ", ".join(_column(name, 7_919 + 2 * n) for n, name in enumerate(names))
    with duckdb.connect(config={"memory_limit": MEMORY}) as made:
        made.execute(f"COPY (SELECT {columns} FROM range({count}) AS numbers(i)) TO '{file}' (FORMAT PARQUET)")


def _run(file: Path, count: int, table: Table) -> dict[str, Any]:
    """Decide every row on one thread and sum outcomes and money."""
    with duckdb.connect(config={"threads": 1, "memory_limit": MEMORY}) as trial:
        started = time.perf_counter()
        found: Sequence[Any] = trial.execute(
            counted(table, f"read_parquet('{file}')", keys=("category", "reason"))
        ).fetchall()
        seconds = time.perf_counter() - started
    if sum(row[3] for row in found) != count:
        raise RuntimeError("the trial lost rows")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform != "darwin" else 1024 * 1024)
    return {
        "rows": count,
        "seconds": round(seconds, 3),
        "rows_per_second": round(count / seconds),
        "peak_mib": peak,
        "groups": len(found),
    }
