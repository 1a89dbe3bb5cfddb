"""Change products: only what is given, and nothing that stock is counted in."""

import io

import pytest
from PIL import Image

from backstock.catalog.commands.define import define_product
from backstock.catalog.commands.revise import revise_product
from backstock.catalog.models import Barcode, Category, KitComponent, Product, ProductImage, ProductUnit
from backstock.catalog.queries import find_products, matching_products
from backstock.core.permissions import SYSTEM
from backstock.core.pictures import keep_picture
from tests import build
from tests.build_catalog import category, revised, tax_class
from tests.ledgers import refused


def product(sku="B"):
    return Product.objects.get(sku=sku)


def picture(colour="red"):
    written = io.BytesIO()
    Image.new("RGB", (20, 10), colour).save(written, "PNG")
    return keep_picture(written.getvalue(), "a.png")


@pytest.fixture
def tea(shop):
    build.product("B", 20, name="绿茶", spec="50g", brand="山", category="food", units={"box": 12})
    return "B"


def test_changes_what_is_given_and_leaves_the_rest(tea):
    revised(tea, name="红茶", price_e6=build.e6("25.5"))

    now = product()
    assert (now.name, now.price_e6) == ("红茶", 25_500_000)
    assert (now.spec, now.brand, now.category, now.unit, now.tracking) == ("50g", "山", "food", "pcs", "none")
    assert list(ProductUnit.objects.filter(product=now).values_list("unit", "numerator")) == [("box", 12)]


def test_lists_are_whole(tea):
    revised(tea, units=[{"unit": "case", "numerator": 24}], barcodes=[{"code": "X1", "unit": "case"}, {"code": "X2"}])
    revised(tea, barcodes=[{"code": "X3", "unit": "pcs"}])

    assert list(ProductUnit.objects.filter(product=product()).values_list("unit", flat=True)) == ["case"]
    assert list(Barcode.objects.values_list("code", "unit")) == [("X3", "")]


def test_a_unit_on_a_label_stays(tea):
    revised(tea, barcodes=[{"code": "X1", "unit": "box"}])
    with refused("unknown_product", sku="B (box)"):
        revised(tea, units=[])


def test_a_product_is_found_by_what_it_is_now(tea):
    revised(tea, name="红茶", barcodes=[{"code": "6901028075831"}])

    assert [matching_products(text) for text in ("红茶", "6901028075831", "绿茶")] == [
        [product().pk],
        [product().pk],
        [],
    ]
    assert list(find_products(Product.objects.all(), "红茶 50")) == [product()]


def test_shelf_life_can_be_taken_away(tea):
    revised(tea, shelf_life_days=365)
    assert product().shelf_life_days == 365
    revised(tea, shelf_life_days=0)
    assert product().shelf_life_days is None


@pytest.mark.parametrize(
    "change",
    [{"unit": "kg"}, {"unit_decimals": 3}, {"tracking": "lot"}, {"kit": [{"sku": "A", "quantity_e4": 10_000}]}],
)
def test_what_stock_is_counted_in_changes_only_before_the_first_document(tea, change):
    revised(tea, **change)
    build.product("C")
    build.bought("C")

    with refused("product_in_use", sku="C", field=next(iter(change))):
        revised("C", **change)


def test_the_same_unit_again_is_no_change(shop):
    revised("A", unit="pcs", unit_decimals=0, tracking="none", kit=[], name="甲")
    assert product("A").name == "甲"


def test_a_part_of_a_kit_is_in_use(tea):
    build.product("K", kit={"B": 2})
    with refused("product_in_use", sku="B", field="unit"):
        revised(tea, unit="kg")


def test_a_kit_gets_other_parts(tea):
    build.product("K", kit={"B": 2})
    revised("K", kit=[{"sku": "A", "quantity_e4": 30_000}])
    assert list(KitComponent.objects.values_list("kit__sku", "component__sku", "quantity_e4")) == [("K", "A", 30_000)]


@pytest.mark.parametrize("part", ["B", "NO"])
def test_refuses_a_kit_of_itself_or_of_nothing(tea, part):
    with refused("unknown_product", sku=part):
        revised(tea, kit=[{"sku": part, "quantity_e4": 10_000}])


def test_refuses_an_unknown_product(shop):
    with refused("unknown_product", sku="NO"):
        revised("NO", name="x")


def test_refuses_a_wrong_check_digit_and_says_which_is_right(tea):
    with refused("invalid_barcode", sku="B", barcode="6901028075832", expected="1"):
        revised(tea, barcodes=[{"code": "6901028075832"}])


@pytest.mark.parametrize("code", ["X1", "A"])
def test_refuses_a_barcode_that_another_product_has_or_is(tea, code):
    revised("A", barcodes=[{"code": "X1"}])
    with refused("duplicate_code", field="barcode", value=code):
        revised(tea, barcodes=[{"code": code}])


def test_refuses_a_barcode_that_stands_twice(tea):
    with refused("duplicate_code", field="barcode", value="X1"):
        revised(tea, barcodes=[{"code": "X1"}, {"code": "X1"}])


def test_refuses_one_barcode_for_two_products_of_a_batch(tea):
    raws = [{"sku": "A", "barcodes": [{"code": "X1"}]}, {"sku": "B", "barcodes": [{"code": "X1"}]}]
    with refused("duplicate_code", field="barcode"):
        revise_product.batch([revise_product.parse(raw) for raw in raws], actor=SYSTEM)


def test_a_barcode_of_a_refused_item_is_free_for_the_next(tea):
    raws = [
        {"sku": "A", "barcodes": [{"code": "X1"}, {"code": "12345678"}]},
        {"sku": "B", "barcodes": [{"code": "X1"}]},
    ]
    outcomes = revise_product.batch([revise_product.parse(raw) for raw in raws], actor=SYSTEM, mode="each")
    assert outcomes[0].error.code == "invalid_barcode"
    assert Barcode.objects.get().product.sku == "B"


def test_refuses_a_new_product_whose_code_is_a_barcode(tea):
    revised(tea, barcodes=[{"code": "X1"}])
    with refused("duplicate_code", field="sku", value="X1"):
        build.product("X1")


def test_a_class_of_taxes_lends_its_rate_and_takes_its_products_along(tea):
    tax_class("goods", "0.13")
    revised(tea, tax_class="goods")
    assert (product().tax_rate_e6, product().has_own_tax_rate) == (130_000, False)
    define_product(define_product.parse({"sku": "C", "tax_class": "goods"}), actor=SYSTEM)

    revised("A", tax_class="goods", tax_rate_e6=60_000)
    tax_class("goods", "0.09")

    assert [product(sku).tax_rate_e6 for sku in "ABC"] == [60_000, 90_000, 90_000]


def test_refuses_an_unknown_class_of_taxes(tea):
    with refused("unknown_tax_class", tax_class="NO"):
        revised(tea, tax_class="NO")


def test_pictures_are_kept_in_order_and_must_be_there(tea):
    first, second = picture(), picture("blue")
    revised(tea, images=[second, first, second])

    names = ProductImage.objects.order_by("position").values_list("content_hash", flat=True)
    assert list(names) == [second, first]
    with refused("unknown_picture", sku="B", picture="0" * 64):
        revised(tea, images=["0" * 64])


def test_a_category_that_a_product_names_has_a_place_in_the_tree(tea):
    category("shoes")
    revised(tea, category="shoes")
    revised("A", category="toys")
    assert set(Category.objects.values_list("code", flat=True)) == {"food", "shoes", "toys"}
