"""How low a product may go before it is bought again."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import Code
from backstock.catalog.queries import Catalogue, load_catalogue
from backstock.core.amounts import MAX_QUANTITY_E4, decimal_text
from backstock.core.commands import STRICT, Batch, Input, command
from backstock.core.errors import InvalidQuantity
from backstock.warehouse.models import ReorderPoint
from backstock.warehouse.queries import load_warehouses

Quantity = Annotated[int, Field(ge=0, le=MAX_QUANTITY_E4)]


@typed(frozen=True, kw_only=True, config=STRICT)
class SetMinimum(Input):
    """The smallest stock of a product, in one warehouse or (none named) in all together; zero and zero: no more watching.

    `target_e4`: up to how much is bought; the minimum where it is left out.
    """

    sku: Code
    warehouse: str | None = None
    minimum_e4: Quantity
    target_e4: Quantity | None = None


@command("stock.set_minimum", SetMinimum)
def set_minimum(batch: Batch[SetMinimum]) -> None:
    """Set minimum stock."""
    catalogue = load_catalogue((item.input.sku for item in batch.open), units=False)
    warehouses = load_warehouses({item.input.warehouse for item in batch.open} - {None})
    for item in batch.open:
        with batch.attempt(item):
            wanted = item.input
            warehouse_id = warehouses.id(wanted.warehouse) if wanted.warehouse else 0
            product_id, target_e4 = _checked(catalogue, wanted)
            item.plan = (product_id, warehouse_id, wanted.minimum_e4, target_e4)
            item.document, item.answer = wanted.sku, {"sku": wanted.sku}
    batch.log()
    points = {item.plan[:2]: item.plan[2:] for item in batch.open}
    known = ReorderPoint.objects.select_for_update().filter(product_id__in={product for product, _ in points})
    gone = [each.pk for each in known.order_by("pk") if points.get((each.product_id, each.warehouse_id)) == (0, 0)]
    ReorderPoint.objects.filter(pk__in=gone).delete()
    ReorderPoint.objects.bulk_create(
        [
            ReorderPoint(product_id=product, warehouse_id=warehouse, minimum_e4=minimum, target_e4=target)
            for (product, warehouse), (minimum, target) in sorted(points.items())
            if target
        ],
        update_conflicts=True,
        unique_fields=["product_id", "warehouse_id"],
        update_fields=["minimum_e4", "target_e4"],
    )


def _checked(catalogue: Catalogue, wanted: SetMinimum) -> tuple[int, int]:
    """Return the product and its target; refuse quantities that its unit does not know, and a target below the minimum."""
    item = catalogue.item(wanted.sku)
    target_e4 = wanted.minimum_e4 if wanted.target_e4 is None else wanted.target_e4
    for quantity_e4 in (wanted.minimum_e4, target_e4):
        if quantity_e4 % item.step_e4 or target_e4 < wanted.minimum_e4:
            shown = decimal_text(quantity_e4, 4)
            raise InvalidQuantity(sku=item.sku, quantity=shown, decimals=item.product.unit_decimals)
    return item.id, target_e4
