"""Every line of an Online Retail file is understood, or reported with its reason."""

from datetime import date

import pytest

from backstock.exchange_formats.errors import NotThisFormat
from backstock.exchange_formats.online_retail.lines import REASONS, Line, Reported, understand
from backstock.exchange_formats.online_retail.reader import rows_of
from tests.imports.made_up import BAD, HEADER, NOT_UTF8, WEEK, row, written

LATEST = date(2020, 1, 1)


def understood(folder, lines, more=b""):
    rows = rows_of(written(folder, lines, more=more))
    return [understand(each.number, each.fields, each.problem, LATEST) for each in rows]


@pytest.mark.parametrize(
    ("line", "reason", "amount_e3"),
    [
        ("500020,22001,MUG,6", "columns", None),
        (row("500020", "22001", 6, "2.550") + ",more", "columns", None),
        (row("500020", "22001", "six", "2.550"), "quantity_not_whole", None),
        (row("500020", "22001", "2.5", "2.550"), "quantity_not_whole", None),
        (row("500020", "22001", "", "2.550"), "quantity_not_whole", None),
        (row("500020", "22001", 10**30, "2.550"), "quantity_not_whole", None),
        (row("500020", "22001", 6, "NaN"), "price_not_a_number", None),
        (row("500020", "22001", 6, "Infinity"), "price_not_a_number", None),
        (row("500020", "22001", 6, "1e3"), "price_not_a_number", None),
        (row("500020", "22001", 6, "2.5555"), "price_not_a_number", None),
        (row("500020", "22001", "=1+1", "2.550"), "formula", None),
        (row("500020", "22001", 6, "@SUM(A1)"), "formula", None),
        (row("500020", "22001", 6, "2.550", name="=HYPERLINK(1)"), "formula", 15_300),
        (row("500020", "22001", 6, "2.550", name='" +cmd|x"'), "formula", 15_300),
        (row("500020", "22001", 6, "2.550", day="2011-13-41"), "date", 15_300),
        (row("500020", "22001", 6, "2.550", day="04/01/2011"), "date", 15_300),
        (row("500020", "22001", 6, "2.550", day="2020-01-02"), "date", 15_300),
        (row("500020", "22001", 6, "2.550", day="1989-12-31"), "date", 15_300),
        (row("500020", "22001", 1_000_001, "0.001"), "absurd", 1_000_001),
        (row("500020", "22001", 1, "1000000.001"), "absurd", 1_000_000_001),
        (row("500020", "22001", 0, "2.550"), "quantity_zero", 0),
        (row("500020", "22001", 1, "-11062.060"), "negative_price", -11_062_060),
        (row("500020", "22001", 6, "2.550", customer="no body"), "customer", 15_300),
        (row("500020", "22001", 6, "2.550", country="1"), "country", 15_300),
        (row("500020", "", 6, "2.550"), "code", 15_300),
        (row("A500020", "22001", 1, "2.550"), "invoice", 2_550),
        (row("C500020", "22001", 6, "2.550"), "positive_cancellation", 15_300),
        (row("500020", "22001", -6, "2.550"), "negative_sale", -15_300),
        (row("500020", "22001", -6, "0.000"), "write_off", 0),
        (row("500020", "22001", 6, "0.000", customer=""), "stock_correction", 0),
        (row("500020", "22\x00001", 6, "2.550"), "control_character", None),
        (row("500020", "22001", 6, "2.550", name="a\tb"), "control_character", None),
        (row("500020", "22001", 6, "2.550", name='"never closed'), "quotes", None),
        (row("500020", "22001", 6, "2.550", name="x" * 20_000), "too_long", None),
        *[
            (row("500020", code, 2, "1.500"), "not_goods", 3_000)
            for code in (
                "POST",
                "m",
                "D",
                "BANK CHARGES",
                "AMAZONFEE",
                "gift_0001_20",
                "C2",
                "DOT",
                "S",
                "PADS",
                "CRUK",
            )
        ],
    ],
)
def test_is_reported(tmp_path, line, reason, amount_e3):
    [found] = understood(tmp_path, [line])
    assert isinstance(found, Reported)
    assert (found.reason, found.amount_e3, found.number) == (reason, amount_e3, 2)
    assert found.reason in REASONS


