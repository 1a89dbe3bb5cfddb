"""Add up what became of every line, and write those that need a person's eye into a CSV beside the database."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from backstock.core.amounts import decimal_text
from backstock.exchange_formats.online_retail.lines import HEADER, REASONS, Line, Reported, is_formula
from backstock.exchange_formats.online_retail.plan import Cancellation, Day, cents
from backstock.exchange_formats.online_retail.reader import rows_of
from backstock.exchange_formats.online_retail.recording import Recording, return_key, sale_key

COLUMNS: Final = ("section", "line", "reason", "amount", "explanation", "说明", "detail", *HEADER)
# Lines that were placed and still deserve a look.
NOTES: Final = {
    "repeat": ("stands in the file more than once; kept every time", "文件中重复出现，每次均保留"),
    "unmatched": ("no purchase found: a return without a sale waits to be resolved", "未找到对应购买记录：无单退货待处理"),
    "price_difference": (
        "cancelled at more than was paid: only what was paid is given back", "取消价高于原成交价：仅退还实际已付金额"
    ),
    "stopped": ("the return stopped half-way", "退货流程中途停止"),
}  # fmt: skip


@dataclass(slots=True, frozen=True)
class Remark:
    """One row of the report: `reported` was not placed, `difference` is money that was not, `kept` is only a note."""

    line: int
    section: str
    reason: str
    amount_e3: int | None = None
    detail: str = ""


@dataclass(slots=True)
class Totals:
    """Counts and sums; amounts in thousandths, added up independently of each other."""

    lines: int = 0
    placed: int = 0
    reported: int = 0
    file_e3: int = 0
    placed_e3: int = 0
    reported_e3: int = 0
    rounding_e3: int = 0
    unmatched_e3: int = 0
    sales: int = 0
    returns: int = 0
    matched: int = 0
    unmatched: int = 0
    remarks: list[Remark] = field(default_factory=list)

    def report(self, line: Reported) -> None:
        """Count a line that was not placed."""
        self.reported += 1
        self.reported_e3 += line.amount_e3 or 0
        self.remarks.append(Remark(line.number, "reported", line.reason, line.amount_e3, line.detail))


def add_up(recording: Recording, days: Iterable[Day], totals: Totals) -> None:
    """Count what the books hold of a plan; what was refused is reported line by line."""
    for day in days:
        for sale in day.sales:
            key = sale_key(sale)
            if recording.sender.document(key) is None:
                _report(recording, totals, key, sale.lines)
                continue
            totals.sales += 1
            totals.placed += len(sale.lines)
            totals.placed_e3 += sale.cents * 10
            totals.rounding_e3 += sum(line.amount_e3 for line in sale.lines) - sale.cents * 10
        for cancellation in day.cancellations:
            _add_cancellation(recording, totals, cancellation)


def _report(recording: Recording, totals: Totals, key: str, lines: Iterable[Line], part: int | None = None) -> None:
    refused = recording.sender.refused.get(key)
    reason = "changed" if key in recording.changed else "refused"
    detail = str(refused) if refused else "" if reason == "changed" else "the sale it takes back is not in the books"
    for line in lines:
        totals.report(Reported(line.number, reason, line.amount_e3 if part is None else part, detail))


def _add_cancellation(recording: Recording, totals: Totals, each: Cancellation) -> None:
    """Count a cancellation line once, however many returns its pieces went to."""
    blind = {part.line.number: part for part in each.blind}
    number, waiting = (recording.sender.document(return_key(each, step)) for step in ("return", "blind"))
    lost: dict[int, int] = {}
    for part in each.matched if number is None else ():
        lost[part.line.number] = lost.get(part.line.number, 0) - part.pieces * part.line.price_e3
    for part in each.blind if waiting is None else ():
        lost[part.line.number] = lost.get(part.line.number, 0) - part.pieces * part.line.price_e3
    for line in each.invoice.lines:
        if line.number in lost:
            step = "return" if number is None and each.matched else "blind"
            _report(recording, totals, return_key(each, step), [line], lost[line.number])
        else:
            totals.placed += 1
            totals.unmatched += line.number in blind
            totals.matched += line.number not in blind
    if waiting is not None:
        _add_blind(totals, each, waiting)
    if number is not None and each.matched:
        _add_matched(recording, totals, each, number)


def _add_blind(totals: Totals, each: Cancellation, number: str) -> None:
    totals.returns += 1
    given_e3 = each.blind_cents * 10
    totals.placed_e3 -= given_e3
    totals.unmatched_e3 -= given_e3
    totals.rounding_e3 += given_e3 - sum(part.pieces * part.line.price_e3 for part in each.blind)
    for part in each.blind:
        amount_e3 = -cents(part.pieces * part.line.price_e3) * 10
        totals.remarks.append(
            Remark(part.line.number, "kept", "unmatched", amount_e3, f"{number}, {part.pieces} pieces")
        )


def _add_matched(recording: Recording, totals: Totals, each: Cancellation, number: str) -> None:
    """Count what was given back by what the settlement answered, not by what was planned."""
    totals.returns += 1
    given = int(recording.sender.answer(return_key(each, "settle")).get("total_cents", 0))
    missing_e3 = (each.matched_cents - given) * 10
    totals.placed_e3 -= given * 10
    totals.rounding_e3 += each.matched_cents * 10 - sum(part.pieces * part.line.price_e3 for part in each.matched)
    stopped = _stopped(recording, each)
    first = each.other_price or each.matched[0]
    if stopped:
        totals.remarks.append(Remark(first.line.number, "kept", "stopped", None, f"{number}: {stopped}"))
    if missing_e3 and (each.other_price or stopped):
        totals.reported_e3 -= missing_e3
        reason = "stopped" if stopped else "price_difference"
        remark = Remark(first.line.number, "difference", reason, -missing_e3, number)
        totals.remarks.append(remark)
    else:
        # Cents that a share of a sale line leaves with its other pieces.
        totals.rounding_e3 -= missing_e3


def _stopped(recording: Recording, each: Cancellation) -> str:
    errors = [
        recording.sender.refused.get(return_key(each, step)) for step in ("approve", "receive", "dispose", "settle")
    ]
    return "; ".join(str(error) for error in errors if error is not None)


def write_report(file: Path, source: Path, remarks: Sequence[Remark]) -> None:
    """Write the report, reading the source again for the cells as they stand in it."""
    by_line: dict[int, list[Remark]] = {}
    for remark in remarks:
        by_line.setdefault(remark.line, []).append(remark)
    order = ("reported", "difference", "kept")
    half = file.with_name(f"{file.name}.part")
    with half.open("w", encoding="utf-8", newline="", errors="backslashreplace") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        found = list(_found(source, by_line))
        for section in order:
            writer.writerows(_cells(remark, fields) for remark, fields in found if remark.section == section)
    os.replace(half, file)


def _found(source: Path, by_line: dict[int, list[Remark]]) -> Iterator[tuple[Remark, list[str]]]:
    for row in rows_of(source):
        for remark in by_line.get(row.number, ()):
            yield remark, row.fields


def _cells(remark: Remark, fields: Sequence[str]) -> list[str]:
    english, chinese = (REASONS | NOTES)[remark.reason]
    amount = "" if remark.amount_e3 is None else decimal_text(remark.amount_e3, 3, trim=False)
    own = [remark.section, str(remark.line), remark.reason, amount, english, chinese, remark.detail]
    return own + [harmless(field) for field in fields]


def harmless(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula; NUL becomes visible."""
    text = text.replace("\0", "\\0")
    return f"'{text}" if is_formula(text) or text.startswith(("\t", "\r")) else text
