"""What is owed for a return, and by which means it goes back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstock.core.amounts import E4, share
from backstock.refunds.settlement import Claim, SaleMoney, TooMuch, Wish, allowances, settle, worth_now


def claim(ready=1, of=3, net=10_000, tax=1_300, line_id=1, sale_id=1, **more):
    """`ready` of `of` units of a line that was billed in full have come far enough."""
    given = {
        "line_id": line_id, "sale_id": sale_id, "sku": "A", "ready_e4": ready * E4, "settled_e4": 0,
        "entitled_net_cents": 0, "entitled_tax_cents": 0, "given_net_cents": 0, "given_tax_cents": 0,
        "sold_e4": of * E4, "net_cents": net, "tax_cents": tax, "billed_net_cents": net, "billed_tax_cents": tax,
        "credited_e4": 0, "credited_net_cents": 0, "credited_tax_cents": 0,
    }  # fmt: skip
    return Claim(**(given | more))


def money(tenders=None, owed=0, shipping=0, due=0, sale_id=1):
    tenders = {"cash": (11_300, 0)} if tenders is None else tenders
    return SaleMoney(
        sale_id=sale_id, owed_cents=owed, tenders=tenders, shipping_left_cents=shipping, shipping_cents=shipping,
        shipping_due_cents=due,
    )  # fmt: skip


def settled(each, line):
    """The claim of the same line after this settlement of it."""
    return replace(
        each,
        settled_e4=each.settled_e4 + line.quantity_e4,
        entitled_net_cents=each.entitled_net_cents + line.worth_net_cents,
        entitled_tax_cents=each.entitled_tax_cents + line.worth_tax_cents,
        given_net_cents=each.given_net_cents + line.net_cents,
        given_tax_cents=each.given_tax_cents + line.tax_cents,
        credited_e4=each.credited_e4 + line.quantity_e4,
        credited_net_cents=each.credited_net_cents + line.worth_net_cents,
        credited_tax_cents=each.credited_tax_cents + line.worth_tax_cents,
    )


@pytest.mark.parametrize(("ready", "worth"), [(0, (0, 0)), (1, (3_333, 433)), (2, (6_666, 866)), (3, (10_000, 1_300))])
def test_units_are_worth_the_floor_of_their_share(ready, worth):
    assert worth_now(claim(ready)) == (ready * E4, *worth)


def test_what_was_given_before_is_taken_off_so_that_the_last_piece_takes_the_rest():
    last = claim(3, settled_e4=2 * E4, credited_e4=2 * E4, credited_net_cents=6_666, credited_tax_cents=866)

    assert worth_now(last) == (E4, 3_334, 434)


def test_what_was_never_billed_is_never_credited():
    unbilled = claim(1, of=3, billed_net_cents=0, billed_tax_cents=0)
    part_billed = claim(2, of=3, billed_net_cents=6_666, billed_tax_cents=866)  # two of three were billed, one is kept

    assert worth_now(unbilled) == (E4, 0, 0)
    assert worth_now(part_billed) == (2 * E4, 3_332, 432)
    assert settle([unbilled], [money()], Wish()) == []


@given(st.integers(0, 10**9), st.integers(0, 10**8), st.lists(st.integers(1, 50), min_size=1, max_size=8))
def test_any_sequence_of_partial_refunds_sums_to_the_cent(net, tax, parts):
    whole, done = sum(parts), 0
    each = claim(0, of=whole, net=net, tax=tax)
    paid = back = 0
    for part in parts:
        done += part
        shares = settle([replace(each, ready_e4=done * E4)], [money({"cash": (net + tax, paid)})], Wish())
        for one in shares:
            each, back = settled(each, one.lines[0]), back + one.by.get("cash", 0)
            paid = back
            assert each.given_net_cents == share(net, done, whole)
            assert each.given_tax_cents == share(tax, done, whole)
    assert back == net + tax


TENDERS = st.lists(st.integers(1, 10**6), min_size=1, max_size=4)


@given(TENDERS, st.integers(0, 10**6), st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_no_tender_ever_gives_back_more_than_it_gave(paid, owed, parts):
    total = sum(paid) + owed
    each = claim(0, of=sum(parts), net=total, tax=0)
    refunded, left, done = dict.fromkeys(range(len(paid)), 0), owed, 0
    for part in parts:
        done += part
        tenders = {f"t{n}": (cents, refunded[n]) for n, cents in enumerate(paid)}
        for one in settle([replace(each, ready_e4=done * E4)], [money(tenders, left)], Wish()):
            each = settled(each, one.lines[0])
            assert list(one.by)[:1] == ["receivable"] or not left  # what was not paid is forgiven first
            left -= one.by.get("receivable", 0)
            for n in refunded:
                refunded[n] += one.by.get(f"t{n}", 0)
            assert sum(one.by.values()) == one.total_cents
            assert all(refunded[n] <= cents for n, cents in enumerate(paid))
    assert (left, list(refunded.values())) == (0, paid)


@pytest.mark.parametrize(
    ("tenders", "cents", "by"),
    [
        ({"cash": (6_000, 0), "card": (4_000, 0)}, 5_000, {"cash": 3_000, "card": 2_000}),
        ({"cash": (6_000, 0), "card": (4_000, 0)}, 10_000, {"cash": 6_000, "card": 4_000}),
        ({"a": (3_333, 0), "b": (3_333, 0), "c": (3_334, 0)}, 100, {"a": 33, "b": 33, "c": 34}),
        ({"cash": (6_000, 6_000), "card": (4_000, 0)}, 3_000, {"card": 3_000}),
        ({"cash": (6_000, 0), "card": (0, 0)}, 100, {"cash": 100}),
    ],
)
def test_money_goes_back_as_it_was_paid(tenders, cents, by):
    [share_of_sale] = settle([claim(1, of=1, net=cents, tax=0)], [money(tenders)], Wish())

    assert share_of_sale.by == by


def test_the_open_receivable_of_the_sale_comes_first():
    [one] = settle([claim(1, of=1, net=10_000, tax=0)], [money({"cash": (6_000, 0)}, owed=4_000)], Wish())

    assert one.by == {"receivable": 4_000, "cash": 6_000}


@pytest.mark.parametrize(
    ("wish", "what", "asked", "left"),
    [
        (Wish(amount_cents=10_001), "return", 10_001, 10_000),
        (Wish(fee_cents=10_001), "return", 10_001, 10_000),
        (Wish(fee_cents=1, amount_cents=10_000), "return", 10_000, 9_999),
        (Wish(shipping_cents=1), "shipping", 1, 0),
        (Wish(tenders={"cash": 10_000}), "cash", 10_000, 6_000),
        (Wish(tenders={"card": 5_000}), "card", 5_000, 0),
        (Wish(tenders={"cash": 5_000, "store_credit": 5_001}), "return", 10_001, 10_000),
        (Wish(to="original"), "original", 10_000, 6_000),
        (Wish(to="cash"), "cash", 10_000, 6_000),
        (Wish(to="card"), "card", 10_000, 0),
    ],
)
def test_too_much_is_refused_with_what_is_left(wish, what, asked, left):
    with pytest.raises(TooMuch) as much:
        settle([claim(1, of=1, net=10_000, tax=0)], [money({"cash": (6_000, 0)})], wish)
    assert (much.value.what, much.value.asked_cents, much.value.left_cents) == (what, asked, left)


@pytest.mark.parametrize(
    ("wish", "total", "fee", "by"),
    [
        (Wish(), 11_300, 0, {"cash": 11_300}),
        (Wish(amount_cents=5_000), 5_000, 0, {"cash": 5_000}),
        (Wish(fee_cents=300), 11_000, 300, {"cash": 11_000}),
        (Wish(fee_cents=300, return_shipping_cents=100), 10_900, 400, {"cash": 10_900}),
        (Wish(fee_cents=300, amount_cents=1_000), 1_000, 300, {"cash": 1_000}),
        (Wish(to="store_credit"), 11_300, 0, {"store_credit": 11_300}),
        (Wish(tenders={"cash": 300, "store_credit": 1_000}), 1_300, 0, {"cash": 300, "store_credit": 1_000}),
    ],
)
def test_what_is_typed_in_counts(wish, total, fee, by):
    [one] = settle([claim(3)], [money()], wish)

    assert (one.total_cents, one.fee_cents, one.by) == (total, fee, by)
    assert one.goods_cents + one.tax_cents + one.shipping_cents - one.fee_cents == total


def test_the_fee_of_the_policy_is_a_part_of_goods_and_tax():
    [one] = settle([claim(3, fee_e6=100_000)], [money(shipping=500, due=500)], Wish())

    assert (one.fee_cents, one.total_cents) == (1_130, 11_300 + 500 - 1_130)


def test_two_sales_each_give_back_their_own():
    claims = [claim(1, of=1, net=100, tax=0), claim(1, of=1, net=300, tax=0, line_id=2, sale_id=2)]
    sales = [money({"cash": (100, 0)}), money({"card": (300, 0)}, sale_id=2)]

    shares = settle(claims, sales, Wish(fee_cents=40))

    assert [(one.sale_id, one.fee_cents, one.by) for one in shares] == [(1, 10, {"cash": 90}), (2, 30, {"card": 270})]


def test_a_fee_never_takes_more_from_a_sale_than_it_gives_back():
    claims = [claim(1, of=1, net=net, tax=0, line_id=n, sale_id=n) for n, net in enumerate([100, 100, 1], 1)]
    sales = [money({"cash": (net, 0)}, sale_id=n) for n, net in enumerate([100, 100, 1], 1)]

    shares = settle(claims, sales, Wish(fee_cents=200))

    assert [one.total_cents for one in shares] == [1, 0, 0]
    assert [sum(one.by.values()) for one in shares] == [1, 0, 0]


def test_an_allowance_makes_goods_that_come_back_later_worth_that_much_less():
    allowed = claim(0, of=2, net=20_000, tax=0, allowance_net_cents=4_000)
    [one] = settle([allowed], [money({"cash": (20_000, 0)})], Wish())
    later = claim(1, of=2, net=20_000, tax=0, allowed_net_cents=4_000, credited_net_cents=4_000)
    last = claim(
        2, of=2, net=20_000, tax=0, settled_e4=E4, credited_e4=E4, allowed_net_cents=4_000, credited_net_cents=12_000
    )

    assert (one.lines[0].quantity_e4, one.total_cents) == (0, 4_000)
    assert [worth_now(later), worth_now(last)] == [(E4, 8_000, 0), (E4, 8_000, 0)]


def test_an_allowance_is_shared_by_what_lines_have_left_and_never_exceeds_it():
    assert allowances(1_130, [(1_000, 130), (3_000, 390)]) == [(250, 32), (751, 97)]
    assert allowances(9_999, [(1_000, 130), (0, 0)]) == [(1_000, 130), (0, 0)]


def test_cash_is_rounded_to_the_coin_where_all_was_paid_in_cash():
    [coins] = settle([claim(1, of=1, net=1_003, tax=0)], [money({"cash": (1_005, 0)})], Wish(coin_cents=5))
    [card] = settle([claim(1, of=1, net=1_003, tax=0)], [money({"card": (1_003, 0)})], Wish(coin_cents=5))

    assert (coins.by, coins.rounding_cents) == ({"cash": 1_005}, -2)
    assert (card.by, card.rounding_cents) == ({"card": 1_003}, 0)


LINES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 10**6), st.integers(0, 10**5)), min_size=1, max_size=4)
SMALL = st.integers(0, 10**4)


@given(LINES, st.integers(0, 10**7), SMALL, SMALL)
def test_an_amount_is_given_exactly_and_no_line_gets_more_than_its_worth(lines, amount, shipping, fee):
    claims = [claim(ready, of=5, net=net, tax=tax, line_id=n) for n, (ready, net, tax) in enumerate(lines)]
    value = sum(sum(worth_now(each)[1:]) for each in claims) + shipping
    wish, paid = Wish(amount_cents=amount, fee_cents=fee), money({"cash": (10**9, 0)}, shipping=shipping, due=shipping)
    if value and amount > value - fee:
        with pytest.raises(TooMuch):
            settle(claims, [paid], wish)
        return

    for one in settle(claims, [paid], wish):
        assert one.total_cents == amount == sum(one.by.values())
        assert all(0 <= line.net_cents <= line.left_net_cents for line in one.lines)
        assert all(0 <= line.tax_cents <= line.left_tax_cents for line in one.lines)


def test_a_part_of_the_worth_gives_no_line_more_than_it_has():
    # Floors of 1,400 over three lines of 500 and one of 1 leave two cents for the last, which has only one.
    claims = [claim(1, of=1, net=net, tax=0, line_id=n) for n, net in enumerate((500, 500, 500, 1), 1)]

    [given_back] = settle(claims, [money()], Wish(amount_cents=1_400))

    assert [line.net_cents for line in given_back.lines] == [466, 466, 467, 1]
    assert given_back.total_cents == 1_400
