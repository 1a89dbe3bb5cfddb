"""A cancellation takes back the customer's own earlier purchases, newest first, the same price preferred."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstock.exchange_formats.online_retail.lines import Line
from backstock.exchange_formats.online_retail.plan import cents, opening_pieces, plan_days, unit_costs_e6


def lines(*given):
    """Lines as (day of January, invoice, quantity, price in thousandths, customer, code)."""
    full = [(*each, "ANN", "MUG")[:6] if len(each) == 4 else (*each, "MUG")[:6] for each in given]
    return [
        Line(number, invoice, code, quantity, price_e3, date(2011, 1, day), customer, "EIRE")
        for number, (day, invoice, quantity, price_e3, customer, code) in enumerate(full, 2)
    ]


def matches(*given):
    """Each cancellation as (sale, position, pieces) parts and the pieces that no sale is found for."""
    found = [each for day in plan_days(lines(*given)) for each in day.cancellations]
    return [
        (
            [(part.sale.number, part.position, part.pieces) for part in each.matched if part.sale],
            sum(part.pieces for part in each.blind),
        )
        for each in found
    ]


@pytest.mark.parametrize(
    ("given", "matched", "blind"),
    [
        ([(1, "1", 5, 100), (2, "C2", -2, 100)], [("1", 1, 2)], 0),
        ([(1, "1", 5, 100), (2, "2", 5, 100), (3, "C3", -6, 100)], [("2", 1, 5), ("1", 1, 1)], 0),
        ([(1, "1", 5, 100), (2, "2", 5, 90), (3, "C3", -2, 100)], [("1", 1, 2)], 0),
        ([(1, "1", 5, 100), (2, "2", 5, 90), (3, "C3", -7, 100)], [("1", 1, 5), ("2", 1, 2)], 0),
        ([(1, "1", 5, 100), (2, "2", 5, 90), (3, "C3", -7, 80)], [("2", 1, 5), ("1", 1, 2)], 0),
        ([(1, "1", 5, 100), (2, "C2", -9, 100)], [("1", 1, 5)], 4),
        ([(1, "C1", -2, 100), (2, "2", 5, 100)], [], 2),
        ([(1, "C1", -2, 100), (1, "2", 5, 100)], [], 2),
        ([(1, "1", 5, 100), (1, "C1", -2, 100)], [("1", 1, 2)], 0),
        ([(2, "C2", -2, 100), (1, "1", 5, 100)], [("1", 1, 2)], 0),
        ([(1, "1", 5, 100, "BOB"), (2, "C2", -2, 100)], [], 2),
        ([(1, "1", 5, 100, "ANN", "CUP"), (2, "C2", -2, 100)], [], 2),
        ([(1, "1", 5, 100), (1, "1", 3, 100), (2, "C2", -4, 100)], [("1", 2, 3), ("1", 1, 1)], 0),
        ([(1, "1", 74215, 1040), (1, "C1", -74215, 1040)], [("1", 1, 74215)], 0),
    ],
    ids=[
        "its purchase",
        "newest first",
        "same price before newer",
        "same price, then others",
        "newest of other prices",
        "never more than was bought",
        "not a later day",
        "not further down",
        "further up on the same day",
        "an earlier day further down",
        "another customer's",
        "another code",
        "two lines of one invoice",
        "all of it at once",
    ],
)
def test_matching(given, matched, blind):
    assert matches(*given) == [(matched, blind)]


def test_what_was_taken_back_is_gone():
    bought = [(1, "1", 5, 100), (2, "C2", -4, 100), (3, "C3", -4, 100)]
    assert matches(*bought) == [([("1", 1, 4)], 0), ([("1", 1, 1)], 3)]


def test_days_come_in_order_and_sales_before_returns():
    days = plan_days(lines((3, "C1", -1, 100), (1, "2", 1, 100), (3, "3", 1, 100)))
    assert [(day.on.day, [s.number for s in day.sales], [c.invoice.number for c in day.cancellations]) for day in days] == [
        (1, ["2"], []),
        (3, ["3"], ["C1"]),
    ]  # fmt: skip


def test_an_invoice_of_two_customers_or_days_is_two_sales():
    days = plan_days(lines((1, "1", 1, 100), (1, "1", 1, 100, "BOB"), (2, "1", 1, 100)))
    assert [(sale.number, sale.customer) for day in days for sale in day.sales] == [
        ("1", "ANN"),
        ("1", "BOB"),
        ("1", "ANN"),
    ]


def test_worth_is_a_cumulative_share_of_what_was_sold():
    # 3 × 0.335 is 1.005, sold at 1.01; one piece after the other gives 0.33, 0.34, 0.34.
    days = plan_days(lines((1, "1", 3, 335), (2, "C2", -1, 335), (3, "C3", -1, 335), (4, "C4", -1, 335)))
    assert [c.worth_cents for day in days for c in day.cancellations] == [33, 34, 34]


def test_content_tells_invoices_apart():
    first, second, third = (
        plan_days(lines(*given))[0].sales[0].content
        for given in ([(1, "1", 1, 100)], [(1, "1", 2, 100)], [(2, "9", 1, 100)])
    )
    assert first != second
    assert first == third


def test_opening_stock_is_all_pieces_sold_at_60_percent_of_the_lowest_price():
    given = lines((1, "1", 5, 1050), (1, "1", 2, 0), (2, "C2", -3, 1000), (3, "3", 4, 2000))
    sales = [sale for day in plan_days(given) for sale in day.sales]
    assert opening_pieces(sales) == {"MUG": 11}
    assert unit_costs_e6(given) == {"MUG": 600_000}


@given(
    st.lists(
        st.tuples(
            st.integers(1, 5), st.sampled_from("123"), st.integers(-20, 20).filter(bool), st.sampled_from([100, 335]),
            st.sampled_from(["ANN", "BOB"]), st.sampled_from(["MUG", "CUP"]),
        ),
        max_size=25,
    )
)  # fmt: skip
def test_whatever_the_file_says_no_more_comes_back_than_went_out(given):
    found = lines(*[(day, f"C{no}" if quantity < 0 else no, quantity, *rest) for day, no, quantity, *rest in given])
    cancellations = [each for day in plan_days(found) for each in day.cancellations]
    back: dict[int, int] = {}
    for part in (part for each in cancellations for part in each.matched):
        assert part.sold is not None
        assert (part.sold.code, part.sold.customer) == (part.line.code, part.line.customer)
        assert (part.sold.on, part.sold.number) < (part.line.on, part.line.number)
        back[part.sold.number] = back.get(part.sold.number, 0) + part.pieces
    sold = {line.number: line.quantity for line in found if line.quantity > 0}
    assert all(pieces <= sold[number] for number, pieces in back.items())
    cancelled = -sum(line.quantity for line in found if line.quantity < 0)
    assert cancelled == sum(part.pieces for each in cancellations for part in (*each.matched, *each.blind))


@pytest.mark.parametrize(("amount_e3", "rounded"), [(1005, 101), (1004, 100), (-1005, -101), (0, 0)])
def test_thousandths_are_rounded_half_up(amount_e3, rounded):
    assert cents(amount_e3) == rounded
