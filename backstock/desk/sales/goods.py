"""The lines of one sale with what of them may still come back, for the sale's page and a new return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from backstock.catalog.models import Product
from backstock.catalog.queries import Catalogue, load_catalogue, lot_codes
from backstock.core.amounts import E4
from backstock.desk.figures import quantity_text
from backstock.returns.requests.requesting import SoldLine, returnable_e4
from backstock.sales.loading import LoadedLine, LoadedSale


@dataclass(frozen=True, kw_only=True)
class SoldGoods:
    """A line of a sale, or one lot of it: what may still come back."""

    product: Product
    position: int
    line: LoadedLine
    returnable_e4: int
    lot: str = ""
    serials: tuple[str, ...] = ()
    sale: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.sale, str(self.position), self.lot)

    @property
    def name(self) -> str:
        return self.product.name or self.product.sku

    @property
    def returnable(self) -> str:
        return quantity_text(self.returnable_e4, self.product.unit)


def goods_sold(sale: LoadedSale) -> list[SoldGoods]:
    """List what of a sale may still come back, line by line; a line with lots lot by lot."""
    return goods_of_sales([sale])


def goods_of_sales(sales: Sequence[LoadedSale]) -> list[SoldGoods]:
    """List what of sales may still come back, in their order, with as many statements as for one."""
    lines = [line for sale in sales for line in sale.lines]
    catalogue = load_catalogue(ids={line.row.product_id for line in lines}, units=False)
    codes = lot_codes(piece.lot_id for line in lines for piece in line.pieces)
    return [
        replace(g, sale=sale.row.number)
        for sale in sales
        for line in sale.lines
        for g in _of_line(line, catalogue, codes)
    ]


def _of_line(line: LoadedLine, catalogue: Catalogue, codes: Mapping[int, str]) -> Sequence[SoldGoods]:
    item = catalogue.by_id[line.row.product_id]
    product, position = item.product, line.row.position
    lots = [piece for piece in line.pieces if piece.lot_id in codes]
    if product.tracking == "lot" and not product.is_kit and product.returnable and lots:
        return [
            SoldGoods(product=product, position=position, line=line, returnable_e4=p.returnable_e4, lot=codes[p.lot_id])
            for p in lots
        ]
    serials = [codes[p.lot_id] for p in line.pieces if p.lot_id in codes and p.returnable_e4 >= E4]
    left = returnable_e4(SoldLine(line.row, line.pieces), item) if product.returnable else 0
    tracked = product.tracking == "serial" and not product.is_kit
    return [
        SoldGoods(
            product=product, position=position, line=line, returnable_e4=left, serials=tuple(serials) if tracked else ()
        )
    ]
