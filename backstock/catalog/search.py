"""The words under which products are found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from backstock.catalog.models import Barcode, Product
from backstock.core.search import Index, compact

SEARCH = Index("catalog_product_search")


def write_words(products: Iterable[tuple[int, Sequence[str]]], *, fresh: bool = False) -> None:
    """Write the words under which products are found: codes first also without what separates their parts."""
    SEARCH.write({pk: " ".join([*said, compact(said[0])]) for pk, said in products}, fresh=fresh)


def rewrite_words(ids: Iterable[int]) -> None:
    """Write the words of products as they are now."""
    wanted = set(ids)
    if not wanted:
        return
    codes: dict[int, list[str]] = {pk: [] for pk in wanted}
    for pk, code in Barcode.objects.filter(product_id__in=wanted).values_list("product_id", "code"):
        codes[pk].append(code)
    found = Product.objects.filter(pk__in=wanted).values_list("pk", "sku", "name", "spec", "brand")
    write_words((pk, [*said, *codes[pk]]) for pk, *said in found)
