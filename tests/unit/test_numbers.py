"""Document numbers."""

import pytest

from backstock.core.errors import UnknownDocument
from backstock.core.numbers import row_id


@pytest.mark.parametrize(("prefix", "number", "pk"), [("S", "S000001", 1), ("R", "R7", 7), ("S", "S1234567", 1234567)])
def test_a_number_names_its_row(prefix, number, pk):
    assert row_id(prefix, number) == pk


@pytest.mark.parametrize(
    "number", ["", "S", "R000001", "S-1", "S1.5", "S 1", "S١٢", "S²", "s000001", "S" + "9" * 19, "S1; DROP TABLE", "Sx"]
)
def test_what_cannot_be_a_number_of_its_kind_is_unknown(number):
    with pytest.raises(UnknownDocument) as refused:
        row_id("S", number)
    assert refused.value.facts() == {"document": number[:60]}
