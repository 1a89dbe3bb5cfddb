"""Reads whose SQL is kept give what the same query gives, at every number of ids, again and again."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from backstock.catalog.models import Product, ProductUnit
from backstock.core.reading import FEW, prepared
from tests import build


def by_sku(skus):
    return Product.objects.filter(sku__in=skus, archived_at=None).order_by("-pk")


def by_id(ids):
    return ProductUnit.objects.filter(product_id__in=ids).select_related("product").order_by("pk")


def plain(row):
    """Show a row with the rows that were read along."""
    return (
        repr(row),
        {name: value for name, value in vars(row).items() if name != "_state"},
        dict(row._state.fields_cache),
    )


def test_what_is_prepared_reads_what_the_query_reads_in_one_statement(shop):
    skus = ["A", *(build.product(f"P{n}", units={"box": n + 2}) for n in range(FEW + 1))]
    ids = dict(Product.objects.values_list("sku", "pk"))
    for rows, given in ((by_sku, skus), (by_id, [ids[sku] for sku in skus])):
        for some in (given[:1], given[1:2], given[:FEW], given, [*given[:1], type(given[0])(7_777)]):
            with CaptureQueriesContext(
                connection,
            ) as seen:
                found = prepared(rows, some)
            assert len(seen) == 1
            assert [vars(each) | {"_state": None} for each in found] == [
                vars(each) | {"_state": None} for each in rows(some)
            ]
    assert prepared(by_sku, []) == []
