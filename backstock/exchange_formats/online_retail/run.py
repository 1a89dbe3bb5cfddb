"""Import the sales of an Online Retail file: read, plan, record, report."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from backstock.core import clock
from backstock.core.amounts import decimal_text
from backstock.core.errors import InvariantBroken
from backstock.exchange_formats.online_retail import setting_up
from backstock.exchange_formats.online_retail.lines import DESCRIPTION, Line, understand
from backstock.exchange_formats.online_retail.plan import Day, opening_pieces, plan_days, unit_costs_e6
from backstock.exchange_formats.online_retail.reader import rows_of
from backstock.exchange_formats.online_retail.recording import Recording
from backstock.exchange_formats.online_retail.report import Remark, Totals, add_up, write_report
from backstock.exchange_formats.online_retail.sending import Sender
from backstock.money.queries import transfer_count
from backstock.stock.queries import move_count

# (what is being done, how much of it, out of how much)
Progress = Callable[[str, int, int], None]
ROWS_PER_TELL = 5_000


@dataclass(slots=True)
class Contents:
    """What was understood of a file."""

    lines: list[Line] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    fingerprint: str = ""


@dataclass(slots=True)
class Imported:
    """What an import did, for people and programs."""

    totals: Totals
    new: dict[str, int]
    moves: int
    transfers: int
    seconds: float

    def plain(self) -> dict[str, Any]:
        """Return the figures, amounts with three decimals."""
        totals = self.totals
        made = ("catalog.define", "partners.register", "purchases.receive", "sales.sell", "returns.request")
        new = {name: count for name, count in self.new.items() if count}
        return {
            "lines": totals.lines,
            "placed": totals.placed,
            "reported": totals.reported,
            "amount_file": _e3(totals.file_e3),
            "amount_placed": _e3(totals.placed_e3),
            "amount_reported": _e3(totals.reported_e3),
            "rounding": _e3(totals.rounding_e3),
            "sales": totals.sales,
            "returns": totals.returns,
            "returned_lines": totals.matched + totals.unmatched,
            "matched": totals.matched,
            "unmatched": totals.unmatched,
            "moves": self.moves,
            "transfers": self.transfers,
            "new": sum(new.get(name, 0) for name in made),
            "seconds": round(self.seconds, 1),
            "amount_unmatched": _e3(totals.unmatched_e3),
            "new_steps": sum(count for name, count in new.items() if name not in made),
        }


def _e3(amount_e3: int) -> str:
    return decimal_text(amount_e3, 3, trim=False)


def silent(stage: str, done: int, of: int) -> None:
    """Tell nobody how far the import is."""


def import_sales(file: Path, report: Path | None = None, progress: Progress = silent) -> Imported:
    """Bring a file into the books of this database; raise NotThisFormat or OtherCompany before anything is written."""
    started, totals, sender = time.monotonic(), Totals(), Sender()
    contents = read(file, totals, progress)
    there = setting_up.check_company(file.name)
    days = plan_days(contents.lines)
    if not there:
        setting_up.found_a_company()
    costs = unit_costs_e6(contents.lines)
    recording = Recording(sender, costs)
    if days:
        recording.recall(days)
        _prepare(contents, recording, days, progress)
        _record(recording, days, len(contents.lines), progress)
    add_up(recording, days, totals)
    if totals.file_e3 != totals.placed_e3 + totals.reported_e3 + totals.rounding_e3:
        raise InvariantBroken(f"the sums of {file.name} do not add up: {totals}")
    if report is not None:
        write_report(report, file, totals.remarks)
    return Imported(totals, sender.new, move_count(), transfer_count(), time.monotonic() - started)


def read(file: Path, totals: Totals, progress: Progress) -> Contents:
    """Understand every line; those that cannot be placed go to the report."""
    contents, digest = Contents(), hashlib.sha256()
    seen: dict[bytes, int] = {}
    latest = clock.today("UTC") + timedelta(days=1)
    for row in rows_of(file):
        totals.lines += 1
        digest.update(row.raw + b"\n")
        found = understand(row.number, row.fields, row.problem, latest)
        totals.file_e3 += found.amount_e3 or 0
        first = seen.setdefault(hashlib.blake2b(row.raw, digest_size=16).digest(), row.number)
        if first != row.number:
            totals.remarks.append(Remark(row.number, "kept", "repeat", found.amount_e3, f"same as line {first}"))
        if isinstance(found, Line):
            contents.lines.append(found)
            if not contents.names.get(found.code):
                contents.names[found.code] = " ".join(row.fields[DESCRIPTION].split())[:200]
        else:
            totals.report(found)
        if totals.lines % ROWS_PER_TELL == 0:
            progress("read", totals.lines, 0)
    contents.fingerprint = digest.hexdigest()[:16]
    return contents


def _prepare(contents: Contents, recording: Recording, days: list[Day], progress: Progress) -> None:
    progress("prepare", 0, 1)
    first, last = days[0].on, days[-1].on
    sender, mark = recording.sender, contents.fingerprint
    countries: dict[str, str] = {}
    for line in contents.lines:
        countries.setdefault(line.customer, line.country)
    setting_up.publish_terms(sender, first, last, mark)
    setting_up.define_products(sender, contents.names, _last_prices(contents.lines))
    setting_up.register_customers(sender, countries)
    pieces = opening_pieces(recording.unsold(days))
    setting_up.receive_opening_stock(sender, pieces, recording.costs_e6, first, mark)
    progress("prepare", 1, 1)


def _last_prices(lines: Iterable[Line]) -> dict[str, int]:
    last: dict[str, tuple[date, int, int]] = {}
    for line in lines:
        if line.price_e3 > 0 and line.quantity > 0:
            last[line.code] = max(last.get(line.code, (date.min, 0, 0)), (line.on, line.number, line.price_e3))
    return {code: price_e3 for code, (_, _, price_e3) in last.items()}


def _record(recording: Recording, days: list[Day], lines: int, progress: Progress) -> None:
    done = 0
    for day in days:
        recording.record(day)
        done += sum(len(sale.lines) for sale in day.sales) + sum(len(c.invoice.lines) for c in day.cancellations)
        progress("record", done, lines)
