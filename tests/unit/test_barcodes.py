"""A barcode of a trade item ends in the right digit; any other code is the house's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstock.catalog.barcodes import GTIN_LENGTHS, check_digit, is_valid


@pytest.mark.parametrize("code", ["6901028075831", "4006381333931", "96385074", "036000291452", "10012345678902"])
def test_codes_printed_on_real_goods_are_valid(code):
    assert is_valid(code)


@pytest.mark.parametrize("code", ["6901028075832", "96385075", "036000291453"])
def test_a_wrong_last_digit_is_found(code):
    assert not is_valid(code)


@pytest.mark.parametrize(
    "code", ["A-1", "123", "123456789", "12345678901", "二二二二二二二二", "１２３４５６７８", "1234567x"]
)
def test_other_codes_are_the_houses_own(code):
    assert is_valid(code)


@given(st.sampled_from(GTIN_LENGTHS).flatmap(lambda n: st.text("0123456789", min_size=n - 1, max_size=n - 1)))
def test_exactly_one_of_ten_digits_completes_a_code(body):
    assert [digit for digit in "0123456789" if is_valid(body + digit)] == [check_digit(body)]


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 12), st.integers(1, 9))
def test_one_misread_digit_is_always_found(body, place, off):
    code = body + check_digit(body)
    wrong = code[:place] + str((int(code[place]) + off) % 10) + code[place + 1 :]
    assert not is_valid(wrong)
