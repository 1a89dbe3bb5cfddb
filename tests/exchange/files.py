"""Files as other programs write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import openpyxl

from backstock.exchange_formats import runs
from backstock.exchange_formats.kinds import KINDS
from backstock.exchange_formats.models import ImportRun

GUANJIAPO = [
    ["商品库存一览表"],
    ["商品编号", "商品全名", "规格", "基本单位", "零售价", "商品分类", "备用"],
    ["CUP", "青花瓷茶杯", "200ml", "个", "￥39.90", "茶具", ""],
    ["POT ", "紫砂壶", "", "把", "1,250.00", "茶具", ""],
    ["合计", "", "", "", "", "", ""],
]


def as_csv(rows: Sequence[Sequence[Any]], encoding: str = "utf-8-sig") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Sequence[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def checked(kind: str, content: bytes, name: str = "file.csv", source: str = "", **more: Any) -> ImportRun:
    """Bring a file as far as its dry run."""
    run = runs.upload(KINDS[kind], name, content, None, source, **more)
    runs.choose(run, run.places)
    assert runs.work_off()
    run.refresh_from_db()
    return run


def imported(kind: str, content: bytes, name: str = "file.csv", leave_out: bool = False, **more: Any) -> ImportRun:
    """Bring a file in."""
    run = checked(kind, content, name, **more)
    assert leave_out or run.problems == [], run.problems
    runs.accept(run, leave_out)
    assert runs.work_off()
    run.refresh_from_db()
    return run
