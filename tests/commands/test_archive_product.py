"""Archive products: not traded any more, never gone."""

import pytest

from backstock.catalog.errors import ProductArchived
from backstock.catalog.models import Product
from backstock.catalog.queries import load_catalogue
from tests import build
from tests.build_catalog import archived
from tests.ledgers import refused


def test_an_archived_product_may_not_be_traded_anew_and_comes_back(shop):
    archived("A")
    assert Product.objects.get(sku="A").archived_at is not None
    with pytest.raises(ProductArchived):
        load_catalogue(["A"]).item_in_use("A")

    archived("A", False)
    assert load_catalogue(["A"]).item_in_use("A").sku == "A"


def test_what_was_sold_before_still_comes_back(shop):
    sale = build.sold()
    archived("A")
    rma = build.back_on_the_shelf(number=sale)
    assert build.settled(rma) == rma


def test_refuses_what_it_is_already(shop):
    archived("A")
    with refused("transition_not_allowed", document="A", current="archived", wanted="archived"):
        archived("A")


def test_refuses_an_unknown_product(shop):
    with refused("unknown_product", sku="NO"):
        archived("NO")
