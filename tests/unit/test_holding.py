"""What is held back of a refund: a discount that is not reached any more, a gift that stays."""

from hypothesis import given
from hypothesis import strategies as st

from backstock.core.amounts import E4
from backstock.refunds.holding import Kept, Threshold, kept_gifts, lost_thresholds


def kept(sold, back, cents, off=0, **more):
    return Kept(
        sold_e4=sold * E4, back_e4=back * E4, before_cents=cents, net_cents=cents - off, tax_cents=0, **more
    )  # fmt: skip


def test_a_discount_is_lost_for_what_is_kept_once_too_little_is_kept():
    """Four pieces at 100 with 满300减50: one may go, with two left the kept ones cost their price."""
    of = [Threshold(30_000, [5_000])]

    lost = [lost_thresholds([kept(4, back, 40_000, 5_000)], of) for back in range(5)]

    assert lost == [0, 0, 2_500, 1_250, 0]


def test_the_tax_on_a_lost_discount_is_lost_with_it():
    line = Kept(sold_e4=2 * E4, back_e4=E4, before_cents=20_000, net_cents=18_000, tax_cents=2_340)

    assert lost_thresholds([line], [Threshold(20_000, [2_000])]) == 1_000 + 130


def test_a_gift_is_due_with_the_goods_it_was_given_for():
    def lines(back, gifts):
        return [kept(2, back, 20_000), kept(2, gifts, 0, is_gift=True, gift_unit_cents=1_500)]

    found = [kept_gifts(lines(back, gifts)) for back, gifts in [(0, 0), (1, 0), (1, 1), (2, 1), (2, 0), (2, 2)]]

    assert found == [0, 1_500, 0, 1_500, 3_000, 0]


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 9_999)), min_size=1, max_size=3), st.integers(0, 60_000))
def test_nothing_is_held_back_once_all_is_back(lines, threshold):
    back = [kept(n, n, cents) for n, cents in lines]

    assert lost_thresholds(back, [Threshold(threshold, [1] * len(back))]) == 0
    assert lost_thresholds([kept(n, 0, cents) for n, cents in lines], [Threshold(0, [1] * len(back))]) == 0
