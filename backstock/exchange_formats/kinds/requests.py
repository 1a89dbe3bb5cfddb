"""Wishes of customers from a file: a shop's or a marketplace's list of what is asked back; lines of one number are one request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from backstock.core.commands import Input
from backstock.exchange_formats.kinds.history import OPEN_RETURNS, nothing, request_of, sales_by_reference
from backstock.exchange_formats.kinds.kind import NOTE, Column, Entry, Kind, Row, Step, grouped
from backstock.returns.commands.request import RequestReturn, request_return

# What a request says of the columns that returns on their way have; at which step it is needs no column.
SAID = (
    "reference", "sale", "customer", "requested_on", "type", "sku", "quantity_e4", "unit", "lot", "serial", "reason",
    "unit_price_e6", "unit_cost_e6",
)  # fmt: skip


def _requests(rows: Sequence[Row], on: date) -> Iterator[Entry]:
    sales = sales_by_reference(row["sale"] for row in rows)
    for lines in grouped(rows, "reference"):
        yield Entry(lines, [Step(request_return, _noted(lines, request_of(lines, on, sales)))])


def _noted(lines: Sequence[Row], make: Callable[[str], Input]) -> Callable[[str], Input]:
    """Let the notes of the lines go along as the request's own."""
    note = "\n".join(dict.fromkeys(str(row["note"]) for row in lines if row["note"]))[:2000]

    def noted(document: str) -> Input:
        asked = make(document)
        return RequestReturn(**{**asked.__dict__, "note": note}) if note else asked

    return noted


RETURN_REQUESTS = Kind(
    key="return-requests", zh="退货申请", en="Return requests", existing=nothing, entries=_requests,
    commands=("returns.request",), is_personal=True,
    about_zh="店铺或平台导出的退货申请。同一申请号的行是一张申请，可含多张原单；政策照常审批。没有原单就填客户、单价和成本。",
    about_en="What customers ask back, from a shop or marketplace. Lines with the same number are one request, over several sales if need be; the policy decides as always. Without a sale state customer, price and cost.",
    columns=(
        *(column for key in SAID for column in OPEN_RETURNS.columns if column.key == key),
        Column(key="note", zh="客户留言", en="Customer's words", form=NOTE, note_zh="可含个人信息，日后可清除", note_en="May hold personal data; it can be erased"),
    ),
)  # fmt: skip
