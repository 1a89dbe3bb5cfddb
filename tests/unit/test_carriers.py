"""Carriers: told by a name, a code or how a waybill begins, and where a parcel is followed."""

import pytest

from backstock.carriers.built_in import BUILT_IN
from backstock.carriers.known import Known, named, of_waybill


@pytest.mark.parametrize(
    ("text", "code"), [("顺丰", "sf"), ("sf express", "sf"), (" SF ", "sf"), ("", None), ("my van", None)]
)
def test_a_carrier_is_told_by_code_or_name(text, code):
    found = named(BUILT_IN, text)
    assert (found.code if found else None) == code


def test_a_waybill_names_its_carrier_by_the_longest_beginning():
    carriers = [*BUILT_IN, Known("sfx", {"en": "SF cold"}, prefixes=("SFX",))]
    found = {number: of_waybill(carriers, number) for number in ("sf1234", "SFX1", "YT88", "12345", "")}
    assert {number: each.code if each else "" for number, each in found.items()} == {
        "sf1234": "sf", "SFX1": "sfx", "YT88": "yto", "12345": "", "": "",
    }  # fmt: skip


def test_an_address_takes_whatever_stands_on_a_label():
    carrier = Known("x", {"en": "X", "zh-hans": "某"}, "https://x.example/?n={number}")
    assert carrier.href("A/1 &b") == "https://x.example/?n=A%2F1%20%26b"
    assert (carrier.href(""), Known("y", {}).href("1")) == ("", "")
    assert (carrier.called("zh-Hans"), carrier.called("en"), Known("y", {}).called("en")) == ("某", "X", "y")
