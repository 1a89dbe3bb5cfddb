"""Amounts in Chinese capital numerals."""

import pytest

from backstock.documents.capitals import capital_amount


@pytest.mark.parametrize(
    ("cents", "said"),
    [
        (0, "人民币零元整"),
        (1, "人民币壹分"),
        (10, "人民币壹角整"),
        (15, "人民币壹角伍分"),
        (100, "人民币壹元整"),
        (105, "人民币壹元零伍分"),
        (10050, "人民币壹佰元伍角整"),
        (34900, "人民币叁佰肆拾玖元整"),
        (1001_00, "人民币壹仟零壹元整"),
        (1010_10, "人民币壹仟零壹拾元壹角整"),
        (10000_00, "人民币壹万元整"),
        (10001_00, "人民币壹万零壹元整"),
        (101000_00, "人民币壹拾万壹仟元整"),
        (100100_00, "人民币壹拾万零壹佰元整"),
        (12345678_90, "人民币壹仟贰佰叁拾肆万伍仟陆佰柒拾捌元玖角整"),
        (100000000_00, "人民币壹亿元整"),
        (100000001_00, "人民币壹亿零壹元整"),
        (100010000_00, "人民币壹亿零壹万元整"),
        (10**13, "人民币壹仟亿元整"),
        (-150, "人民币负壹元伍角整"),
    ],
)
def test_amounts_are_written_as_accountants_write_them(cents, said):
    assert capital_amount(cents) == said


def test_currencies_without_decimals_and_unknown_ones():
    assert capital_amount(1500, "JPY", 0) == "日元壹仟伍佰元整"
    assert capital_amount(1500, "CHF") == "CHF壹拾伍元整"
    assert capital_amount(1234, "KWD", 3) == "KWD壹元贰角叁分"
