"""Files in the form of Online Retail, made up line by line."""

from __future__ import annotations

from pathlib import Path

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"


def row(
    invoice, code, quantity, price, day="2011-01-04", customer="17850", country="United Kingdom", name="MUG", at="09:00"
):
    return f"{invoice},{code},{name},{quantity},{day} {at},{price},{customer},{country}"


# A week in which everything happens; the comments say what becomes of a line.
WEEK = [
    row("500001", "22001", 10, "2.550"),
    row("500001", "22002", 3, "0.335", name="THIMBLE"),  # 1.005 becomes 1.01
    row("500001", "22002", 3, "0.335", name="THIMBLE"),  # an exact repeat: kept
    row("500002", "22001", 5, "2.950", day="2011-01-05"),
    row("500003", "22003", 74215, "1.040", day="2011-01-05", customer="12346", at="10:01"),
    row("C500004", "22003", -74215, "1.040", day="2011-01-05", customer="12346", at="10:17"),  # minutes later
    row("500005", "22001", 4, "2.550", day="2011-01-05", customer=""),  # walk-in
    row("500005", "POST", 1, "18.000", day="2011-01-05", customer=""),  # not goods
    row("500006", "22004", 6, "0.000", day="2011-01-05"),  # a gift to a known customer
    row("C500007", "22001", -7, "2.550", day="2011-01-06"),  # 7 of the 10 at the same price, older than those at 2.95
    row("C500008", "22001", -9, "2.950", day="2011-01-06"),  # 5 at 2.95, 3 at 2.55, one unmatched; 3 × 0.40 too much
    row("C500009", "22009", -2, "4.000", day="2011-01-06"),  # never bought
    row("C500010", "22001", -5, "2.550", day="2011-01-06", customer=""),  # 4 of a walk-in, one unmatched
    row("C500010", "M", -1, "9.990", day="2011-01-06", customer=""),  # not goods
    row("500011", "22001", -8, "0.000", day="2011-01-06", customer="", name="damaged"),  # write-off
    row("500012", "22001", 2, "0.000", day="2011-01-06", customer="", name="found"),  # stock correction
    row("500013", "22005", 8, "1.250", day="2011-01-07", country="EIRE", customer="", name='"BOX, RED ""A"""'),
    row("C500014", "22005", -1, "1.000", day="2011-01-07", country="EIRE", customer=""),  # at less than was paid
]

BAD = [
    "500020,22001,MUG,6",  # columns
    row("500020", "22001", "six", "2.550"),
    row("500020", "22001", "2.5", "2.550"),
    row("500020", "22001", 6, "NaN"),
    row("500020", "22001", 6, "Infinity"),
    row("500020", "22001", 6, "1e3"),
    row("500020", "22001", 6, "2.5555"),
    row("500020", "22001", "=1+1", "2.550"),
    row("500020", "22001", 6, "2.550", name="=HYPERLINK(1)"),
    row("500020", "22001", 6, "2.550", day="2011-13-41"),
    row("500020", "22001", 6, "2.550", day="2999-01-01"),
    row("500020", "22001", 999_999_999, "2.550"),
    row("500020", "22001", 10**30, "2.550"),
    row("500020", "22001", 6, "2000000.000"),
    row("500020", "22001", 0, "2.550"),
    row("500020", "22001", 6, "-11062.060"),
    row("500020", "22001", 6, "2.550", customer="no body"),
    row("500020", "22001", 6, "2.550", country="1"),
    row("500020", "", 6, "2.550"),
    row("A500020", "22001", 1, "2.550"),
    row("C500020", "22001", 6, "2.550"),
    row("500020", "22001", -6, "2.550"),
    row("500020", "22\x00001", 6, "2.550"),
    row("500020", "22001", 6, "2.550", name='"never closed'),
    row("500020", "22001", 6, "2.550", name="x" * 20_000),
]
NOT_UTF8 = row("500020", "22001", 6, "2.550").encode().replace(b"MUG", b"M\xfcG")


def written(folder: Path, lines: list[str], name: str = "sales.csv", more: bytes = b"") -> Path:
    file = folder / name
    file.write_bytes("\n".join([HEADER, *lines, ""]).encode() + more)
    return file
