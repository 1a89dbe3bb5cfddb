"""Every figure of a settlement explains itself: its parts add up to the cent, and say what was taken off."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstock.core.amounts import E4, E6
from backstock.refunds.explaining import Part, parts_of_line, parts_of_total
from backstock.refunds.settlement import Claim, Discounted, SaleMoney, TooMuch, Wish, settle
from backstock.sales.pricing import Ordered, price_lines
from tests.unit.test_settlement import settled

WHOLE = Wish()


def sold_line(quantity, price_cents, rate="0.13", mode="exclusive", line_discount=0, order=()):
    """A line that was sold alone, priced as sales price it, and billed in full."""
    tax_rate = round(float(rate) * E6)
    ordered = Ordered(quantity * E4, price_cents * 10_000, line_discount, tax_rate)
    priced = price_lines([ordered], sum(cents for _, cents in order), mode, 2)[0]
    own = [Discounted("line", "", line_discount)] if line_discount else []
    return Claim(
        line_id=1, sale_id=1, sku="A", ready_e4=0, settled_e4=0, entitled_net_cents=0, entitled_tax_cents=0,
        given_net_cents=0, given_tax_cents=0, sold_e4=quantity * E4, net_cents=priced.net_cents, tax_cents=priced.tax_cents,
        billed_net_cents=priced.net_cents, billed_tax_cents=priced.tax_cents, credited_e4=0, credited_net_cents=0,
        credited_tax_cents=0, list_cents=quantity * price_cents, tax_inside=mode == "inclusive",
        discounts=(*own, *(Discounted(kind, "", cents) for kind, cents in order)),
    )  # fmt: skip


def paid(claim, **more):
    gross = claim.net_cents + claim.tax_cents
    return SaleMoney(sale_id=1, owed_cents=0, tenders={"cash": (gross + 10**6, 0)}, shipping_left_cents=0, **more)


def given_line(claim, ready, wish=WHOLE):
    [one] = settle([replace(claim, ready_e4=ready * E4)], [paid(claim)], wish)
    return one.lines[0]


@pytest.mark.parametrize(
    ("claim", "ready", "parts"),
    [
        # ¥96.66 = 100.00 − 3.34 share of the order's discount.
        (
            sold_line(3, 10_000, "0", order=[("manual", 1_000)]), 1,
            [Part("price", 10_000), Part("discount_manual", -334)],
        ),
        (sold_line(3, 1_990), 2, [Part("price", 3_980), Part("tax", 517)]),
        (
            sold_line(2, 10_000, "0", line_discount=500, order=[("threshold", 1_000), ("coupon", 300)]), 1,
            [
                Part("price", 10_000), Part("discount_line", -250), Part("discount_threshold", -500),
                Part("discount_coupon", -150),
            ],
        ),
        # Net and tax are shared down each for itself; the later pieces take what is left.
        (sold_line(3, 1_100, "0.13", "inclusive"), 1, [Part("price", 1_100), Part("fractions", -1)]),
    ],
)  # fmt: skip
def test_a_line_says_what_it_is_made_of(claim, ready, parts):
    line = given_line(claim, ready)

    assert parts_of_line(line) == parts
    assert sum(part.cents for part in parts) == line.net_cents + line.tax_cents


def test_what_was_allowed_before_what_is_withheld_and_what_was_left_have_names_of_their_own():
    allowed = replace(
        sold_line(1, 10_000, "0"), allowed_net_cents=3_000, credited_net_cents=3_000
    )  # fmt: skip
    part = given_line(sold_line(1, 10_000, "0"), 1, Wish(amount_cents=4_000))
    again = settled(replace(sold_line(1, 10_000, "0"), ready_e4=E4), part)
    rest = settle([again], [paid(again)], Wish())[0].lines[0]

    assert parts_of_line(given_line(allowed, 1)) == [Part("price", 10_000), Part("allowed_before", -3_000)]
    assert parts_of_line(part) == [Part("price", 10_000), Part("not_now", -6_000)]
    assert parts_of_line(rest) == [Part("left_before", 6_000)]


LINE = st.builds(
    sold_line, st.integers(1, 6), st.integers(1, 20_000), st.sampled_from(["0", "0.13", "0.06"]),
    st.sampled_from(["exclusive", "inclusive"]),
    order=st.lists(st.tuples(st.sampled_from(["coupon", "threshold"]), st.integers(1, 99)), max_size=2),
)  # fmt: skip
STEPS = st.lists(st.tuples(st.integers(1, 2), st.integers(0, 30_000) | st.none(), st.integers(0, 300)), max_size=5)


@settings(max_examples=60)
@given(LINE, STEPS, st.integers(0, 2_000))
def test_whatever_happens_the_parts_add_up_and_no_more_goes_back_than_was_paid(claim, steps, allowance):
    """Returns in parts, amounts typed in, fees, and an allowance in between: every sum is the sum of its parts."""
    claim = claim if claim.net_cents >= 0 else sold_line(1, 1)
    gross, back, kept, ready = claim.net_cents + claim.tax_cents, 0, 0, 0
    net = min(allowance, claim.net_cents)
    for number, (more, amount, fee) in enumerate(steps):
        ready = min(ready + more, claim.sold_e4 // E4)
        now = replace(claim, ready_e4=ready * E4)
        if number == 1 and not claim.credited_e4:
            now = replace(now, ready_e4=0, allowance_net_cents=net)
        wish = Wish(amount_cents=amount, fee_cents=fee)
        money = SaleMoney(sale_id=1, owed_cents=0, tenders={"cash": (gross, back)}, shipping_left_cents=0)
        try:
            shares = settle([now], [money], wish)
        except TooMuch:
            continue
        parts = parts_of_total(shares, wish) if shares else []
        assert sum(part.cents for part in parts) == sum(one.total_cents for one in shares)
        for one in shares:
            line = one.lines[0]
            assert sum(part.cents for part in parts_of_line(line)) == line.net_cents + line.tax_cents
            back, kept = back + one.by.get("cash", 0), kept + one.fee_cents
            allowed = now.allowance_net_cents if now.allowance_net_cents else 0
            claim = replace(
                settled(now, line), allowance_net_cents=0, allowed_net_cents=claim.allowed_net_cents + allowed
            )
    assert back + kept <= gross
    rest = replace(claim, ready_e4=claim.sold_e4)
    money = SaleMoney(sale_id=1, owed_cents=0, tenders={"cash": (gross, back)}, shipping_left_cents=0)
    for one in settle([rest], [money], Wish()):
        back += one.total_cents
    assert back + kept == gross
