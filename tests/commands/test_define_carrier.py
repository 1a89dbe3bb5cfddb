"""A company adds carriers and changes those that the product knows."""

import pytest

from backstock.carriers.commands.define import define_carrier
from backstock.carriers.queries import carriers_in_use, every_carrier
from backstock.core.permissions import SYSTEM
from tests.ledgers import refused


def defined(code: str, **more):
    raw = {"code": code, "words": {"en": code.upper()}, **more}
    return define_carrier(define_carrier.parse(raw), actor=SYSTEM)


def test_a_carrier_is_added_changed_and_retired(company_db, shop):
    before = len(every_carrier())
    defined("best", tracking_url="https://best.example/{number}", prefixes=["B"])
    defined("best", tracking_url="https://best.example/t/{number}", prefixes=["BB"])
    defined("sf", retired=True)

    known = {each.code: each for each in every_carrier()}
    assert (len(known), known["best"].href("1"), known["best"].prefixes) == (
        before + 1,
        "https://best.example/t/1",
        ("BB",),
    )
    assert "sf" not in {each.code for each in carriers_in_use()}


def test_of_one_carrier_twice_in_a_batch_the_later_counts(shop):
    wanted = [define_carrier.parse({"code": "best", "words": {"en": name}}) for name in ("One", "Two")]
    define_carrier.batch(wanted, actor=SYSTEM)
    assert [each.words for each in every_carrier() if each.code == "best"] == [{"en": "Two"}]


@pytest.mark.parametrize(
    "more",
    [
        {"tracking_url": "javascript:alert('{number}')"}, {"tracking_url": "https://x.example/"}, {"words": {}},
        {"tracking_url": "https://x.example/{number}/{number}"}, {"tracking_url": "//x.example/{number}"},
        {"tracking_url": "https://x.example/{number}\"><script>"}, {"code": "Best One"}, {"prefixes": ["sf"]},
    ],
)  # fmt: skip
def test_refuses_what_is_no_address_and_what_has_no_name(shop, more):
    with refused("invalid_input"):
        defined(**{"code": "best", **more})
