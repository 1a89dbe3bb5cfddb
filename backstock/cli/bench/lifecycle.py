"""Time whole returns, six commands each, and the floor: the same kind of rows with the bare driver."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

from backstock.cli.bench.story import lifecycle, prepare

WARM_UP = 20


@dataclass(slots=True)
class Counted:
    """Statements and rows written while it was listening; BEGIN and COMMIT do not count."""

    statements: int = 0
    rows: int = 0
    texts: list[str] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if sql.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "PRAGMA")):
            return result
        self.statements += 1
        self.texts.append(sql)
        if sql.startswith(("INSERT", "UPDATE")):
            values = sql.partition("VALUES")[2]
            self.rows += values.count("),(") + 1 if values else max(0, context["cursor"].rowcount)
        return result


@contextmanager
def counting() -> Iterator[Counted]:
    """Count the statements of the default connection."""
    counted = Counted()
    with connection.execute_wrapper(counted):
        yield counted


def cpu_seconds() -> float:
    """Return the CPU time of this process and, on PostgreSQL, of its backend."""
    total = time.process_time()
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
        if stat.exists():
            fields = stat.read_text().rsplit(")", 1)[1].split()
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def measure(n: int) -> dict[str, Any]:
    """Run `n` returns and return their figures."""
    sales = prepare(0, n + WARM_UP + 1)
    for index in range(WARM_UP):
        for _, step in lifecycle(sales[index], index):
            step()
    per_command: dict[str, int] = {}
    with counting() as counted:
        for name, step in lifecycle(sales[WARM_UP], WARM_UP):
            before = counted.statements
            step()
            per_command[name] = counted.statements - before
    seconds, cpu = [], cpu_seconds()
    for index in range(WARM_UP + 1, WARM_UP + 1 + n):
        start = time.perf_counter()
        for _, step in lifecycle(sales[index], index):
            step()
        seconds.append(time.perf_counter() - start)
    cpu = cpu_seconds() - cpu
    ordered = sorted(seconds)
    return {
        "database": connection.vendor,
        "returns": n,
        "median_ms": round(statistics.median(ordered) * 1000, 3),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)] * 1000, 3),
        "cpu_ms_per_return": round(cpu / n * 1000, 3),
        "statements_per_return": counted.statements,
        "statements_per_command": per_command,
        "rows_per_return": counted.rows,
    }


def floor_script() -> Path | None:
    """Find the floor beside the checkout or where BACKSTOCK_FLOOR says; nobody else has it."""
    named = os.environ.get("BACKSTOCK_FLOOR")
    beside = (Path.cwd(), *Path.cwd().parents, Path(__file__).resolve().parents[3])
    places = [Path(named)] if named else [each.parent / "shared" / "bench" / "floor.py" for each in beside]
    return next((place for place in places if place.is_file()), None)


def measure_floor(url: str | None, n: int) -> dict[str, Any] | None:
    """Run the floor on the same kind of database; None when it is not there."""
    script = floor_script()
    if script is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        target = url if url and url.startswith("postgres") else f"sqlite:///{folder}/floor.sqlite3"
        command = [sys.executable, str(script), "--database", target, "--mode", "single", "--n", str(n), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
