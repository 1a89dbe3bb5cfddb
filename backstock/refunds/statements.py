"""Read the refunds of a gateway's or bank's statement from a file (csv, UTF-8 or GB18030).

The columns are found by their names: ours, or those of the bills of Alipay (业务明细), WeChat Pay (退款账单) and Stripe
(refunds). The names of the gateways are as their documents have them and were not tried with a real bill.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from backstock.core.amounts import scaled
from backstock.core.errors import InvalidInput
from backstock.refunds.reconciliation import Outcome, Theirs

MOST_ROWS: Final = 10_000
NAMES: Final[Mapping[str, Sequence[str]]] = {
    "key": ("key", "退款单号", "商户退款单号", "退款批次号/请求号", "backstock_key (metadata)"),
    "reference": ("reference", "渠道单号", "微信退款单号", "支付宝交易号", "id"),
    "amount": ("amount", "金额", "退款金额", "商家实收（元）"),
    "status": ("status", "状态", "退款状态"),
    "day": ("day", "日期", "退款成功时间", "完成时间", "created (utc)"),
    "kind": ("业务类型",),
}
OUTCOMES: Final[Mapping[str, Outcome]] = {
    "": "paid", "paid": "paid", "success": "paid", "succeeded": "paid", "成功": "paid", "已付": "paid", "退款成功": "paid",
    "failed": "failed", "fail": "failed", "change": "failed", "canceled": "failed", "失败": "failed", "已关闭": "failed",
    "pending": "pending", "processing": "pending", "处理中": "pending",
}  # fmt: skip


def read_statement(content: bytes, digits: int) -> list[Theirs]:
    """Return the refunds of a statement in the order of the file; raise InvalidInput naming the row that cannot be read."""
    try:
        rows = list(csv.reader(io.StringIO(_text(content), newline="")))
    except csv.Error as error:
        raise InvalidInput(field="file", problem=f"no table: {error}"[:100]) from None
    places, start = _header(rows)
    found = []
    for n, row in enumerate(rows[start:], start + 1):
        cells = {name: _cell(row, place) for name, place in places.items()}
        # Totals below the table, payments among the refunds.
        if cells["key"] in ("", "0") or cells.get("kind", "退款") != "退款" or len(row) <= max(places.values()):
            continue
        found.append(_line(n, cells, digits))
        if len(found) > MOST_ROWS:
            raise InvalidInput(field="file", problem=f"more than {MOST_ROWS} refunds")
    if not found:
        raise InvalidInput(field="file", problem="no refunds in it")
    return found


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidInput(field="file", problem="neither UTF-8 nor GB18030")


def _cell(row: Sequence[str], place: int) -> str:
    # WeChat begins every cell with a backtick, Alipay ends them with a tab.
    return row[place].strip().lstrip("`").strip() if place < len(row) else ""


def _header(rows: Sequence[Sequence[str]]) -> tuple[dict[str, int], int]:
    """Find the row of names: Alipay puts a few lines before it."""
    for n, row in enumerate(rows[:30]):
        names = [cell.strip().lower() for cell in row]
        places = {
            field: names.index(wanted)
            for field, known in NAMES.items()
            for wanted in reversed(known)
            if wanted in names
        }
        if {"key", "amount", "day"} <= places.keys():
            return places, n + 1
    raise InvalidInput(field="file", problem="no header with key, amount and day (退款单号, 金额, 日期)")


def _line(n: int, cells: Mapping[str, str], digits: int) -> Theirs:
    try:
        amount_cents = abs(scaled(re.sub(r"[,¥￥]", "", cells["amount"]), digits))
        happened_on = _day(cells["day"])
        outcome = OUTCOMES[cells.get("status", "").lower()]
    except (ValueError, KeyError) as error:
        raise InvalidInput(field="file", problem=f"row {n}: {str(error)[:100]}") from None
    if not amount_cents:
        raise InvalidInput(field="file", problem=f"row {n}: an amount of nothing")
    return Theirs(
        position=n, key=cells["key"][:100], reference=cells.get("reference", "")[:100], amount_cents=amount_cents,
        outcome=outcome, happened_on=happened_on,
    )  # fmt: skip


def _day(text: str) -> date:
    parts = re.match(r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})", text)
    if parts is None:
        return datetime.strptime(text, "%Y%m%d").date()
    return date(int(parts[1]), int(parts[2]), int(parts[3]))
