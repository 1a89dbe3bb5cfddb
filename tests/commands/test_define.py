"""Put products into the catalogue."""

import pytest

from backstock.catalog.commands.define import DefineProduct, define_product
from backstock.catalog.models import KitComponent, Product, ProductUnit
from backstock.core.errors import DuplicateCode
from backstock.core.models import CommandLog
from backstock.core.permissions import SYSTEM
from tests import build
from tests.build import DAY
from tests.ledgers import refused


def test_keeps_what_it_was_told(shop):
    build.product(
        "K", "9.99", tax="0.13", name="礼盒", category="gift", units={"box": 12}, kit={"A": 2}, returnable=False
    )

    kit = Product.objects.get(sku="K")
    assert (kit.name, kit.category, kit.price_e6, kit.tax_rate_e6) == ("礼盒", "gift", 9_990_000, 130_000)
    assert (kit.is_kit, kit.returnable, kit.tracking) == (True, False, "none")
    assert list(ProductUnit.objects.filter(product=kit).values_list("unit", "numerator", "denominator")) == [
        ("box", 12, 1)
    ]
    assert list(KitComponent.objects.filter(kit=kit).values_list("component__sku", "quantity_e4")) == [("A", 20_000)]


def test_a_product_without_a_name_is_named_after_its_code(shop):
    build.product("B")
    assert Product.objects.get(sku="B").name == "B"


def test_refuses_a_code_that_exists(shop):
    with refused("duplicate_code", field="sku", value="A"):
        build.product("A")


def test_refuses_a_code_twice_in_one_batch(shop):
    with refused("duplicate_code", field="sku", value="B"):
        define_product.batch([DefineProduct(sku="B", on=DAY), DefineProduct(sku="B", on=DAY)], actor=SYSTEM)


def test_refuses_a_kit_of_something_unknown(shop):
    with refused("unknown_product", sku="NO"):
        build.product("K", kit={"NO": 1})


@pytest.mark.parametrize("part", ["K", "L"])
def test_refuses_a_kit_of_kits(shop, part):
    build.product("L", kit={"A": 1})
    with refused("unknown_product", sku=part):
        build.product("K", kit={part: 1})


def test_the_parts_of_a_kit_may_stand_anywhere_in_its_batch(shop):
    kit, part = (
        define_product.parse(raw) for raw in ({"sku": "K", "kit": [{"sku": "P", "quantity_e4": 1}]}, {"sku": "P"})
    )

    define_product.batch([kit, part], actor=SYSTEM)

    assert KitComponent.objects.get().component.sku == "P"


def test_a_kit_whose_part_was_refused_is_refused_too_and_the_rest_is_defined(shop):
    raws = [
        {"sku": "K", "kit": [{"sku": "P", "quantity_e4": 1}]},
        {"sku": "P", "units": [{"unit": "pcs", "numerator": 2}]},
        {"sku": "Q"},
    ]
    outcomes = define_product.batch([define_product.parse(raw) for raw in raws], actor=SYSTEM, mode="each")

    assert [each.error.code for each in outcomes[:2]] == ["unknown_product", "duplicate_code"]
    assert outcomes[2].document == "Q"


@pytest.mark.parametrize("units", [("box", "box"), ("pcs",)])
def test_refuses_a_unit_that_stands_twice(shop, units):
    raw = {"sku": "B", "units": [{"unit": unit, "numerator": 12} for unit in units]}
    with refused("duplicate_code", field="unit", value=units[0]):
        define_product(define_product.parse(raw), actor=SYSTEM)


def test_refuses_a_part_that_stands_twice(shop):
    raw = {"sku": "K", "kit": [{"sku": "A", "quantity_e4": 1}, {"sku": "A", "quantity_e4": 2}]}
    with refused("duplicate_line", sku="A"):
        define_product(define_product.parse(raw), actor=SYSTEM)


def test_a_thousand_products_are_one_batch(shop):
    done = define_product.batch([DefineProduct(sku=f"P{n}", on=DAY) for n in range(1000)], actor=SYSTEM)

    assert len(done) == 1000
    assert Product.objects.count() == 1001


def test_the_refusal_of_a_code_speaks_both_languages():
    refusal = DuplicateCode(field="sku", value="A")
    assert refusal.sentence("en") == "sku A exists already. Choose another one."
    assert refusal.sentence("zh-hans") == "sku A 已存在，请换一个。"


def test_a_code_may_be_as_long_as_its_field(shop):
    sku = "长" * 60
    assert build.product(sku) == sku
    assert CommandLog.objects.order_by("-pk")[0].document == sku
