"""Lots and serial numbers keep where they came from first."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backstock.catalog.lots import Origin, register_lots
from backstock.catalog.models import Lot, Product
from tests import build

MADE, EXPIRES = date(2026, 1, 1), date(2026, 7, 1)


@pytest.fixture
def milk(shop):
    build.product("MILK", tracking="lot")
    return Product.objects.get(sku="MILK").pk


def test_a_new_lot_keeps_its_supplier_its_delivery_and_its_dates(milk):
    origin = Origin(supplier_id=7, purchase_line_id=9, made_on=MADE, expires_on=EXPIRES)

    ids = register_lots([(milk, "L1"), (milk, "L2")], {(milk, "L1"): origin})

    lot = Lot.objects.get(pk=ids[milk, "L1"])
    assert (lot.supplier_id, lot.purchase_line_id, lot.made_on, lot.expires_on) == (7, 9, MADE, EXPIRES)
    other = Lot.objects.get(pk=ids[milk, "L2"])
    assert (other.supplier_id, other.purchase_line_id, other.made_on, other.expires_on) == (0, 0, None, None)


def test_a_known_lot_keeps_its_first_origin(milk):
    first = register_lots([(milk, "L1")], {(milk, "L1"): Origin(supplier_id=7, expires_on=EXPIRES)})

    again = register_lots([(milk, "L1")], {(milk, "L1"): Origin(supplier_id=8, expires_on=MADE)})

    lot = Lot.objects.get()
    assert (first, lot.supplier_id, lot.expires_on) == (again, 7, EXPIRES)


def test_new_lots_take_three_statements_whatever_their_number(milk):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        register_lots([(milk, f"L{n}") for n in range(500)])
    assert len(asked) <= 3
