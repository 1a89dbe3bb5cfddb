"""Set prices: by level, unit and day."""

from datetime import date

import pytest

from backstock.catalog.commands.archive import ArchiveProduct, archive_product
from backstock.catalog.commands.set_prices import SetPrice, set_prices
from backstock.catalog.models import Price
from backstock.catalog.prices import prices_for
from backstock.catalog.queries import load_catalogue
from backstock.core.amounts import decimal_text
from backstock.core.permissions import SYSTEM
from backstock.partners.commands.revise import ArchivePartner, archive_partner
from backstock.sales.models import SaleLine
from tests import build
from tests.build import DAY
from tests.build_catalog import level, price
from tests.cast import SUN
from tests.ledgers import refused

LATER = date(2026, 3, 1)


@pytest.fixture
def tea(shop):
    build.product("B", 20, units={"box": 12})
    level("vip")
    level("shop")
    return "B"


def costs(sku="B", level="", unit=None, on=DAY):
    item = load_catalogue([sku]).item(sku)
    return decimal_text(prices_for([item.id], level, on).of(item, unit), 6)


def test_without_any_price_it_is_the_products_own_by_the_units_ratio(tea):
    assert [costs(), costs(unit="pcs"), costs(unit="box"), costs(level="vip")] == ["20", "20", "240", "20"]


def test_a_level_has_its_own_price_also_for_other_units(tea):
    price("B", 15, "vip")
    assert [costs(level="vip"), costs(level="vip", unit="box"), costs(level="shop"), costs()] == [
        "15",
        "180",
        "20",
        "20",
    ]
    price("B", 170, "vip", "box")
    assert costs(level="vip", unit="box") == "170"


def test_a_unit_has_its_price_for_everybody(tea):
    price("B", 230, unit="box")
    assert [costs(unit="box"), costs(level="vip", unit="box"), costs()] == ["230", "230", "20"]


def test_a_price_starts_on_its_day_and_ends_on_the_day_of_none(tea):
    price("B", 15, "vip")
    price("B", 12, "vip", since=LATER)
    price("B", None, "vip", since=date(2026, 4, 1))
    assert [costs(level="vip", on=day) for day in (DAY, LATER, date(2026, 4, 1))] == ["15", "12", "20"]


def test_the_same_day_again_takes_the_place_of_the_price(tea):
    price("B", 15, "vip")
    price("B", 14, "vip", unit="pcs")
    assert (costs(level="vip"), Price.objects.count()) == ("14", 1)


def test_the_price_of_the_base_unit_for_everybody_is_the_products_own(tea):
    price("B", 21)
    assert (costs(), Price.objects.count()) == ("21", 0)


def test_refuses_an_unknown_product_unit_or_level(tea):
    with refused("unknown_product", sku="NO"):
        price("NO", 1)
    with refused("unknown_product", sku="B (case)"):
        price("B", 1, unit="case")
    with refused("unknown_price_level", level="NO"):
        price("B", 1, "NO")


def test_refuses_to_take_the_own_price_away_or_to_set_it_for_later(tea):
    with refused("invalid_input", field="unit_price_e6"):
        price("B", None)
    with refused("invalid_input", field="valid_from"):
        price("B", 1, since=LATER)


def test_refuses_the_same_price_twice_in_a_batch(tea):
    twice = [SetPrice(sku="B", level="vip", unit=unit, unit_price_e6=1, on=DAY) for unit in ("", "pcs")]
    with refused("duplicate_line", sku="B"):
        set_prices.batch(twice, actor=SYSTEM)


def test_a_thousand_prices_are_one_batch(tea):
    from backstock.catalog.commands.define import DefineProduct, define_product

    define_product.batch([DefineProduct(sku=f"P{n}", on=DAY) for n in range(1000)], actor=SYSTEM)
    wanted = [SetPrice(sku=f"P{n}", level="vip", unit_price_e6=n, on=DAY) for n in range(1000)]
    assert len(set_prices.batch(wanted, actor=SYSTEM)) == 1000
    assert costs("P7", "vip") == "0.000007"


def test_a_sale_without_a_stated_price_takes_the_price_of_the_customers_level_and_unit(tea):
    build.bought("B", 100, 5)
    build.customer("V", level="vip")
    price("B", 15, "vip")
    price("B", 170, "vip", "box")
    lines = [("V", None), ("V", "box"), (SUN, None), (SUN, "box")]
    sales = [build.sold("B", 1, customer=customer, **({"unit": unit} if unit else {})) for customer, unit in lines]

    net = [SaleLine.objects.get(sale_id=int(number[1:])).net_cents for number in sales]
    assert net == [1_500, 17_000, 2_000, 24_000]


def test_archived_products_and_partners_are_not_traded_anew(tea):
    archive_product(ArchiveProduct(sku="B", on=DAY), actor=SYSTEM)
    with refused("product_archived", sku="B"):
        build.sold("B")
    with refused("product_archived", sku="B"):
        build.bought("B")
    archive_partner(ArchivePartner(code=SUN, on=DAY), actor=SYSTEM)
    with refused("partner_archived", partner=SUN):
        build.sold("A")