def test_bytes_that_are_not_utf8_are_reported(tmp_path):
    [found] = understood(tmp_path, [], more=NOT_UTF8 + b"\n")
    assert isinstance(found, Reported)
    assert found.reason == "encoding"


@pytest.mark.parametrize(
    ("line", "placed"),
    [
        (row("500001", "22001", 10, "2.550"), ("500001", "22001", 10, 2550, "17850", "United Kingdom")),
        (row("C500001", "85123a", -1, "2.55"), ("C500001", "85123a", -1, 2550, "17850", "United Kingdom")),
        (row("500001", "22001", "+3", "2"), ("500001", "22001", 3, 2000, "17850", "United Kingdom")),
        (row("500001", "DCGSSGIRL", "3.0", "2.5500"), ("500001", "DCGSSGIRL", 3, 2550, "17850", "United Kingdom")),
        (row("500001", "22001", 1, "1", customer="17850.0"), ("500001", "22001", 1, 1000, "17850", "United Kingdom")),
        (row("500001", "22001", 1, "1", customer=""), ("500001", "22001", 1, 1000, "WALK-IN UNITED KINGDOM", "United Kingdom")),
        (row("500001", "22001", 1, "1", country=""), ("500001", "22001", 1, 1000, "17850", "Unspecified")),
        (row("500001", "22001", 1, "1", name='"a, ""b"""'), ("500001", "22001", 1, 1000, "17850", "United Kingdom")),
        (row("500001", "22001", 1, "1", name='"a\nb"'), ("500001", "22001", 1, 1000, "17850", "United Kingdom")),
        (row("500001", "22001", 1, "0.000"), ("500001", "22001", 1, 0, "17850", "United Kingdom")),
    ],
)  # fmt: skip
def test_is_placed(tmp_path, line, placed):
    [found] = understood(tmp_path, [line])
    assert isinstance(found, Line)
    assert (found.invoice, found.code, found.quantity, found.price_e3, found.customer, found.country) == placed
    assert found.on == date(2011, 1, 4)


def test_lines_keep_the_numbers_that_a_text_editor_shows(tmp_path):
    lines = [row("500001", "22001", 1, "1", name='"a\nb"'), "", row("500001", "22001", 1, "x"), 'odd " one', WEEK[0]]
    assert [found.number for found in understood(tmp_path, lines)] == [2, 5, 6, 7]


def test_an_open_quote_swallows_no_other_line(tmp_path):
    lines = [row("500001", "22001", 1, "1", name='"open')] + [WEEK[0]] * 8
    found = understood(tmp_path, lines)
    assert [type(each) for each in found] == [Reported] + [Line] * 8


def test_columns_may_stand_in_another_order(tmp_path):
    file = tmp_path / "other.csv"
    names = HEADER.split(",")
    file.write_text(
        "\ufeff" + ",".join(reversed(names)) + ",Extra\r\n" + ",".join(reversed(WEEK[0].split(","))) + ",x\r\n"
    )
    [found] = [understand(each.number, each.fields, each.problem, LATEST) for each in rows_of(file)]
    assert isinstance(found, Line)
    assert (found.invoice, found.quantity) == ("500001", 10)


@pytest.mark.parametrize(
    "content",
    [b"", b"hello\n", b"a;b;c\n", b"\x00\xff\xfe", b"PK\x03\x04rest", b"\x1f\x8b broken", HEADER[:-8].encode()],
    ids=["empty", "text", "semicolons", "bytes", "zip", "broken gzip", "a column short"],
)
def test_another_file_is_refused(tmp_path, content):
    file = tmp_path / "other.csv"
    file.write_bytes(content)
    with pytest.raises(NotThisFormat):
        list(rows_of(file))


def test_every_bad_line_of_the_made_up_file_is_reported(tmp_path):
    assert {type(each) for each in understood(tmp_path, BAD, more=NOT_UTF8)} == {Reported}
